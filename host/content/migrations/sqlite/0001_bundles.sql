-- Bundles, their versions, drafts, files and links (spec 7.1). Moments are milliseconds since 1970.

CREATE TABLE content_collection (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL
);

CREATE TABLE content_bundle (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    collection_id INTEGER NOT NULL,
    slug TEXT NOT NULL,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    latest_version INTEGER NOT NULL,
    created INTEGER NOT NULL,
    deleted INTEGER
);
CREATE INDEX content_bundle_collection ON content_bundle (collection_id);

CREATE TABLE content_version (
    bundle_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    digest BLOB NOT NULL,
    description TEXT NOT NULL,
    created INTEGER NOT NULL,
    created_by TEXT,
    PRIMARY KEY (bundle_id, version)
) WITHOUT ROWID;

-- What is in a version is not listed version by version: each row says from which version on it holds, and before which
-- version it ends. So a version costs as much as it changes.
CREATE TABLE content_file (
    bundle_id INTEGER NOT NULL,
    path TEXT NOT NULL,
    from_version INTEGER NOT NULL,
    to_version INTEGER,
    digest BLOB NOT NULL,
    size INTEGER NOT NULL,
    PRIMARY KEY (bundle_id, path, from_version)
) WITHOUT ROWID;
CREATE INDEX content_file_from ON content_file (bundle_id, from_version);
CREATE INDEX content_file_to ON content_file (bundle_id, to_version) WHERE to_version IS NOT NULL;
CREATE INDEX content_file_digest ON content_file (digest);

CREATE TABLE content_link (
    bundle_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    from_version INTEGER NOT NULL,
    to_version INTEGER,
    target TEXT NOT NULL,
    target_version INTEGER NOT NULL,
    target_digest BLOB NOT NULL,
    indirect TEXT NOT NULL,
    PRIMARY KEY (bundle_id, name, from_version)
) WITHOUT ROWID;

CREATE TABLE content_draft (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    bundle_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    base_version INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    updated_by TEXT,
    UNIQUE (bundle_id, name)
);

-- A draft's changes. No digest: the file is deleted.
CREATE TABLE content_draft_file (
    draft_id INTEGER NOT NULL,
    path TEXT NOT NULL,
    digest BLOB,
    size INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    changed_by TEXT,
    PRIMARY KEY (draft_id, path)
) WITHOUT ROWID;
CREATE INDEX content_draft_file_digest ON content_draft_file (digest) WHERE digest IS NOT NULL;

-- No target: the link is deleted.
CREATE TABLE content_draft_link (
    draft_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    target TEXT,
    target_version INTEGER,
    target_digest BLOB,
    indirect TEXT NOT NULL,
    PRIMARY KEY (draft_id, name)
) WITHOUT ROWID;

-- Contents. No data: they are in the directory or object store of large files.
CREATE TABLE content_blob (
    digest BLOB NOT NULL PRIMARY KEY,
    size INTEGER NOT NULL,
    data BLOB,
    touched INTEGER NOT NULL
);
