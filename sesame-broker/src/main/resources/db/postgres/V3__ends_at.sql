-- When time ends what is pending: at its expiry, or before that where a test request brings its own answer along.
ALTER TABLE approvals RENAME COLUMN expires_at TO ends_at;
