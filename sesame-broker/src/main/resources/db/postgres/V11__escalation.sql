-- When a policy's rule lets others be asked too; NULL where none does, they are asked by now, or it is decided.
ALTER TABLE approvals ADD COLUMN escalates_at BIGINT;

CREATE INDEX approvals_escalating ON approvals (escalates_at) WHERE escalates_at IS NOT NULL;
