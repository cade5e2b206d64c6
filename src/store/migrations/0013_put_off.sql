-- A probe is made with what was tried before: found without looking at all that waits.

CREATE INDEX deliveries_put_off ON deliveries (school_id, channel, state, lane, due_at) WHERE due_at IS NOT NULL AND failure IS NOT NULL;
