-- What authors' previews leave behind: one row for each field. `context` is empty where the field belongs to no block.
CREATE TABLE IF NOT EXISTS blockhouse_authorstate (
    id          bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
    author_id   bigint          NOT NULL,
    context     varchar(255)    NOT NULL,
    scope       varchar(32)     NOT NULL,
    owner       varchar(255)    NOT NULL,
    field_name  varchar(255)    NOT NULL,
    value       longtext        NOT NULL,
    modified_ms bigint          NOT NULL,
    UNIQUE KEY blockhouse_authorstate_field (author_id, scope, owner, field_name),
    KEY blockhouse_authorstate_author_context (author_id, context),
    KEY blockhouse_authorstate_modified (modified_ms)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
