-- The tables of migrations/sqlite/0003_publications.sql, where they are explained.

CREATE TABLE content_publication (
    library_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    created BIGINT NOT NULL,
    created_by VARBINARY(720),
    PRIMARY KEY (library_id, number)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC;

CREATE TABLE content_publication_record (
    entity_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    library_id BIGINT NOT NULL,
    old_version BIGINT NOT NULL,
    new_version BIGINT NOT NULL,
    PRIMARY KEY (entity_id, number),
    INDEX content_publication_record_number (library_id, number)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC;

INSERT INTO content_publication (library_id, number, created, created_by)
    SELECT id, 1, COALESCE(last_published, updated), published_by FROM content_library
    WHERE id IN (SELECT library_id FROM content_entity WHERE published <> 0);
INSERT INTO content_publication_record (entity_id, number, library_id, old_version, new_version)
    SELECT id, 1, library_id, 0, published FROM content_entity WHERE published <> 0;

CREATE TABLE content_include (
    digest BINARY(20) NOT NULL,
    place BIGINT NOT NULL,
    type VARBINARY(900) NOT NULL,
    name VARBINARY(2000) NOT NULL,
    link VARBINARY(720),
    alias VARBINARY(2000) NOT NULL,
    PRIMARY KEY (digest, place),
    INDEX content_include_alias (alias),
    INDEX content_include_name (name)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC;

CREATE INDEX content_library_grant_account ON content_library_grant (account);
CREATE INDEX content_library_grant_group ON content_library_grant (group_name);
