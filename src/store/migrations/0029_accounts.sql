-- Who signs in to the school's pages.
CREATE TABLE accounts (
    school_id   TEXT NOT NULL,
    id          BYTEA NOT NULL PRIMARY KEY,
    login       TEXT NOT NULL,           -- small letters
    name        TEXT NOT NULL,
    role        TEXT NOT NULL,
    rights      TEXT NOT NULL,           -- words with blanks between them
    classes     TEXT NOT NULL,           -- JSON
    pupils      TEXT NOT NULL,           -- JSON: keys
    password    TEXT,                    -- argon2id in its own notation; NULL: none was chosen yet
    made_at     BIGINT NOT NULL,
    disabled_at BIGINT,
    UNIQUE (school_id, login)
);

-- Who is signed in where. A token itself stands in no row.
CREATE TABLE sessions (
    school_id  TEXT NOT NULL,
    token      BYTEA NOT NULL,           -- SHA-256 of it
    id         BYTEA NOT NULL,
    account_id BYTEA NOT NULL,
    device     TEXT NOT NULL,            -- as it names itself
    whole      BIGINT NOT NULL,          -- 0: the second factor is still to come, and nothing else may be done
    begun_at   BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    PRIMARY KEY (school_id, token)
);
CREATE INDEX sessions_of_account ON sessions (school_id, account_id);

-- Codes and links that let somebody in once.
CREATE TABLE one_time_secrets (
    school_id  TEXT NOT NULL,
    secret     BYTEA NOT NULL,           -- SHA-256 of it
    purpose    TEXT NOT NULL,            -- first, password, link
    account_id BYTEA,                    -- NULL: the first account, which is still to be made
    ends_at    BIGINT NOT NULL,
    PRIMARY KEY (school_id, secret)
);

-- How often a sign-in failed. What was typed stands in no row: people type passwords where logins belong.
CREATE TABLE sign_in_failures (
    school_id TEXT NOT NULL,
    about     BYTEA NOT NULL,            -- SHA-256 of a login, of a place, or of both
    failures  BIGINT NOT NULL,
    failed_at BIGINT NOT NULL,
    until     BIGINT NOT NULL,           -- nobody is let in before
    known_at  BIGINT,                    -- when this login was let in from this place
    PRIMARY KEY (school_id, about)
);
CREATE INDEX sign_in_failures_by_age ON sign_in_failures (school_id, failed_at);
