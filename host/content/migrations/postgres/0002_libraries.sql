-- The tables of migrations/sqlite/0002_libraries.sql, where they are explained.

CREATE TABLE content_library (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    library_key TEXT COLLATE "C" NOT NULL UNIQUE,
    title TEXT COLLATE "C" NOT NULL,
    description TEXT COLLATE "C" NOT NULL,
    license TEXT COLLATE "C" NOT NULL,
    allow_public_learning BIGINT NOT NULL,
    allow_public_read BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    last_published BIGINT,
    published_by TEXT COLLATE "C",
    last_draft_created BIGINT,
    last_draft_created_by TEXT COLLATE "C"
);

CREATE TABLE content_entity (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    library_id BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    type TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    can_stand_alone BIGINT NOT NULL,
    created BIGINT NOT NULL,
    draft BIGINT NOT NULL,
    published BIGINT NOT NULL,
    latest BIGINT NOT NULL,
    pending BIGINT NOT NULL,
    last_published BIGINT,
    published_by TEXT COLLATE "C",
    last_draft_created BIGINT,
    last_draft_created_by TEXT COLLATE "C",
    UNIQUE (library_id, kind, type, name)
);
CREATE INDEX content_entity_pending ON content_entity (library_id, pending);

CREATE TABLE content_entity_version (
    entity_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    created BIGINT NOT NULL,
    created_by TEXT COLLATE "C",
    PRIMARY KEY (entity_id, version)
);

CREATE TABLE content_entity_file (
    entity_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    path TEXT COLLATE "C" NOT NULL,
    digest BYTEA NOT NULL,
    size BIGINT NOT NULL,
    PRIMARY KEY (entity_id, version, path)
);
CREATE INDEX content_entity_file_digest ON content_entity_file (digest);

CREATE TABLE content_entity_child (
    entity_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    place BIGINT NOT NULL,
    child_id BIGINT NOT NULL,
    child_version BIGINT,
    PRIMARY KEY (entity_id, version, place)
);
CREATE INDEX content_entity_child_id ON content_entity_child (child_id);

CREATE TABLE content_library_grant (
    library_id BIGINT NOT NULL,
    account BIGINT,
    username TEXT COLLATE "C",
    email TEXT COLLATE "C",
    group_name TEXT COLLATE "C",
    level TEXT COLLATE "C" NOT NULL,
    UNIQUE (library_id, account),
    UNIQUE (library_id, group_name)
);

CREATE TABLE content_library_collection (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    library_id BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    description TEXT COLLATE "C" NOT NULL,
    created BIGINT NOT NULL,
    modified BIGINT NOT NULL,
    enabled BIGINT NOT NULL,
    UNIQUE (library_id, name)
);

CREATE TABLE content_library_item (
    collection_id BIGINT NOT NULL,
    entity_id BIGINT NOT NULL,
    PRIMARY KEY (collection_id, entity_id)
);
CREATE INDEX content_library_item_entity ON content_library_item (entity_id);

CREATE TABLE content_event (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    created BIGINT NOT NULL,
    account BIGINT NOT NULL,
    library TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    data TEXT COLLATE "C" NOT NULL
);

CREATE TABLE content_event_delivered (
    event_id BIGINT NOT NULL,
    consumer TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (event_id, consumer)
);
CREATE TABLE content_event_lease (
    consumer TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    holder TEXT COLLATE "C" NOT NULL,
    until_ms BIGINT NOT NULL
);
