-- Which policy came into force last: looked up at each start.
CREATE INDEX audit_of_policy ON audit (seq) WHERE fact = 'policy.in_force';

-- From when on values may be erased that a rule wants erased; NULL where there are none, or something must happen first.
ALTER TABLE approvals ADD COLUMN erase_at BIGINT;
CREATE INDEX approvals_to_erase ON approvals (erase_at) WHERE erase_at IS NOT NULL;
