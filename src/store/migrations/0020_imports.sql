-- The last import of a school, and the rows that stood in its place before: so that it can be taken back whole.
-- The next import takes their place: nobody's past is kept longer than that.
CREATE TABLE imports (
    school_id  TEXT NOT NULL PRIMARY KEY,
    applied_at BIGINT NOT NULL
);

CREATE TABLE import_before (
    school_id TEXT NOT NULL,
    part      BIGINT NOT NULL,
    body      TEXT NOT NULL,            -- JSON: many rows in one
    PRIMARY KEY (school_id, part)
);
