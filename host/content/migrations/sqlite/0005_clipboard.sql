-- What each author copied last: the key of a component or container. `copied` is milliseconds since 1970.
CREATE TABLE content_clipboard (
    account INTEGER NOT NULL PRIMARY KEY,
    source TEXT NOT NULL,
    copied INTEGER NOT NULL
) WITHOUT ROWID;
