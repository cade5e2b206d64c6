-- Letters that were handed over one by one, and to whom: a packet that somebody fetched.
CREATE TABLE handovers (
    school_id   TEXT NOT NULL,
    delivery_id BYTEA NOT NULL,
    to_whom     TEXT NOT NULL,           -- empty where nobody said
    handed_at   BIGINT NOT NULL,
    handed_by   TEXT NOT NULL,
    PRIMARY KEY (school_id, delivery_id)
);
