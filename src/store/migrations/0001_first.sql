-- Words: src/ARCHITECTURE.md. Ids are 16 bytes (UUIDv7), times Unix milliseconds, truths 0 or 1.

CREATE TABLE pupils (
    school_id   TEXT NOT NULL,
    key         TEXT NOT NULL,          -- key in the source: siecle:1234567
    family_name TEXT NOT NULL,
    usage_name  TEXT,
    first_name  TEXT NOT NULL,
    class       TEXT,
    level       TEXT,
    groups      TEXT NOT NULL,          -- JSON array
    left_on     TEXT,                   -- a last day to come: 2026-12-18
    archived_at BIGINT,
    PRIMARY KEY (school_id, key)
);

CREATE TABLE persons (
    school_id      TEXT NOT NULL,
    key            TEXT NOT NULL,
    role           TEXT NOT NULL,       -- JSON
    civility       TEXT,
    family_name    TEXT NOT NULL,
    usage_name     TEXT,
    first_name     TEXT NOT NULL,
    postal_address TEXT,                -- JSON
    accepts_sms    BIGINT NOT NULL,
    archived_at    BIGINT,
    PRIMARY KEY (school_id, key)
);

CREATE TABLE guardianships (
    school_id  TEXT NOT NULL,
    pupil_key  TEXT NOT NULL,
    person_key TEXT NOT NULL,
    standing   TEXT NOT NULL,
    kinship    BIGINT NOT NULL,
    PRIMARY KEY (school_id, pupil_key, person_key)
);

CREATE TABLE contact_points (
    school_id  TEXT NOT NULL,
    person_key TEXT NOT NULL,
    channel    TEXT NOT NULL,
    value      TEXT NOT NULL,
    rank       BIGINT NOT NULL,         -- preference within the channel
    state      TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (school_id, person_key, channel, value)
);
CREATE INDEX contact_points_by_value ON contact_points (school_id, channel, value);

CREATE TABLE messages (
    id          BYTEA NOT NULL PRIMARY KEY,
    school_id   TEXT NOT NULL,
    code        TEXT NOT NULL,
    template    TEXT NOT NULL,
    fields      TEXT NOT NULL,          -- JSON
    audience    TEXT NOT NULL,
    plan        TEXT NOT NULL,          -- JSON, frozen at launch
    lane        BIGINT NOT NULL,
    plain_sms   BIGINT NOT NULL,
    launched_at BIGINT NOT NULL,
    UNIQUE (school_id, code)
);

CREATE TABLE addressees (
    id         BYTEA NOT NULL PRIMARY KEY,
    school_id  TEXT NOT NULL,
    message_id BYTEA NOT NULL,
    number     BIGINT NOT NULL,         -- within the message
    person_key TEXT NOT NULL,
    recipient  TEXT NOT NULL,           -- JSON, frozen at launch: name, pupils, addresses
    reach      TEXT NOT NULL,           -- channels with an address: ent,email,letter
    state      TEXT NOT NULL,
    rung       BIGINT NOT NULL,
    climb_at   BIGINT,
    settled_at BIGINT                   -- when it last left `waiting`
);
CREATE INDEX addressees_by_message ON addressees (message_id, number);
CREATE INDEX addressees_to_climb ON addressees (climb_at) WHERE climb_at IS NOT NULL;

CREATE TABLE deliveries (
    id           BYTEA NOT NULL PRIMARY KEY,
    school_id    TEXT NOT NULL,
    message_id   BYTEA NOT NULL,
    addressee_id BYTEA NOT NULL,
    leg          BIGINT NOT NULL,       -- 0, 1, 2… within the addressee
    rung         BIGINT NOT NULL,
    channel      TEXT NOT NULL,
    state        TEXT NOT NULL,
    lane         BIGINT NOT NULL,
    due_at       BIGINT,                -- when somebody must look at it next
    tries        BIGINT NOT NULL,
    proof        TEXT,
    failure      TEXT,
    provider_ref TEXT,
    shared       TEXT,                  -- same text = same address in the same family
    leader_id    BYTEA,                 -- the delivery that carries it for this one
    batch_id     BYTEA
);
CREATE INDEX deliveries_of_addressee ON deliveries (addressee_id, leg);
CREATE INDEX deliveries_due ON deliveries (school_id, channel, state, lane, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX deliveries_by_message ON deliveries (message_id);
CREATE INDEX deliveries_by_provider_ref ON deliveries (provider_ref) WHERE provider_ref IS NOT NULL;
CREATE INDEX deliveries_shared ON deliveries (message_id, shared) WHERE shared IS NOT NULL;
CREATE INDEX deliveries_led ON deliveries (leader_id) WHERE leader_id IS NOT NULL;
CREATE INDEX deliveries_of_batch ON deliveries (batch_id) WHERE batch_id IS NOT NULL;

CREATE TABLE attempts (
    delivery_id BYTEA NOT NULL,
    school_id   TEXT NOT NULL,
    provider    TEXT NOT NULL,
    started_at  BIGINT NOT NULL,
    ended_at    BIGINT NOT NULL,
    outcome     TEXT NOT NULL,          -- accepted, or the kind of failure
    detail      TEXT NOT NULL           -- the provider's words, without any address
);
CREATE INDEX attempts_of_delivery ON attempts (delivery_id);

CREATE TABLE gates (
    school_id  TEXT NOT NULL,
    provider   TEXT NOT NULL,
    channel    TEXT NOT NULL,
    state      TEXT NOT NULL,           -- admitting, refusing, probing
    until      BIGINT,
    reason     TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (school_id, provider)
);

CREATE TABLE batches (
    id         BYTEA NOT NULL PRIMARY KEY,
    school_id  TEXT NOT NULL,
    number     BIGINT NOT NULL,         -- within the school
    made_at    BIGINT NOT NULL,
    letters    BIGINT NOT NULL,
    pages      BIGINT,                  -- NULL until printed
    file       TEXT,
    posted_at  BIGINT,
    UNIQUE (school_id, number)
);

CREATE TABLE replies (
    id           BYTEA NOT NULL PRIMARY KEY,
    school_id    TEXT NOT NULL,
    provider     TEXT NOT NULL,
    provider_ref TEXT NOT NULL,
    person_key   TEXT,
    body         TEXT NOT NULL,
    received_at  BIGINT NOT NULL,
    UNIQUE (school_id, provider, provider_ref)
);
