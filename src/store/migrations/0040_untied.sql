-- Whose identity a session is that waits for its second factor: SHA-256, as in accounts; the account is tied as it becomes whole.
ALTER TABLE sessions ADD COLUMN ties BYTEA;

-- When an account was untied from an identity: no address ties it again; NULL: it never was, or its owner tied it since.
ALTER TABLE accounts ADD COLUMN untied_at BIGINT;

-- Of what an account is and may: whoever changes it says which one they looked at.
ALTER TABLE accounts ADD COLUMN version BIGINT NOT NULL DEFAULT 1;

-- What was done about one thing: the page of an announcement asks who approved it.
CREATE INDEX journal_about ON journal (school_id, act, about, asked_at);
