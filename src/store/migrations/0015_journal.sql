-- Who asked for what: one row an act, without any text. Whoever reads it later must not learn from it what
-- was written to a family.
CREATE TABLE journal (
    school_id TEXT NOT NULL,
    id        BYTEA NOT NULL PRIMARY KEY,
    asked_at  BIGINT NOT NULL,
    actor     TEXT NOT NULL,             -- cli:NAME, program
    act       TEXT NOT NULL,
    about     TEXT NOT NULL              -- a code, a key, a channel, a number; never a name or a text
);
CREATE INDEX journal_at ON journal (school_id, asked_at);

ALTER TABLE messages ADD COLUMN launched_by TEXT NOT NULL DEFAULT '';
ALTER TABLE restrictions ADD COLUMN noted_by TEXT NOT NULL DEFAULT '';
ALTER TABLE handouts ADD COLUMN handed_out_by TEXT NOT NULL DEFAULT '';
