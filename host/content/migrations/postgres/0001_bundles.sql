-- The tables of migrations/sqlite/0001_bundles.sql, where they are explained.

CREATE TABLE content_collection (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    uuid VARCHAR(36) COLLATE "C" NOT NULL UNIQUE,
    title TEXT COLLATE "C" NOT NULL
);

CREATE TABLE content_bundle (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    uuid VARCHAR(36) COLLATE "C" NOT NULL UNIQUE,
    collection_id BIGINT NOT NULL,
    slug TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    description TEXT NOT NULL,
    latest_version BIGINT NOT NULL,
    created BIGINT NOT NULL,
    deleted BIGINT
);
CREATE INDEX content_bundle_collection ON content_bundle (collection_id);

CREATE TABLE content_version (
    bundle_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    digest BYTEA NOT NULL,
    description TEXT NOT NULL,
    created BIGINT NOT NULL,
    created_by TEXT,
    PRIMARY KEY (bundle_id, version)
);

CREATE TABLE content_file (
    bundle_id BIGINT NOT NULL,
    path TEXT COLLATE "C" NOT NULL,
    from_version BIGINT NOT NULL,
    to_version BIGINT,
    digest BYTEA NOT NULL,
    size BIGINT NOT NULL,
    PRIMARY KEY (bundle_id, path, from_version)
);
CREATE INDEX content_file_from ON content_file (bundle_id, from_version);
CREATE INDEX content_file_to ON content_file (bundle_id, to_version) WHERE to_version IS NOT NULL;
CREATE INDEX content_file_digest ON content_file (digest);

CREATE TABLE content_link (
    bundle_id BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    from_version BIGINT NOT NULL,
    to_version BIGINT,
    target VARCHAR(36) COLLATE "C" NOT NULL,
    target_version BIGINT NOT NULL,
    target_digest BYTEA NOT NULL,
    indirect TEXT NOT NULL,
    PRIMARY KEY (bundle_id, name, from_version)
);

CREATE TABLE content_draft (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    uuid VARCHAR(36) COLLATE "C" NOT NULL UNIQUE,
    bundle_id BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    base_version BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    updated_by TEXT,
    UNIQUE (bundle_id, name)
);

CREATE TABLE content_draft_file (
    draft_id BIGINT NOT NULL,
    path TEXT COLLATE "C" NOT NULL,
    digest BYTEA,
    size BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    changed_by TEXT,
    PRIMARY KEY (draft_id, path)
);
CREATE INDEX content_draft_file_digest ON content_draft_file (digest) WHERE digest IS NOT NULL;

CREATE TABLE content_draft_link (
    draft_id BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    target VARCHAR(36) COLLATE "C",
    target_version BIGINT,
    target_digest BYTEA,
    indirect TEXT NOT NULL,
    PRIMARY KEY (draft_id, name)
);

CREATE TABLE content_blob (
    digest BYTEA NOT NULL PRIMARY KEY,
    size BIGINT NOT NULL,
    data BYTEA,
    touched BIGINT NOT NULL
);
