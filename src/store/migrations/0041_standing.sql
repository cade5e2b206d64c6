-- By which proof whoever is reached is reached: the best one of any of their ways, or of the digest that carries them.
-- Pages count it for every message that they list.
ALTER TABLE addressees ADD COLUMN reached_by TEXT;
UPDATE addressees SET reached_by = (SELECT CASE MAX(CASE d.proof WHEN 'acknowledged' THEN 4 WHEN 'read' THEN 3
    WHEN 'delivered' THEN 2 WHEN 'accepted' THEN 1 END) WHEN 4 THEN 'acknowledged' WHEN 3 THEN 'read'
    WHEN 2 THEN 'delivered' WHEN 1 THEN 'accepted' END
    FROM deliveries d WHERE d.addressee_id = COALESCE(addressees.carrier_id, addressees.id))
    WHERE state = 'reached';

-- Where the addressees of a message stand is read off this index alone, and who stands there is found by it.
CREATE INDEX addressees_standing ON addressees (message_id, state, reached_by, settled_at);
CREATE INDEX addressees_in_digests ON addressees (message_id) WHERE gathered_until IS NOT NULL OR carrier_id IS NOT NULL;

-- What pages ask for besides, of all that there ever was: the letters to print, the newest replies.
CREATE INDEX deliveries_to_print ON deliveries (school_id, message_id) WHERE channel = 'letter' AND state = 'waiting';
CREATE INDEX replies_by_age ON replies (school_id, received_at);
DROP INDEX replies_of_person;
CREATE INDEX replies_of_person ON replies (school_id, person_key, received_at) WHERE person_key IS NOT NULL;

-- What was under way with a provider when its text was corrected: should it turn out to have been taken, it is to be taken
-- back as well.
CREATE TABLE late_recalls (
    school_id    TEXT NOT NULL,
    provider     TEXT NOT NULL,         -- its name in the configuration
    delivery_id  BYTEA NOT NULL,
    corrected_by BYTEA NOT NULL,        -- the correction that takes it back
    ends_at      BIGINT NOT NULL,       -- from then on the provider takes nothing back that left before the correction
    PRIMARY KEY (school_id, provider, delivery_id)
);
