-- The latest answers to each learner's submissions to a block, so that one that arrives twice is carried out once.
CREATE TABLE IF NOT EXISTS blockhouse_receipts (
    id         integer      NOT NULL PRIMARY KEY AUTOINCREMENT,
    student_id integer      NOT NULL,
    usage_id   varchar(255) NOT NULL,
    value      text         NOT NULL,
    created    datetime     NOT NULL,
    modified   datetime     NOT NULL,
    UNIQUE (student_id, usage_id)
);
CREATE INDEX IF NOT EXISTS blockhouse_receipts_modified ON blockhouse_receipts (modified);

-- Hosts have kept them among the preferences, under block types that no block has.
DELETE FROM courseware_xmodulestudentprefsfield WHERE module_type LIKE 'receipts-%' AND field_name = 'receipts';
