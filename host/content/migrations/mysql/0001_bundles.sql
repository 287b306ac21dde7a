-- The tables of migrations/sqlite/0001_bundles.sql, where they are explained. Texts that are compared are binary: the
-- collations that MySQL and MariaDB have in common take "a" and "a " for equal.

CREATE TABLE content_collection (
    id BIGINT AUTO_INCREMENT PRIMARY KEY,
    uuid VARBINARY(36) NOT NULL UNIQUE,
    title VARBINARY(720) NOT NULL
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC;

CREATE TABLE content_bundle (
    id BIGINT AUTO_INCREMENT PRIMARY KEY,
    uuid VARBINARY(36) NOT NULL UNIQUE,
    collection_id BIGINT NOT NULL,
    slug VARBINARY(720) NOT NULL,
    title VARBINARY(720) NOT NULL,
    description MEDIUMBLOB NOT NULL,
    latest_version BIGINT NOT NULL,
    created BIGINT NOT NULL,
    deleted BIGINT,
    INDEX content_bundle_collection (collection_id)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC;

CREATE TABLE content_version (
    bundle_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    digest BINARY(20) NOT NULL,
    description BLOB NOT NULL,
    created BIGINT NOT NULL,
    created_by VARBINARY(720),
    PRIMARY KEY (bundle_id, version)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC;

CREATE TABLE content_file (
    bundle_id BIGINT NOT NULL,
    path VARBINARY(2000) NOT NULL,
    from_version BIGINT NOT NULL,
    to_version BIGINT,
    digest BINARY(20) NOT NULL,
    size BIGINT NOT NULL,
    PRIMARY KEY (bundle_id, path, from_version),
    INDEX content_file_from (bundle_id, from_version),
    INDEX content_file_to (bundle_id, to_version),
    INDEX content_file_digest (digest)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC;

CREATE TABLE content_link (
    bundle_id BIGINT NOT NULL,
    name VARBINARY(720) NOT NULL,
    from_version BIGINT NOT NULL,
    to_version BIGINT,
    target VARBINARY(36) NOT NULL,
    target_version BIGINT NOT NULL,
    target_digest BINARY(20) NOT NULL,
    indirect MEDIUMBLOB NOT NULL,
    PRIMARY KEY (bundle_id, name, from_version)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC;

CREATE TABLE content_draft (
    id BIGINT AUTO_INCREMENT PRIMARY KEY,
    uuid VARBINARY(36) NOT NULL UNIQUE,
    bundle_id BIGINT NOT NULL,
    name VARBINARY(720) NOT NULL,
    base_version BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    updated_by VARBINARY(720),
    UNIQUE (bundle_id, name)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC;

CREATE TABLE content_draft_file (
    draft_id BIGINT NOT NULL,
    path VARBINARY(2000) NOT NULL,
    digest BINARY(20),
    size BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    changed_by VARBINARY(720),
    PRIMARY KEY (draft_id, path),
    INDEX content_draft_file_digest (digest)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC;

CREATE TABLE content_draft_link (
    draft_id BIGINT NOT NULL,
    name VARBINARY(720) NOT NULL,
    target VARBINARY(36),
    target_version BIGINT,
    target_digest BINARY(20),
    indirect MEDIUMBLOB NOT NULL,
    PRIMARY KEY (draft_id, name)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC;

CREATE TABLE content_blob (
    digest BINARY(20) NOT NULL PRIMARY KEY,
    size BIGINT NOT NULL,
    data MEDIUMBLOB,
    touched BIGINT NOT NULL
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC;
