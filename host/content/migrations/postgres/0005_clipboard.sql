-- The table of migrations/sqlite/0005_clipboard.sql, where it is explained.

CREATE TABLE content_clipboard (
    account BIGINT NOT NULL PRIMARY KEY,
    source TEXT COLLATE "C" NOT NULL,
    copied BIGINT NOT NULL
);
