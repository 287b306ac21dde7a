-- Content libraries (spec 7.6), and what happened to them (spec 7.7). Moments are milliseconds since 1970.

CREATE TABLE content_library (
    id INTEGER PRIMARY KEY,
    library_key TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    license TEXT NOT NULL,
    allow_public_learning INTEGER NOT NULL,
    allow_public_read INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    last_published INTEGER,
    published_by TEXT,
    last_draft_created INTEGER,
    last_draft_created_by TEXT
);

-- A component or a container. `draft`, `published` and `latest` are version numbers; 0: none, not there for its readers.
-- `pending` is 1 where draft and published differ, so that publishing costs what changed, however large the library is.
CREATE TABLE content_entity (
    id INTEGER PRIMARY KEY,
    library_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    type TEXT NOT NULL,
    name TEXT NOT NULL,
    can_stand_alone INTEGER NOT NULL,
    created INTEGER NOT NULL,
    draft INTEGER NOT NULL,
    published INTEGER NOT NULL,
    latest INTEGER NOT NULL,
    pending INTEGER NOT NULL,
    last_published INTEGER,
    published_by TEXT,
    last_draft_created INTEGER,
    last_draft_created_by TEXT,
    UNIQUE (library_id, kind, type, name)
);
CREATE INDEX content_entity_pending ON content_entity (library_id, pending);

-- Immutable, as are the files and children of a version.
CREATE TABLE content_entity_version (
    entity_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    title TEXT NOT NULL,
    created INTEGER NOT NULL,
    created_by TEXT,
    PRIMARY KEY (entity_id, version)
) WITHOUT ROWID;

-- The OLX is the file `block.xml` (spec 7.6.2).
CREATE TABLE content_entity_file (
    entity_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    path TEXT NOT NULL,
    digest BLOB NOT NULL,
    size INTEGER NOT NULL,
    PRIMARY KEY (entity_id, version, path)
) WITHOUT ROWID;
CREATE INDEX content_entity_file_digest ON content_entity_file (digest);

-- What a container lists. Without a version, a child is whatever its own pointers say.
CREATE TABLE content_entity_child (
    entity_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    place INTEGER NOT NULL,
    child_id INTEGER NOT NULL,
    child_version INTEGER,
    PRIMARY KEY (entity_id, version, place)
) WITHOUT ROWID;
CREATE INDEX content_entity_child_id ON content_entity_child (child_id);

-- To an account or to a group, never to both.
CREATE TABLE content_library_grant (
    library_id INTEGER NOT NULL,
    account INTEGER,
    username TEXT,
    email TEXT,
    group_name TEXT,
    level TEXT NOT NULL,
    UNIQUE (library_id, account),
    UNIQUE (library_id, group_name)
);

CREATE TABLE content_library_collection (
    id INTEGER PRIMARY KEY,
    library_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    created INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    enabled INTEGER NOT NULL,
    UNIQUE (library_id, name)
);

CREATE TABLE content_library_item (
    collection_id INTEGER NOT NULL,
    entity_id INTEGER NOT NULL,
    PRIMARY KEY (collection_id, entity_id)
) WITHOUT ROWID;
CREATE INDEX content_library_item_entity ON content_library_item (entity_id);

-- Events on their way out, written by the change that they tell of.
CREATE TABLE content_event (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    created INTEGER NOT NULL,
    account INTEGER NOT NULL,
    library TEXT NOT NULL,
    subject TEXT NOT NULL,
    name TEXT NOT NULL,
    data TEXT NOT NULL
);

-- Which events a consumer has got, and which host delivers to it until when.
CREATE TABLE content_event_delivered (
    event_id INTEGER NOT NULL,
    consumer TEXT NOT NULL,
    PRIMARY KEY (event_id, consumer)
) WITHOUT ROWID;
CREATE TABLE content_event_lease (
    consumer TEXT NOT NULL PRIMARY KEY,
    holder TEXT NOT NULL,
    until_ms INTEGER NOT NULL
) WITHOUT ROWID;
