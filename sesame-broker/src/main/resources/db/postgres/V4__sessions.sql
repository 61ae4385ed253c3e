-- Links and tokens stand here as hashes (SHA-256). An approver has at most one link at a time.
CREATE TABLE sign_in_links (
    link_hash   TEXT COLLATE "C" PRIMARY KEY,
    approver_id TEXT COLLATE "C" NOT NULL UNIQUE REFERENCES approvers (id),
    expires_at  BIGINT NOT NULL
);

CREATE TABLE sessions (
    id          TEXT COLLATE "C" PRIMARY KEY,
    approver_id TEXT COLLATE "C" NOT NULL REFERENCES approvers (id),
    token_hash  TEXT COLLATE "C" NOT NULL UNIQUE,
    browser     TEXT COLLATE "C" NOT NULL,
    created_at  BIGINT NOT NULL,
    seen_at     BIGINT NOT NULL
);

CREATE INDEX sessions_of_approver ON sessions (approver_id, created_at, id);
