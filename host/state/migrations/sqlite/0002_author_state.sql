-- What authors' previews leave behind: one row for each field. `context` is empty where the field belongs to no block.
CREATE TABLE IF NOT EXISTS blockhouse_authorstate (
    id          integer      NOT NULL PRIMARY KEY AUTOINCREMENT,
    author_id   integer      NOT NULL,
    context     varchar(255) NOT NULL,
    scope       varchar(32)  NOT NULL,
    owner       varchar(255) NOT NULL,
    field_name  varchar(255) NOT NULL,
    value       text         NOT NULL,
    modified_ms integer      NOT NULL,
    UNIQUE (author_id, scope, owner, field_name)
);
CREATE INDEX IF NOT EXISTS blockhouse_authorstate_author_context ON blockhouse_authorstate (author_id, context);
CREATE INDEX IF NOT EXISTS blockhouse_authorstate_modified ON blockhouse_authorstate (modified_ms);
