-- Open edX's student module tables (spec 4.1), its completion table (spec 3.9.6) and the outbox of events.
-- A table that is there already, such as in a copy of Open edX's own database, stays as it is, with its own indices and
-- its own character set. Tables made here compare text byte by byte, because keys that differ in case are different keys.

CREATE TABLE IF NOT EXISTS courseware_studentmodule (
    id          bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
    module_type varchar(32)     NOT NULL,
    module_id   varchar(255)    NOT NULL,
    student_id  int             NOT NULL,
    course_id   varchar(255)    NOT NULL,
    state       longtext        NULL,
    grade       double          NULL,
    max_grade   double          NULL,
    done        varchar(8)      NOT NULL DEFAULT 'na',
    created     datetime(6)     NOT NULL,
    modified    datetime(6)     NOT NULL,
    UNIQUE KEY courseware_studentmodule_student_module_course (student_id, module_id, course_id),
    KEY courseware_studentmodule_module_type (module_type),
    KEY courseware_studentmodule_student_id (student_id),
    KEY courseware_studentmodule_course_id (course_id),
    KEY courseware_studentmodule_grade (grade),
    KEY courseware_studentmodule_created (created),
    KEY courseware_studentmodule_modified (modified),
    KEY courseware_stats (module_id, grade, student_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS courseware_studentmodulehistory (
    id                bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
    student_module_id bigint unsigned NOT NULL,
    version           varchar(255)    NULL,
    created           datetime(6)     NOT NULL,
    state             longtext        NULL,
    grade             double          NULL,
    max_grade         double          NULL,
    KEY courseware_studentmodulehistory_student_module_id (student_module_id),
    KEY courseware_studentmodulehistory_version (version),
    KEY courseware_studentmodulehistory_created (created)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS courseware_xmoduleuserstatesummaryfield (
    id         bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
    field_name varchar(64)     NOT NULL,
    value      longtext        NOT NULL,
    created    datetime(6)     NOT NULL,
    modified   datetime(6)     NOT NULL,
    usage_id   varchar(255)    NOT NULL,
    UNIQUE KEY courseware_xmoduleuserstatesummaryfield_usage_field (usage_id, field_name),
    KEY courseware_xmoduleuserstatesummaryfield_field_name (field_name),
    KEY courseware_xmoduleuserstatesummaryfield_created (created),
    KEY courseware_xmoduleuserstatesummaryfield_modified (modified),
    KEY courseware_xmoduleuserstatesummaryfield_usage_id (usage_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS courseware_xmodulestudentprefsfield (
    id          bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
    field_name  varchar(64)     NOT NULL,
    value       longtext        NOT NULL,
    created     datetime(6)     NOT NULL,
    modified    datetime(6)     NOT NULL,
    module_type varchar(64)     NOT NULL,
    student_id  int             NOT NULL,
    UNIQUE KEY courseware_xmodulestudentprefsfield_student_type_field (student_id, module_type, field_name),
    KEY courseware_xmodulestudentprefsfield_field_name (field_name),
    KEY courseware_xmodulestudentprefsfield_created (created),
    KEY courseware_xmodulestudentprefsfield_modified (modified),
    KEY courseware_xmodulestudentprefsfield_module_type (module_type),
    KEY courseware_xmodulestudentprefsfield_student_id (student_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS courseware_xmodulestudentinfofield (
    id         bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
    field_name varchar(64)     NOT NULL,
    value      longtext        NOT NULL,
    created    datetime(6)     NOT NULL,
    modified   datetime(6)     NOT NULL,
    student_id int             NOT NULL,
    UNIQUE KEY courseware_xmodulestudentinfofield_student_field (student_id, field_name),
    KEY courseware_xmodulestudentinfofield_field_name (field_name),
    KEY courseware_xmodulestudentinfofield_created (created),
    KEY courseware_xmodulestudentinfofield_modified (modified),
    KEY courseware_xmodulestudentinfofield_student_id (student_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- `course_key` holds any learning context's key, as `course_id` does above.
CREATE TABLE IF NOT EXISTS completion_blockcompletion (
    id         bigint       NOT NULL AUTO_INCREMENT PRIMARY KEY,
    created    datetime(6)  NOT NULL,
    modified   datetime(6)  NOT NULL,
    user_id    int          NOT NULL,
    course_key varchar(255) NOT NULL,
    block_key  varchar(255) NOT NULL,
    block_type varchar(64)  NOT NULL,
    completion double       NOT NULL,
    UNIQUE KEY completion_blockcompletion_course_block_user (course_key, block_key, user_id),
    KEY completion_blockcompletion_course_type_user (course_key, block_type, user_id),
    KEY completion_blockcompletion_user_course_modified (user_id, course_key, modified)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What blocks published, in the order of the commits, until it has been delivered.
CREATE TABLE IF NOT EXISTS blockhouse_outbox (
    id         bigint       NOT NULL AUTO_INCREMENT PRIMARY KEY,
    created    datetime(6)  NOT NULL,
    student_id int          NOT NULL,
    context    varchar(255) NOT NULL,
    usage_id   varchar(255) NOT NULL,
    kind       varchar(255) NOT NULL,
    data       longtext     NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
