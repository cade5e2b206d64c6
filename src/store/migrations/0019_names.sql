-- Who is called so: the words of a name as a search compares them, in bytes, which every database orders alike.
-- The program fills them for the rows that stand (store/names.rs).
ALTER TABLE persons ADD COLUMN filed BYTEA;         -- by the name in use
ALTER TABLE persons ADD COLUMN also_filed BYTEA;    -- by the family name, where it differs
ALTER TABLE pupils ADD COLUMN filed BYTEA;
ALTER TABLE pupils ADD COLUMN also_filed BYTEA;
CREATE INDEX persons_filed ON persons (school_id, filed) WHERE archived_at IS NULL;
CREATE INDEX persons_also_filed ON persons (school_id, also_filed) WHERE also_filed IS NOT NULL AND archived_at IS NULL;
CREATE INDEX pupils_filed ON pupils (school_id, filed) WHERE archived_at IS NULL;
CREATE INDEX pupils_also_filed ON pupils (school_id, also_filed) WHERE also_filed IS NOT NULL AND archived_at IS NULL;
