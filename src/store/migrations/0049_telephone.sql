-- Who has a call in hand: at most one row a call, by the delivery that it is. That it waits, its delivery tells.
CREATE TABLE calls (
    school_id   TEXT NOT NULL,
    delivery_id BYTEA NOT NULL,
    caller      TEXT,                    -- a colleague on whose sheet it stands, as typed
    taken_by    TEXT,                    -- who has it open, as actors are kept
    taken_until BIGINT,                  -- nobody else takes it before
    PRIMARY KEY (school_id, delivery_id)
);

-- What calls gave, as people said; how each stood before, so that a slip of the finger can be taken back.
CREATE TABLE call_outcomes (
    id             BYTEA NOT NULL PRIMARY KEY,
    school_id      TEXT NOT NULL,
    delivery_id    BYTEA NOT NULL,
    number         TEXT NOT NULL,        -- the one that was dialled, +33…
    outcome        TEXT NOT NULL,        -- reached, message-left, no-answer, busy, wrong-number, refused, asks-for
    word           TEXT,                 -- what was said, in a few words
    caller         TEXT NOT NULL,        -- who rang
    said_by        TEXT NOT NULL,        -- who said so
    said_at        BIGINT NOT NULL,
    stood_proof    TEXT,
    stood_failure  TEXT,
    stood_tries    BIGINT NOT NULL,
    stood_due_at   BIGINT,
    number_was     TEXT,                 -- the state of the number before
    taken_back_at  BIGINT,
    taken_back_by  TEXT
);
CREATE INDEX call_outcomes_of_delivery ON call_outcomes (school_id, delivery_id, said_at);

-- The calls to make, of all deliveries that there ever were.
CREATE INDEX deliveries_to_call ON deliveries (school_id, message_id) WHERE channel = 'phone' AND state = 'waiting';
