-- A parent on the telephone is answered at once: what went to one person, and what they answered.
CREATE INDEX addressees_of_person ON addressees (school_id, person_key);
CREATE INDEX replies_of_person ON replies (school_id, person_key) WHERE person_key IS NOT NULL;
CREATE INDEX guardianships_of_person ON guardianships (school_id, person_key);
