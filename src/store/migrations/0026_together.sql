-- One call may carry a text to several: the reference under which it left, or goes again. Whoever has the same one
-- goes together, and nobody else goes with them: the provider is asked by it.
ALTER TABLE deliveries ADD COLUMN sent_as TEXT;
CREATE INDEX deliveries_sent_as ON deliveries (school_id, sent_as)
    WHERE sent_as IS NOT NULL AND state IN ('waiting', 'uncertain');
