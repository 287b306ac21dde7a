-- What authors wrote for learning contexts of plug-ins: one document each, with where it may take content from (a JSON
-- list of usage keys). Moments are milliseconds since 1970.
CREATE TABLE content_document (
    context_key TEXT NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    document TEXT NOT NULL,
    sources TEXT NOT NULL,
    account INTEGER NOT NULL,
    username TEXT NOT NULL,
    saved INTEGER NOT NULL
) WITHOUT ROWID;
