-- Drafts for which somebody asked a second person's yes: one row a draft, of the version that was asked about.
CREATE TABLE approvals (
    school_id   TEXT NOT NULL,
    number      BIGINT NOT NULL,         -- of the draft
    version     BIGINT NOT NULL,
    asked_by    TEXT NOT NULL,
    asked_at    BIGINT NOT NULL,
    recipients  BIGINT NOT NULL,         -- as many as there were when it was asked for
    passed_on   BIGINT NOT NULL,         -- how often, as far as the journal says
    declined_by TEXT,
    declined_at BIGINT,
    reason      TEXT,                    -- why it was declined
    PRIMARY KEY (school_id, number)
);
