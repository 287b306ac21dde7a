-- Open edX's student module tables (spec 4.1), its completion table (spec 3.9.6) and the outbox of events.
-- IF NOT EXISTS throughout: the file may be a copy of a database that Open edX itself has written.

CREATE TABLE IF NOT EXISTS courseware_studentmodule (
    id          integer      NOT NULL PRIMARY KEY AUTOINCREMENT,
    module_type varchar(32)  NOT NULL,
    module_id   varchar(255) NOT NULL,
    student_id  integer      NOT NULL,
    course_id   varchar(255) NOT NULL,
    state       text         NULL,
    grade       real         NULL,
    max_grade   real         NULL,
    done        varchar(8)   NOT NULL DEFAULT 'na',
    created     datetime     NOT NULL,
    modified    datetime     NOT NULL,
    UNIQUE (student_id, module_id, course_id)
);
CREATE INDEX IF NOT EXISTS courseware_studentmodule_module_type ON courseware_studentmodule (module_type);
CREATE INDEX IF NOT EXISTS courseware_studentmodule_student_id ON courseware_studentmodule (student_id);
CREATE INDEX IF NOT EXISTS courseware_studentmodule_course_id ON courseware_studentmodule (course_id);
CREATE INDEX IF NOT EXISTS courseware_studentmodule_grade ON courseware_studentmodule (grade);
CREATE INDEX IF NOT EXISTS courseware_studentmodule_created ON courseware_studentmodule (created);
CREATE INDEX IF NOT EXISTS courseware_studentmodule_modified ON courseware_studentmodule (modified);
CREATE INDEX IF NOT EXISTS courseware_stats ON courseware_studentmodule (module_id, grade, student_id);

CREATE TABLE IF NOT EXISTS courseware_studentmodulehistory (
    id                integer      NOT NULL PRIMARY KEY AUTOINCREMENT,
    student_module_id integer      NOT NULL,
    version           varchar(255) NULL,
    created           datetime     NOT NULL,
    state             text         NULL,
    grade             real         NULL,
    max_grade         real         NULL
);
CREATE INDEX IF NOT EXISTS courseware_studentmodulehistory_student_module_id
    ON courseware_studentmodulehistory (student_module_id);
CREATE INDEX IF NOT EXISTS courseware_studentmodulehistory_version ON courseware_studentmodulehistory (version);
CREATE INDEX IF NOT EXISTS courseware_studentmodulehistory_created ON courseware_studentmodulehistory (created);

CREATE TABLE IF NOT EXISTS courseware_xmoduleuserstatesummaryfield (
    id         integer      NOT NULL PRIMARY KEY AUTOINCREMENT,
    field_name varchar(64)  NOT NULL,
    value      text         NOT NULL DEFAULT 'null',
    created    datetime     NOT NULL,
    modified   datetime     NOT NULL,
    usage_id   varchar(255) NOT NULL,
    UNIQUE (usage_id, field_name)
);
CREATE INDEX IF NOT EXISTS courseware_xmoduleuserstatesummaryfield_field_name
    ON courseware_xmoduleuserstatesummaryfield (field_name);
CREATE INDEX IF NOT EXISTS courseware_xmoduleuserstatesummaryfield_created
    ON courseware_xmoduleuserstatesummaryfield (created);
CREATE INDEX IF NOT EXISTS courseware_xmoduleuserstatesummaryfield_modified
    ON courseware_xmoduleuserstatesummaryfield (modified);
CREATE INDEX IF NOT EXISTS courseware_xmoduleuserstatesummaryfield_usage_id
    ON courseware_xmoduleuserstatesummaryfield (usage_id);

CREATE TABLE IF NOT EXISTS courseware_xmodulestudentprefsfield (
    id          integer     NOT NULL PRIMARY KEY AUTOINCREMENT,
    field_name  varchar(64) NOT NULL,
    value       text        NOT NULL DEFAULT 'null',
    created     datetime    NOT NULL,
    modified    datetime    NOT NULL,
    module_type varchar(64) NOT NULL,
    student_id  integer     NOT NULL,
    UNIQUE (student_id, module_type, field_name)
);
CREATE INDEX IF NOT EXISTS courseware_xmodulestudentprefsfield_field_name
    ON courseware_xmodulestudentprefsfield (field_name);
CREATE INDEX IF NOT EXISTS courseware_xmodulestudentprefsfield_created
    ON courseware_xmodulestudentprefsfield (created);
CREATE INDEX IF NOT EXISTS courseware_xmodulestudentprefsfield_modified
    ON courseware_xmodulestudentprefsfield (modified);
CREATE INDEX IF NOT EXISTS courseware_xmodulestudentprefsfield_module_type
    ON courseware_xmodulestudentprefsfield (module_type);
CREATE INDEX IF NOT EXISTS courseware_xmodulestudentprefsfield_student_id
    ON courseware_xmodulestudentprefsfield (student_id);

CREATE TABLE IF NOT EXISTS courseware_xmodulestudentinfofield (
    id         integer     NOT NULL PRIMARY KEY AUTOINCREMENT,
    field_name varchar(64) NOT NULL,
    value      text        NOT NULL DEFAULT 'null',
    created    datetime    NOT NULL,
    modified   datetime    NOT NULL,
    student_id integer     NOT NULL,
    UNIQUE (student_id, field_name)
);
CREATE INDEX IF NOT EXISTS courseware_xmodulestudentinfofield_field_name
    ON courseware_xmodulestudentinfofield (field_name);
CREATE INDEX IF NOT EXISTS courseware_xmodulestudentinfofield_created
    ON courseware_xmodulestudentinfofield (created);
CREATE INDEX IF NOT EXISTS courseware_xmodulestudentinfofield_modified
    ON courseware_xmodulestudentinfofield (modified);
CREATE INDEX IF NOT EXISTS courseware_xmodulestudentinfofield_student_id
    ON courseware_xmodulestudentinfofield (student_id);

-- `course_key` holds any learning context's key, as `course_id` does above.
CREATE TABLE IF NOT EXISTS completion_blockcompletion (
    id         integer      NOT NULL PRIMARY KEY AUTOINCREMENT,
    created    datetime     NOT NULL,
    modified   datetime     NOT NULL,
    user_id    integer      NOT NULL,
    course_key varchar(255) NOT NULL,
    block_key  varchar(255) NOT NULL,
    block_type varchar(64)  NOT NULL,
    completion real         NOT NULL,
    UNIQUE (course_key, block_key, user_id)
);
CREATE INDEX IF NOT EXISTS completion_blockcompletion_context_type_user
    ON completion_blockcompletion (course_key, block_type, user_id);
CREATE INDEX IF NOT EXISTS completion_blockcompletion_user_context_modified
    ON completion_blockcompletion (user_id, course_key, modified);

-- What blocks published, in the order of the commits, until it has been delivered.
CREATE TABLE IF NOT EXISTS blockhouse_outbox (
    id         integer      NOT NULL PRIMARY KEY AUTOINCREMENT,
    created    datetime     NOT NULL,
    student_id integer      NOT NULL,
    context    varchar(255) NOT NULL,
    usage_id   varchar(255) NOT NULL,
    kind       varchar(255) NOT NULL,
    data       text         NOT NULL
);
