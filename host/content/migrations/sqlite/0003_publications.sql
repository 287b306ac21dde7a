-- What was published when (spec 7.6.4), and what blocks include (spec 7.2). Moments are milliseconds since 1970.

-- Publications of a library are numbered from 1. `@N` of a library is what learners saw after publication N.
CREATE TABLE content_publication (
    library_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    created INTEGER NOT NULL,
    created_by TEXT,
    PRIMARY KEY (library_id, number)
) WITHOUT ROWID;

-- What a publication changed; 0 stands for no version. At publication N an entity is at its newest record up to N.
CREATE TABLE content_publication_record (
    entity_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    library_id INTEGER NOT NULL,
    old_version INTEGER NOT NULL,
    new_version INTEGER NOT NULL,
    PRIMARY KEY (entity_id, number)
) WITHOUT ROWID;
CREATE INDEX content_publication_record_number ON content_publication_record (library_id, number);

-- What was published before publications were noted is the first one.
INSERT INTO content_publication (library_id, number, created, created_by)
    SELECT id, 1, COALESCE(last_published, updated), published_by FROM content_library
    WHERE id IN (SELECT library_id FROM content_entity WHERE published <> 0);
INSERT INTO content_publication_record (entity_id, number, library_id, old_version, new_version)
    SELECT id, 1, library_id, 0, published FROM content_entity WHERE published <> 0;

-- What the OLX with this digest includes, in its order. Without a link, `name` is in the same library.
CREATE TABLE content_include (
    digest BLOB NOT NULL,
    place INTEGER NOT NULL,
    type TEXT NOT NULL,
    name TEXT NOT NULL,
    link TEXT,
    alias TEXT NOT NULL,
    PRIMARY KEY (digest, place)
) WITHOUT ROWID;
CREATE INDEX content_include_alias ON content_include (alias);
CREATE INDEX content_include_name ON content_include (name);

-- Who may write anything at all is asked by every page.
CREATE INDEX content_library_grant_account ON content_library_grant (account);
CREATE INDEX content_library_grant_group ON content_library_grant (group_name);
