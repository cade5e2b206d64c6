-- A school whose sending is held: by somebody, or because its database is a backup that was restored.

CREATE TABLE holds (
    school_id TEXT NOT NULL PRIMARY KEY,
    reason    TEXT NOT NULL,
    since     BIGINT NOT NULL,
    as_of     BIGINT                    -- of a backup: what left later is not known here
);
