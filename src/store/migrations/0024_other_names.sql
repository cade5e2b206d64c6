-- Who is called so, by the first name or a second one; the program fills them too (store/names.rs).
ALTER TABLE persons ADD COLUMN first_filed BYTEA;    -- from the first name on
ALTER TABLE persons ADD COLUMN within_filed BYTEA;   -- from a second family name or first name on
ALTER TABLE pupils ADD COLUMN first_filed BYTEA;
ALTER TABLE pupils ADD COLUMN within_filed BYTEA;
CREATE INDEX persons_first_filed ON persons (school_id, first_filed) WHERE first_filed IS NOT NULL AND archived_at IS NULL;
CREATE INDEX persons_within_filed ON persons (school_id, within_filed) WHERE within_filed IS NOT NULL AND archived_at IS NULL;
CREATE INDEX pupils_first_filed ON pupils (school_id, first_filed) WHERE first_filed IS NOT NULL AND archived_at IS NULL;
CREATE INDEX pupils_within_filed ON pupils (school_id, within_filed) WHERE within_filed IS NOT NULL AND archived_at IS NULL;
