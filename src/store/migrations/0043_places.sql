-- Where a letter stands in its batch: as they are handed out, from the time when they were gathered. A page of a batch is
-- read by it. What was gathered before is listed in the order in which it was launched.
ALTER TABLE deliveries ADD COLUMN place BIGINT;
UPDATE deliveries SET place = placed.place
    FROM (SELECT id, ROW_NUMBER() OVER (PARTITION BY batch_id ORDER BY id) - 1 AS place
        FROM deliveries WHERE batch_id IS NOT NULL AND leader_id IS NULL) AS placed
    WHERE placed.id = COALESCE(deliveries.leader_id, deliveries.id) AND deliveries.batch_id IS NOT NULL;
DROP INDEX deliveries_of_batch;
CREATE INDEX deliveries_of_batch ON deliveries (batch_id, place) WHERE batch_id IS NOT NULL;
