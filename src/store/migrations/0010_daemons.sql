-- Daemons that are at work, or were: so that a person is told when nothing will leave.

CREATE TABLE daemons (
    school_id TEXT NOT NULL,
    id BYTEA NOT NULL,              -- drawn at each start
    seen_at BIGINT NOT NULL,        -- when it last said that it is at work
    PRIMARY KEY (school_id, id)
);
