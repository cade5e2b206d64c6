-- What a person of the school takes to a program in which nothing is called, and publishes there: one card a
-- message and program, made at the launch. Whom it stands for, and what became of them, their deliveries tell.
CREATE TABLE cards (
    school_id     TEXT NOT NULL,
    message_id    BYTEA NOT NULL,
    provider      TEXT NOT NULL,         -- its name in the configuration
    made_at       BIGINT NOT NULL,
    assigned_to   TEXT,                  -- a colleague, as typed
    published_at  BIGINT,                -- NULL: it was not, or that was taken back
    published_by  TEXT,                  -- a colleague, as typed or as the system knows them
    taken_back_at BIGINT,                -- when somebody said so last; NULL once it is published again
    taken_back_by TEXT,
    PRIMARY KEY (school_id, message_id, provider)
);
CREATE INDEX cards_by_age ON cards (school_id, made_at);
