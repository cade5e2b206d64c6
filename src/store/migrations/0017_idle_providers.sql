-- What a daemon at work cannot use: providers without their secret, or whose settings do not fit.

ALTER TABLE daemons ADD COLUMN idle TEXT NOT NULL DEFAULT '[]';     -- JSON: provider, channel, reason
