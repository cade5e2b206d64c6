-- What the office knows better of a pupil's record than its source: of adults, it stands in corrections.
CREATE TABLE pupil_corrections (
    school_id TEXT NOT NULL,
    pupil_key TEXT NOT NULL,
    part      TEXT NOT NULL,            -- first_name, family_name, class
    was       TEXT NOT NULL,            -- what the source said; empty: nothing
    becomes   TEXT NOT NULL,            -- what is right; empty: nothing
    noted_at  BIGINT NOT NULL,
    PRIMARY KEY (school_id, pupil_key, part)
);
