-- What the school knows of its people beside what its sources say, and what became of the ways to reach them.

ALTER TABLE contact_points ADD COLUMN source TEXT NOT NULL DEFAULT '';   -- siecle, sts, table, ent, hand
ALTER TABLE contact_points ADD COLUMN typed TEXT;                        -- the raw text of the source
ALTER TABLE contact_points ADD COLUMN proof TEXT;                        -- the best of its last use
ALTER TABLE contact_points ADD COLUMN proven_at BIGINT;

ALTER TABLE persons ADD COLUMN post_state TEXT NOT NULL DEFAULT 'unverified';   -- of the postal address
ALTER TABLE persons ADD COLUMN post_changed_at BIGINT;

ALTER TABLE addressees ADD COLUMN connectivity TEXT;    -- of the household at launch, where that chose the plan
ALTER TABLE messages ADD COLUMN plans TEXT NOT NULL DEFAULT '{}';   -- JSON: the plan of each connectivity

CREATE TABLE restrictions (
    school_id  TEXT NOT NULL,
    pupil_key  TEXT NOT NULL,
    person_key TEXT NOT NULL,
    why        TEXT NOT NULL,           -- court, objection
    note       TEXT NOT NULL,
    noted_at   BIGINT NOT NULL,
    PRIMARY KEY (school_id, pupil_key, person_key)
);

CREATE TABLE profiles (
    school_id    TEXT NOT NULL,
    person_key   TEXT NOT NULL,
    connectivity TEXT NOT NULL,
    printer      BIGINT NOT NULL,
    language     TEXT,
    call         TEXT,                  -- whom to call, and when
    noted_at     BIGINT NOT NULL,
    PRIMARY KEY (school_id, person_key)
);

CREATE TABLE corrections (
    school_id  TEXT NOT NULL,
    person_key TEXT NOT NULL,
    channel    TEXT NOT NULL,           -- email, phone, letter
    was        TEXT NOT NULL,           -- what the source says; empty: nothing
    becomes    TEXT NOT NULL,           -- what is right; empty: nothing
    noted_at   BIGINT NOT NULL,
    PRIMARY KEY (school_id, person_key, channel, was)
);

CREATE TABLE lists (
    school_id TEXT NOT NULL,
    name      TEXT NOT NULL,
    rule      TEXT,                     -- an audience; NULL for a list of names
    saved_at  BIGINT NOT NULL,
    PRIMARY KEY (school_id, name)
);

CREATE TABLE list_members (
    school_id TEXT NOT NULL,
    list      TEXT NOT NULL,
    pupil_key TEXT NOT NULL,
    PRIMARY KEY (school_id, list, pupil_key)
);

CREATE TABLE header_maps (
    school_id TEXT NOT NULL,
    head      TEXT NOT NULL,            -- the header row, folded and joined
    map       TEXT NOT NULL,            -- JSON: column to field
    saved_at  BIGINT NOT NULL,
    PRIMARY KEY (school_id, head)
);

CREATE TABLE handouts (
    school_id TEXT NOT NULL,
    number    BIGINT NOT NULL,          -- within the school
    made_at   BIGINT NOT NULL,
    ends_on   TEXT NOT NULL,            -- the day by which it is destroyed
    receiver  TEXT NOT NULL,
    audience  TEXT NOT NULL,
    columns   TEXT NOT NULL,            -- JSON array
    persons   BIGINT NOT NULL,
    PRIMARY KEY (school_id, number)
);
