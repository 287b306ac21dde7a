-- The table of migrations/sqlite/0004_documents.sql, where it is explained.

CREATE TABLE content_document (
    context_key VARBINARY(1020) NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    document MEDIUMBLOB NOT NULL,
    sources MEDIUMBLOB NOT NULL,
    account BIGINT NOT NULL,
    username VARBINARY(720) NOT NULL,
    saved BIGINT NOT NULL
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC;
