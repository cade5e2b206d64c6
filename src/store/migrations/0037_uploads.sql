-- The files that somebody gave on the pages for an import, and that are neither applied nor given up: one row a
-- school. The files themselves lie on the machine that took them.
CREATE TABLE uploads (
    school_id TEXT NOT NULL PRIMARY KEY,
    id        BYTEA NOT NULL,
    given_by  TEXT NOT NULL,
    given_at  BIGINT NOT NULL,
    machine   TEXT NOT NULL,             -- where the files lie
    files     TEXT NOT NULL,             -- JSON: what each is called, in their order
    said      TEXT NOT NULL              -- JSON: what was said of their columns
);
