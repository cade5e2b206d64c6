-- A draft may leave at a day and an hour that somebody chose.
ALTER TABLE drafts ADD COLUMN starts_at BIGINT;
