-- The subjects of a timetable that was left as a document, in the order in which they first occur in its week.
CREATE TABLE timetable_subjects (
    school_id TEXT NOT NULL,
    document  BIGINT NOT NULL,
    place     BIGINT NOT NULL,           -- from 0
    subject   TEXT NOT NULL,             -- as the timetable has it
    PRIMARY KEY (school_id, document, place)
);
