-- Which policy came into force last: looked up at each start.
CREATE INDEX audit_of_policy ON audit (seq) WHERE fact = 'policy.in_force';
