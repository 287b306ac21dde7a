-- Content libraries (spec 7.6). Moments are milliseconds since 1970.
CREATE TABLE IF NOT EXISTS library (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    org TEXT NOT NULL,
    slug TEXT NOT NULL,
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
-- A component or a container. `draft` and `published` are version numbers; none: not there for its readers.
CREATE TABLE IF NOT EXISTS entity (
    id INTEGER PRIMARY KEY,
    library_id INTEGER NOT NULL REFERENCES library ON DELETE CASCADE,
    kind TEXT NOT NULL,
    type TEXT NOT NULL,
    name TEXT NOT NULL,
    can_stand_alone INTEGER NOT NULL,
    created INTEGER NOT NULL,
    draft INTEGER,
    published INTEGER,
    latest INTEGER NOT NULL,
    last_published INTEGER,
    published_by TEXT,
    last_draft_created INTEGER,
    last_draft_created_by TEXT,
    UNIQUE (library_id, kind, type, name)
);
-- Publishing costs what changed, however large the library is.
CREATE INDEX IF NOT EXISTS entity_pending ON entity (library_id) WHERE draft IS NOT published;
-- Immutable. `olx` is a digest, `files` maps names to digests, `children` lists entities; the last two are JSON.
CREATE TABLE IF NOT EXISTS version (
    entity_id INTEGER NOT NULL REFERENCES entity ON DELETE CASCADE,
    number INTEGER NOT NULL,
    title TEXT NOT NULL,
    created INTEGER NOT NULL,
    created_by TEXT,
    olx TEXT,
    files TEXT NOT NULL,
    children TEXT NOT NULL,
    PRIMARY KEY (entity_id, number)
) WITHOUT ROWID;
-- Contents, each kept once, by SHA-256 in hex.
CREATE TABLE IF NOT EXISTS content (digest TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS library_grant (
    library_id INTEGER NOT NULL REFERENCES library ON DELETE CASCADE,
    account INTEGER,
    username TEXT,
    email TEXT,
    group_name TEXT,
    level TEXT NOT NULL,
    CHECK ((account IS NULL) <> (group_name IS NULL)),
    UNIQUE (library_id, account),
    UNIQUE (library_id, group_name)
);
CREATE TABLE IF NOT EXISTS collection (
    id INTEGER PRIMARY KEY,
    library_id INTEGER NOT NULL REFERENCES library ON DELETE CASCADE,
    key TEXT NOT NULL,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    created INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    enabled INTEGER NOT NULL,
    UNIQUE (library_id, key)
);
CREATE TABLE IF NOT EXISTS collection_item (
    collection_id INTEGER NOT NULL REFERENCES collection ON DELETE CASCADE,
    entity_id INTEGER NOT NULL REFERENCES entity ON DELETE CASCADE,
    PRIMARY KEY (collection_id, entity_id)
) WITHOUT ROWID;
-- What happened, written with what it tells of (spec 7.7).
CREATE TABLE IF NOT EXISTS library_event (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    data TEXT NOT NULL,
    created INTEGER NOT NULL
);
