-- Those of one call who have an id of their own with the provider: a receipt tells whose each id is.
CREATE INDEX deliveries_of_call ON deliveries (school_id, sent_as)
    WHERE sent_as IS NOT NULL AND provider_ref IS NOT NULL;
