-- What left under each allowance, and how long a provider's breaker waits: shared by every daemon of the database.

CREATE TABLE rates (
    account    TEXT NOT NULL PRIMARY KEY,   -- no school: several may share one allowance
    ledger     TEXT NOT NULL,               -- JSON: units by slot of time, for each window
    changed_at BIGINT NOT NULL
);

ALTER TABLE gates ADD COLUMN pause BIGINT NOT NULL DEFAULT 0;   -- milliseconds; doubled at each failed probe
