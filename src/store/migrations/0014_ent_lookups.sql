-- Of whom an ENT was asked whether they have an account there. Of anybody else it is not known yet, and
-- without an account a message goes by the next way.

CREATE TABLE ent_lookups (
    school_id  TEXT NOT NULL,
    person_key TEXT NOT NULL,
    PRIMARY KEY (school_id, person_key)
);
