-- Times are milliseconds since 1970. What is never looked up by stands as JSON in question (set once) and progress (one version at a time).

CREATE TABLE approvers (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE,
    role       TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    last_four  TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);

CREATE TABLE requesters (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE,
    owner_id   TEXT REFERENCES approvers (id),
    created_at BIGINT NOT NULL
);

CREATE TABLE api_keys (
    id           TEXT PRIMARY KEY,
    requester_id TEXT NOT NULL REFERENCES requesters (id),
    mode         TEXT NOT NULL,
    key_hash     TEXT NOT NULL UNIQUE,
    last_four    TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    revoked_at   BIGINT
);

CREATE TABLE approvals (
    id           TEXT PRIMARY KEY,
    requester_id TEXT NOT NULL REFERENCES requesters (id),
    mode         TEXT NOT NULL,
    action       TEXT NOT NULL,
    status       TEXT NOT NULL,
    dedup_key    TEXT,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    decided_at   BIGINT,
    version      INTEGER NOT NULL,
    question     TEXT NOT NULL,
    progress     TEXT NOT NULL
);

-- One live meaning for a key; cancelling frees it, and so does forgetting it (then it is NULL here).
CREATE UNIQUE INDEX approvals_by_dedup_key ON approvals (requester_id, mode, dedup_key) WHERE status <> 'cancelled';
CREATE INDEX approvals_by_age ON approvals (requester_id, mode, created_at, id);
CREATE INDEX approvals_by_status ON approvals (status, created_at, id);
CREATE INDEX approvals_pending_of ON approvals (requester_id, mode) WHERE status = 'pending';
CREATE INDEX approvals_due ON approvals (expires_at) WHERE status = 'pending';
CREATE INDEX approvals_ended ON approvals (decided_at) WHERE decided_at IS NOT NULL;

-- One row per transition, in commit order.
CREATE TABLE events (
    seq          INTEGER PRIMARY KEY AUTOINCREMENT,
    approval_id  TEXT NOT NULL REFERENCES approvals (id),
    requester_id TEXT NOT NULL,
    mode         TEXT NOT NULL,
    version      INTEGER NOT NULL,
    event        TEXT NOT NULL,
    is_decision  INTEGER NOT NULL,
    at           BIGINT NOT NULL,
    UNIQUE (approval_id, version)
);

-- What the decision feed of a requester reads.
CREATE INDEX events_of_feed ON events (requester_id, mode, seq) WHERE is_decision = 1;

CREATE TABLE own_secrets (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
);
