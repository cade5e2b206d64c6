-- What was answered in a call, kept with what the call gave: when that is taken back, the answer goes with it.
ALTER TABLE call_outcomes ADD COLUMN answer TEXT;           -- oui, non, 1 … 5; NULL where nothing was answered
ALTER TABLE answers ADD COLUMN call_outcome_id BYTEA;       -- NULL where it was not said in a call
CREATE INDEX answers_of_call ON answers (call_outcome_id) WHERE call_outcome_id IS NOT NULL;
