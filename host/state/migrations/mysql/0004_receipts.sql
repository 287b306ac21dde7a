-- The latest answers to each learner's submissions to a block, so that one that arrives twice is carried out once.
CREATE TABLE IF NOT EXISTS blockhouse_receipts (
    id         bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
    student_id int             NOT NULL,
    usage_id   varchar(255)    NOT NULL,
    value      longtext        NOT NULL,
    created    datetime(6)     NOT NULL,
    modified   datetime(6)     NOT NULL,
    UNIQUE KEY blockhouse_receipts_student_usage (student_id, usage_id),
    KEY blockhouse_receipts_modified (modified)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Hosts have kept them among the preferences, under block types that no block has.
DELETE FROM courseware_xmodulestudentprefsfield WHERE module_type LIKE 'receipts-%' AND field_name = 'receipts';
