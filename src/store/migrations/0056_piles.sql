-- How a batch of letters is sorted, and the piles that it falls into. What was gathered before has none.
ALTER TABLE batches ADD COLUMN sort TEXT;              -- class, postcode, pick-up
ALTER TABLE batches ADD COLUMN separators BIGINT;      -- 1: a sheet stands before each pile
CREATE TABLE piles (
    school_id  TEXT NOT NULL,
    batch_id   BYTEA NOT NULL,
    place      BIGINT NOT NULL,          -- of its first letter in the batch
    kind       TEXT NOT NULL,
    name       TEXT NOT NULL,            -- 6A, 31000 TOULOUSE, Mairie de Saint-Martin; empty where its kind says it all
    first_page BIGINT,                   -- where it begins in the PDF; NULL as long as nothing of it is printed
    pages      BIGINT,
    PRIMARY KEY (school_id, batch_id, place)
);
