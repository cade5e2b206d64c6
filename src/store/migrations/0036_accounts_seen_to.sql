-- What somebody who sees to accounts looks at and decides.
ALTER TABLE accounts ADD COLUMN signed_in_at BIGINT;  -- last; NULL: never
ALTER TABLE accounts ADD COLUMN second_factor_required BIGINT NOT NULL DEFAULT 0;
UPDATE accounts SET signed_in_at = (
    SELECT MAX(journal.asked_at) FROM journal
    WHERE journal.school_id = accounts.school_id AND journal.act = 'sign_in'
    AND SUBSTR(journal.actor, 1, LENGTH(accounts.login) + 9) = 'account:' || accounts.login || ' '
);

-- Of which login failures are, so that somebody can be let try again: SHA-256 of it; NULL for those of a place.
ALTER TABLE sign_in_failures ADD COLUMN of_login BYTEA;
CREATE INDEX sign_in_failures_of_login ON sign_in_failures (school_id, of_login);
