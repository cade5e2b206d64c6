-- What comes back of documents: which are asked back, the work of each pupil on one, and its pages as they came.
CREATE TABLE documents_asked_back (
    school_id TEXT NOT NULL,
    document  BIGINT NOT NULL,
    work_on   TEXT NOT NULL,             -- pages, sheet
    back_by   TEXT,                      -- a day, 2026-03-20
    PRIMARY KEY (school_id, document)
);
CREATE TABLE works (
    school_id  TEXT NOT NULL,
    number     BIGINT NOT NULL,          -- six digits by chance, as it is printed
    document   BIGINT NOT NULL,
    pupil      TEXT NOT NULL,
    printed_at BIGINT NOT NULL,          -- the first time
    PRIMARY KEY (school_id, number)
);
CREATE UNIQUE INDEX works_of_document ON works (school_id, document, pupil);
CREATE TABLE work_pages (
    school_id TEXT NOT NULL,
    work      BIGINT NOT NULL,
    page      BIGINT NOT NULL,
    digest    TEXT NOT NULL,             -- SHA-256 of the picture: the same file read twice is one page
    came_at   BIGINT NOT NULL,
    taken_by  TEXT NOT NULL,
    picture   BYTEA NOT NULL,            -- a JPEG in grey, its head up; last, so that lists read past no picture
    PRIMARY KEY (school_id, work, page, digest)
);
