-- A message counts for the week in which it leaves: one of the weekend may leave on Monday.

ALTER TABLE addressees ADD COLUMN counts_at BIGINT;         -- NULL: when its message was launched
