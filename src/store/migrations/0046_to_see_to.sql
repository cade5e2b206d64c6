-- What comes back in words waits for a person until somebody settles it: what it is, what it answers, who sees to it.
ALTER TABLE replies ADD COLUMN number BIGINT NOT NULL DEFAULT 0;       -- within the school
ALTER TABLE replies ADD COLUMN kind TEXT NOT NULL DEFAULT 'reply';     -- reply, bounce, call, slip
ALTER TABLE replies ADD COLUMN channel TEXT NOT NULL DEFAULT 'sms';
ALTER TABLE replies ADD COLUMN message_id BYTEA;
ALTER TABLE replies ADD COLUMN addressee_id BYTEA;
ALTER TABLE replies ADD COLUMN sender TEXT;                            -- as it says: anybody can write that
ALTER TABLE replies ADD COLUMN subject TEXT;
ALTER TABLE replies ADD COLUMN assigned_to TEXT;                       -- a colleague, as typed
ALTER TABLE replies ADD COLUMN settled_at BIGINT;
ALTER TABLE replies ADD COLUMN settled_by TEXT;
ALTER TABLE replies ADD COLUMN settled_how TEXT;                       -- what was done, as typed
UPDATE replies SET number = numbered.number
    FROM (SELECT id, ROW_NUMBER() OVER (PARTITION BY school_id ORDER BY received_at, id) AS number FROM replies)
        AS numbered
    WHERE numbered.id = replies.id;
CREATE UNIQUE INDEX replies_by_number ON replies (school_id, number);
CREATE INDEX replies_open ON replies (school_id, received_at) WHERE settled_at IS NULL;
CREATE INDEX replies_of_addressee ON replies (addressee_id) WHERE addressee_id IS NOT NULL;

-- Who of those whom nothing reached, or of whom nobody knows, somebody sees to, or saw to. It holds for the state in which
-- they stood then alone.
CREATE TABLE seen_to (
    school_id    TEXT NOT NULL,
    addressee_id BYTEA NOT NULL,
    state        TEXT NOT NULL,
    assigned_to  TEXT,
    settled_at   BIGINT,
    settled_by   TEXT,
    settled_how  TEXT,
    PRIMARY KEY (school_id, addressee_id)
);
