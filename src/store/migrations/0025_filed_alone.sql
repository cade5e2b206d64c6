-- A database that may, reads everybody in the order of their names: at random. It may not, but for a name.
DROP INDEX persons_filed;
DROP INDEX pupils_filed;
CREATE INDEX persons_filed ON persons (school_id, filed) WHERE filed IS NOT NULL AND archived_at IS NULL;
CREATE INDEX pupils_filed ON pupils (school_id, filed) WHERE filed IS NOT NULL AND archived_at IS NULL;
