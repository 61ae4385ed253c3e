-- However many approvals there are, each of these finds what it wants and no more.

-- What is listed by status: everybody's, and one requester's; the latter counts what is pending as well.
CREATE INDEX approvals_listed_by_status ON approvals (mode, status, created_at, id);
CREATE INDEX approvals_of_requester_by_status ON approvals (requester_id, mode, status, created_at, id);

-- The same by action.
CREATE INDEX approvals_by_action ON approvals (mode, action, created_at, id);
CREATE INDEX approvals_of_requester_by_action ON approvals (requester_id, mode, action, created_at, id);

-- By dedup key, cancelled ones too.
CREATE INDEX approvals_by_key ON approvals (dedup_key) WHERE dedup_key IS NOT NULL;

-- Keys that are to be freed: most of what has ended has none any more.
CREATE INDEX approvals_with_key_ended ON approvals (decided_at) WHERE decided_at IS NOT NULL AND dedup_key IS NOT NULL;

-- Runs that didn't succeed, or not yet: few, and the ones that people look for. By what the row says: an older broker beside needs to know nothing.
CREATE INDEX approvals_of_run ON approvals (mode, created_at, id)
    WHERE progress LIKE '%"execution":{"state":"%' AND progress NOT LIKE '%"execution":{"state":"succeeded"%';

-- What those above stand for; last, since here all who read have to wait.
DROP INDEX approvals_by_status;
DROP INDEX approvals_pending_of;
