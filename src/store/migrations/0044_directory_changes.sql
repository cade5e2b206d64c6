-- How often somebody changed the directory of a school: what a program read of it holds as long as this stands.
CREATE TABLE directory_changes (
    school_id TEXT NOT NULL PRIMARY KEY,
    number    BIGINT NOT NULL
);
