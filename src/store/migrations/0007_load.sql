-- The load cap: what is over it is gathered, and leaves as one message.

ALTER TABLE addressees ADD COLUMN household TEXT;           -- what counts them towards the cap; NULL: nothing does
ALTER TABLE addressees ADD COLUMN gathered_until BIGINT;    -- nothing leaves for them before their digest is made
ALTER TABLE addressees ADD COLUMN carrier_id BYTEA;         -- the addressee of the digest that carries this one
CREATE INDEX addressees_gathered ON addressees (school_id, household) WHERE gathered_until IS NOT NULL;
CREATE INDEX addressees_carried ON addressees (carrier_id) WHERE carrier_id IS NOT NULL;
