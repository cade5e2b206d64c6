-- A school that moved from one database to another: written in both, so that each can tell.

CREATE TABLE moves (
    school_id TEXT NOT NULL PRIMARY KEY,
    moved_at  BIGINT NOT NULL,          -- the same in both
    moved_to  TEXT                      -- where it left: host and database; NULL where it arrived
);
