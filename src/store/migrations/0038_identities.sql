-- Who an account is by the word of an OpenID provider: SHA-256 of the provider and of its name for them.
ALTER TABLE accounts ADD COLUMN identity BYTEA;
CREATE UNIQUE INDEX accounts_by_identity ON accounts (school_id, identity);
