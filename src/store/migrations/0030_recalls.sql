-- What a correction takes back where the provider can: one row a message of the provider's, to however many it went.
CREATE TABLE recalls (
    school_id    TEXT NOT NULL,
    provider     TEXT NOT NULL,         -- its name in the configuration
    provider_ref TEXT NOT NULL,         -- its id of the message
    message_id   BYTEA NOT NULL,        -- whose text it is
    corrected_by BYTEA NOT NULL,        -- the correction that takes it back
    sent_as      TEXT,                  -- the reference of its call, where that may have carried several
    sent_at      BIGINT NOT NULL,
    ends_at      BIGINT NOT NULL,       -- from then on the provider takes nothing back
    state        TEXT NOT NULL,         -- awaited, recalled, too_late, refused, denied
    due_at       BIGINT,                -- when it is to be asked; NULL once nobody asks any more
    tries        BIGINT NOT NULL,
    detail       TEXT NOT NULL,         -- the provider's last words
    changed_at   BIGINT NOT NULL,
    PRIMARY KEY (school_id, provider, provider_ref)
);
CREATE INDEX recalls_due ON recalls (school_id, provider, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX recalls_of_message ON recalls (message_id);
