-- Whose patience is over is asked school by school: no other's late ones are looked through.

DROP INDEX addressees_to_climb;
CREATE INDEX addressees_to_climb ON addressees (school_id, climb_at) WHERE climb_at IS NOT NULL;
