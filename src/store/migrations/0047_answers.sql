-- A message may ask one thing; what people answer to it, by whatever way, is kept here. The last word holds.
ALTER TABLE messages ADD COLUMN question TEXT;      -- JSON; NULL where nothing is asked
ALTER TABLE drafts ADD COLUMN question TEXT;

CREATE TABLE answers (
    id           BYTEA NOT NULL PRIMARY KEY,
    school_id    TEXT NOT NULL,
    message_id   BYTEA NOT NULL,
    addressee_id BYTEA NOT NULL,
    value        TEXT NOT NULL,         -- oui, non, 1 … 5
    channel      TEXT NOT NULL,         -- the way that it came by
    given_at     BIGINT NOT NULL,
    typed_by     TEXT                   -- who of the school typed it; NULL where a program read it
);
CREATE INDEX answers_of_message ON answers (message_id, addressee_id, given_at);
