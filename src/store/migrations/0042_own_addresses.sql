-- Where people of the school have announcements sent to try them out: addresses of their own, one a channel.
CREATE TABLE own_addresses (
    school_id  TEXT NOT NULL,
    account_id BYTEA NOT NULL,
    channel    TEXT NOT NULL,
    address    TEXT NOT NULL,
    PRIMARY KEY (school_id, account_id, channel)
);
