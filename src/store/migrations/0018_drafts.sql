-- What somebody writes and has not sent: names and rules, never the people whom they select. Once it was
-- launched or discarded what it said is gone; the row stays, so that its number becomes nobody else's and
-- whoever asks for it hears what became of it.
CREATE TABLE drafts (
    school_id       TEXT NOT NULL,
    number          BIGINT NOT NULL,
    version         BIGINT NOT NULL,     -- one more at each save
    written_by      TEXT NOT NULL,
    written_at      BIGINT NOT NULL,
    changed_by      TEXT NOT NULL,       -- who saved it last, launched it or discarded it
    changed_at      BIGINT NOT NULL,
    message         TEXT,                -- the code of the message that it became
    fields          TEXT,                -- JSON; NULL once it was launched or discarded, and what follows blank
    template        TEXT NOT NULL,
    audience        TEXT NOT NULL,
    plan            TEXT NOT NULL,       -- its name
    lane            BIGINT,              -- NULL: the template's own
    plain_sms       BIGINT NOT NULL,
    expires_at      BIGINT,
    override_by     TEXT,
    override_reason TEXT,
    PRIMARY KEY (school_id, number)
);
