-- The table of migrations/sqlite/0004_documents.sql, where it is explained.

CREATE TABLE content_document (
    context_key TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    document TEXT NOT NULL,
    sources TEXT NOT NULL,
    account BIGINT NOT NULL,
    username TEXT COLLATE "C" NOT NULL,
    saved BIGINT NOT NULL
);
