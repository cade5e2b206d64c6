-- E-mail that comes back.

-- What a school seals its references with, so that nobody makes up a bounce: 64 hexadecimal digits.
CREATE TABLE seal_keys (
    school_id TEXT NOT NULL PRIMARY KEY,
    key       TEXT NOT NULL
);

-- What bounces said of addresses, each once: an address is failing once several mails to it failed.
CREATE TABLE bounces (
    school_id    TEXT NOT NULL,
    provider     TEXT NOT NULL,
    provider_ref TEXT NOT NULL,          -- by which the same mail is known again
    address      TEXT NOT NULL,          -- the one that we wrote to
    cause        TEXT NOT NULL,          -- address, recipient, sender
    noted_at     BIGINT NOT NULL,
    PRIMARY KEY (school_id, provider, provider_ref)
);
CREATE INDEX bounces_of_address ON bounces (school_id, address, noted_at);

-- What was attached to a reply. It is given back as it came, and never opened.
CREATE TABLE attachments (
    school_id TEXT NOT NULL,
    reply_id  BYTEA NOT NULL,
    number    BIGINT NOT NULL,           -- its place among those of the reply, from 1 on
    name      TEXT NOT NULL,             -- safe to be written to a disk
    octets    BIGINT NOT NULL,
    content   BYTEA,                     -- NULL: too large to be kept
    PRIMARY KEY (school_id, reply_id, number)
);
