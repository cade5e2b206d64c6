-- The second factor of an account (TOTP, RFC 6238): what its telephone and we both hold, in base 32.
ALTER TABLE accounts ADD COLUMN totp_secret TEXT;
ALTER TABLE accounts ADD COLUMN totp_step BIGINT;     -- of the last code that was used: none goes twice
ALTER TABLE accounts ADD COLUMN totp_pending TEXT;    -- a secret whose first code is still to come

-- What lets somebody in whose telephone is lost, each once.
CREATE TABLE recovery_codes (
    school_id  TEXT NOT NULL,
    code       BYTEA NOT NULL,           -- SHA-256 of it
    account_id BYTEA NOT NULL,
    PRIMARY KEY (school_id, account_id, code)
);
