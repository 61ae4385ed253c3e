-- The engine took the index by status for what is due, and so went through all that is pending, four times a second.
DROP INDEX approvals_due;
CREATE INDEX approvals_due ON approvals (status, expires_at);

-- For what an admin lists: everybody's, newest first.
CREATE INDEX approvals_newest ON approvals (mode, created_at, id);
