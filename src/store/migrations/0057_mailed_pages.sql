-- The number of the reply that a page of a pupil's work was attached to; nothing where it came otherwise.
ALTER TABLE work_pages ADD COLUMN reply BIGINT;
CREATE INDEX work_pages_of_reply ON work_pages (school_id, reply);
