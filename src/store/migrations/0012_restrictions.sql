-- A restriction hangs on a human: by these it is known again when another record, or a copy frozen at a launch, has them.

ALTER TABLE restrictions ADD COLUMN pupil_name TEXT NOT NULL DEFAULT '';     -- as shown when it was noted
ALTER TABLE restrictions ADD COLUMN human TEXT NOT NULL DEFAULT '{}';        -- JSON: names and addresses of then
ALTER TABLE restrictions ADD COLUMN unsettled BIGINT NOT NULL DEFAULT 0;     -- 1: not every copy under way was looked at

-- Addresses that a restricted person has as well, and that a person said may be used for the pupil.
CREATE TABLE trusted_addresses (
    school_id TEXT NOT NULL,
    pupil_key TEXT NOT NULL,
    mark      TEXT NOT NULL,
    said_at   BIGINT NOT NULL,
    PRIMARY KEY (school_id, pupil_key, mark)
);
