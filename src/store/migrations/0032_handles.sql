-- What the addresses of pages call people: a fingerprint of their key, which the program fills for the rows that stand
-- (people/handle.rs). And what a search that answers while one types asks for: classes, and how numbers begin.
ALTER TABLE persons ADD COLUMN handle BYTEA;
ALTER TABLE pupils ADD COLUMN handle BYTEA;
CREATE INDEX persons_handle ON persons (school_id, handle) WHERE handle IS NOT NULL;
CREATE INDEX pupils_handle ON pupils (school_id, handle) WHERE handle IS NOT NULL;
CREATE INDEX pupils_class ON pupils (school_id, class, level) WHERE archived_at IS NULL;
CREATE INDEX contact_points_beginning ON contact_points (school_id, substr(value, 1, 8)) WHERE channel IN ('sms', 'phone');
