-- With the channel and the state in it SQLite finds those of one call by this index, and not by reading all who wait.
DROP INDEX deliveries_sent_as;
CREATE INDEX deliveries_sent_as ON deliveries (school_id, sent_as, channel, state)
    WHERE sent_as IS NOT NULL AND state IN ('waiting', 'uncertain');
