-- What people decide about a channel or a message.

CREATE TABLE closings (
    school_id TEXT NOT NULL,
    channel   TEXT NOT NULL,
    until     BIGINT,                   -- NULL: until somebody opens it
    reason    TEXT NOT NULL,
    closed_by TEXT NOT NULL,
    closed_at BIGINT NOT NULL,
    PRIMARY KEY (school_id, channel)
);

ALTER TABLE messages ADD COLUMN state TEXT NOT NULL DEFAULT 'running';   -- running, paused, cancelled
ALTER TABLE messages ADD COLUMN state_at BIGINT;
ALTER TABLE messages ADD COLUMN state_by TEXT NOT NULL DEFAULT '';
ALTER TABLE messages ADD COLUMN paused_at BIGINT;      -- of the last pause
ALTER TABLE messages ADD COLUMN unsettled BIGINT NOT NULL DEFAULT 0;     -- the state is not yet everywhere
ALTER TABLE messages ADD COLUMN starts_at BIGINT;      -- nothing leaves before
ALTER TABLE messages ADD COLUMN expires_at BIGINT;     -- nothing leaves from then on
ALTER TABLE messages ADD COLUMN expired_at BIGINT;     -- when everybody was moved on for that
ALTER TABLE messages ADD COLUMN override_by TEXT;      -- who let it pass quiet hours
ALTER TABLE messages ADD COLUMN override_reason TEXT;
ALTER TABLE messages ADD COLUMN corrects TEXT;         -- the code of the message whose text it puts right
ALTER TABLE messages ADD COLUMN retries TEXT;          -- the code of the message whose unreached it tries again
CREATE INDEX messages_held ON messages (school_id, state) WHERE state <> 'running';
CREATE INDEX messages_unsettled ON messages (school_id) WHERE unsettled = 1;
CREATE INDEX messages_to_expire ON messages (school_id, expires_at) WHERE expires_at IS NOT NULL AND expired_at IS NULL;
CREATE INDEX messages_corrects ON messages (school_id, corrects) WHERE corrects IS NOT NULL;
CREATE INDEX messages_retries ON messages (school_id, retries) WHERE retries IS NOT NULL;
