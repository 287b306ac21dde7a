-- The tables of migrations/sqlite/0002_libraries.sql, where they are explained.

CREATE TABLE content_library (
    id BIGINT AUTO_INCREMENT PRIMARY KEY,
    library_key VARBINARY(2000) NOT NULL UNIQUE,
    title VARBINARY(2000) NOT NULL,
    description MEDIUMBLOB NOT NULL,
    license VARBINARY(100) NOT NULL,
    allow_public_learning BIGINT NOT NULL,
    allow_public_read BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    last_published BIGINT,
    published_by VARBINARY(720),
    last_draft_created BIGINT,
    last_draft_created_by VARBINARY(720)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC;

CREATE TABLE content_entity (
    id BIGINT AUTO_INCREMENT PRIMARY KEY,
    library_id BIGINT NOT NULL,
    kind VARBINARY(16) NOT NULL,
    type VARBINARY(900) NOT NULL,
    name VARBINARY(2000) NOT NULL,
    can_stand_alone BIGINT NOT NULL,
    created BIGINT NOT NULL,
    draft BIGINT NOT NULL,
    published BIGINT NOT NULL,
    latest BIGINT NOT NULL,
    pending BIGINT NOT NULL,
    last_published BIGINT,
    published_by VARBINARY(720),
    last_draft_created BIGINT,
    last_draft_created_by VARBINARY(720),
    UNIQUE (library_id, kind, type, name),
    INDEX content_entity_pending (library_id, pending)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC;

CREATE TABLE content_entity_version (
    entity_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    title VARBINARY(2000) NOT NULL,
    created BIGINT NOT NULL,
    created_by VARBINARY(720),
    PRIMARY KEY (entity_id, version)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC;

CREATE TABLE content_entity_file (
    entity_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    path VARBINARY(2100) NOT NULL,
    digest BINARY(20) NOT NULL,
    size BIGINT NOT NULL,
    PRIMARY KEY (entity_id, version, path),
    INDEX content_entity_file_digest (digest)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC;

CREATE TABLE content_entity_child (
    entity_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    place BIGINT NOT NULL,
    child_id BIGINT NOT NULL,
    child_version BIGINT,
    PRIMARY KEY (entity_id, version, place),
    INDEX content_entity_child_id (child_id)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC;

CREATE TABLE content_library_grant (
    library_id BIGINT NOT NULL,
    account BIGINT,
    username VARBINARY(720),
    email VARBINARY(1280),
    group_name VARBINARY(720),
    level VARBINARY(16) NOT NULL,
    UNIQUE (library_id, account),
    UNIQUE (library_id, group_name)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC;

CREATE TABLE content_library_collection (
    id BIGINT AUTO_INCREMENT PRIMARY KEY,
    library_id BIGINT NOT NULL,
    name VARBINARY(2000) NOT NULL,
    title VARBINARY(2000) NOT NULL,
    description MEDIUMBLOB NOT NULL,
    created BIGINT NOT NULL,
    modified BIGINT NOT NULL,
    enabled BIGINT NOT NULL,
    UNIQUE (library_id, name)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC;

CREATE TABLE content_library_item (
    collection_id BIGINT NOT NULL,
    entity_id BIGINT NOT NULL,
    PRIMARY KEY (collection_id, entity_id),
    INDEX content_library_item_entity (entity_id)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC;

CREATE TABLE content_event (
    id BIGINT AUTO_INCREMENT PRIMARY KEY,
    created BIGINT NOT NULL,
    account BIGINT NOT NULL,
    library VARBINARY(2000) NOT NULL,
    subject VARBINARY(3000) NOT NULL,
    name VARBINARY(2000) NOT NULL,
    data MEDIUMBLOB NOT NULL
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC;

CREATE TABLE content_event_delivered (
    event_id BIGINT NOT NULL,
    consumer VARBINARY(256) NOT NULL,
    PRIMARY KEY (event_id, consumer)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC;

CREATE TABLE content_event_lease (
    consumer VARBINARY(256) NOT NULL PRIMARY KEY,
    holder VARBINARY(256) NOT NULL,
    until_ms BIGINT NOT NULL
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC;
