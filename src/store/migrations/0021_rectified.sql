-- A correction names what it puts right, of which day, and what changed: JSON, frozen at launch.
ALTER TABLE messages ADD COLUMN rectified TEXT;
