-- The files that blocks keep, in base64: of one learner, or of all of them where the number is 0. The one without a name is
-- the list of the others.
CREATE TABLE IF NOT EXISTS blockhouse_files (
    id         integer      NOT NULL PRIMARY KEY AUTOINCREMENT,
    student_id integer      NOT NULL,
    usage_id   varchar(255) NOT NULL,
    name       varchar(64)  NOT NULL,
    value      text         NOT NULL,
    created    datetime     NOT NULL,
    modified   datetime     NOT NULL,
    UNIQUE (student_id, usage_id, name)
);
