-- The files that blocks keep, in base64: of one learner, or of all of them where the number is 0. The one without a name is
-- the list of the others.
CREATE TABLE IF NOT EXISTS blockhouse_files (
    id         bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
    student_id int             NOT NULL,
    usage_id   varchar(255)    NOT NULL,
    name       varchar(64)     NOT NULL,
    value      longtext        NOT NULL,
    created    datetime(6)     NOT NULL,
    modified   datetime(6)     NOT NULL,
    UNIQUE KEY blockhouse_files_student_usage_name (student_id, usage_id, name)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
