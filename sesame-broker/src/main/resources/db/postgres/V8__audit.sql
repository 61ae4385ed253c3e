-- What happened, each entry bound by its hash to all before it. No references: it outlives what it tells of.
CREATE TABLE audit (
    seq         BIGINT PRIMARY KEY,
    at          BIGINT NOT NULL,
    fact        TEXT COLLATE "C" NOT NULL,
    approval_id TEXT COLLATE "C",
    version     INTEGER,
    details     TEXT COLLATE "C" NOT NULL,
    hash        TEXT COLLATE "C" NOT NULL
);

CREATE INDEX audit_of_approval ON audit (approval_id, seq) WHERE approval_id IS NOT NULL;

-- Against mistakes; against whoever owns the database there are the signed checkpoints and receipts.
CREATE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the audit only grows'; END $$;
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_only_grows();
CREATE TRIGGER audit_is_never_emptied BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows();

-- What the broker signed about the length and the head of the audit.
CREATE TABLE checkpoints (
    seq    BIGINT PRIMARY KEY,
    at     BIGINT NOT NULL,
    signed TEXT COLLATE "C" NOT NULL
);

-- Ed25519. The private half stands here sealed; it is NULL once the key is revoked. A retired key still signs what was decided in its time.
CREATE TABLE signing_keys (
    id         TEXT COLLATE "C" PRIMARY KEY,
    public_key TEXT COLLATE "C" NOT NULL,
    sealed     TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);
