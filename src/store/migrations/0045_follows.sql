-- What follows a message, a correction or another try of it, waits as a draft for a second person's yes.
ALTER TABLE drafts ADD COLUMN follows TEXT;         -- JSON; NULL for an announcement of its own

-- How many ways to people are in which state, which a page says of everybody.
CREATE INDEX contact_points_by_state ON contact_points (school_id, state, channel);
