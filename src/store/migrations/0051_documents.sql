-- What teachers leave for their pupils, to be printed behind the letters of a week.
CREATE TABLE documents (
    school_id TEXT NOT NULL,
    number    BIGINT NOT NULL,           -- within the school
    week      TEXT NOT NULL,             -- its Monday, 2026-03-16
    meant_for TEXT NOT NULL,             -- everybody:, level:6e, class:6A, group:LATIN, pupil:siecle:1
    subject   TEXT NOT NULL,             -- empty where none was said
    title     TEXT NOT NULL,
    pages     BIGINT NOT NULL,
    left_by   TEXT NOT NULL,
    left_at   BIGINT NOT NULL,
    content   BYTEA NOT NULL,            -- a PDF of A4 pages that only show; last, so that lists read past no pages
    PRIMARY KEY (school_id, number)
);
CREATE UNIQUE INDEX documents_of_week ON documents (school_id, week, meant_for, subject, title);
