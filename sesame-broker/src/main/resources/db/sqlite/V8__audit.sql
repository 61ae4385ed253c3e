-- What happened, each entry bound by its hash to all before it. No references: it outlives what it tells of.
CREATE TABLE audit (
    seq         BIGINT PRIMARY KEY,
    at          BIGINT NOT NULL,
    fact        TEXT NOT NULL,
    approval_id TEXT,
    version     INTEGER,
    details     TEXT NOT NULL,
    hash        TEXT NOT NULL
);

CREATE INDEX audit_of_approval ON audit (approval_id, seq) WHERE approval_id IS NOT NULL;

-- Against mistakes; against whoever owns the file there are the signed checkpoints and receipts.
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END;
CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END;

-- What the broker signed about the length and the head of the audit.
CREATE TABLE checkpoints (
    seq    BIGINT PRIMARY KEY,
    at     BIGINT NOT NULL,
    signed TEXT NOT NULL
);

-- Ed25519. The private half stands here sealed; it is NULL once the key is revoked. A retired key still signs what was decided in its time.
CREATE TABLE signing_keys (
    id         TEXT PRIMARY KEY,
    public_key TEXT NOT NULL,
    sealed     TEXT,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);
