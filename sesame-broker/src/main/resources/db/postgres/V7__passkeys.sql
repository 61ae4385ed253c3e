-- Public keys of approvers (COSE, as base64url). rp_id: the host that it was made for, the only one where browsers offer it.
-- suspect_at: when its counter last went back, which a copied key would make it do.
CREATE TABLE passkeys (
    id                 TEXT COLLATE "C" PRIMARY KEY,
    approver_id        TEXT COLLATE "C" NOT NULL REFERENCES approvers (id),
    credential_id      TEXT COLLATE "C" NOT NULL UNIQUE,
    public_key         TEXT COLLATE "C" NOT NULL,
    rp_id              TEXT COLLATE "C" NOT NULL,
    name               TEXT COLLATE "C" NOT NULL,
    signature_count    BIGINT NOT NULL,
    transports         TEXT COLLATE "C" NOT NULL,
    is_backup_eligible INTEGER NOT NULL,
    is_backed_up       INTEGER NOT NULL,
    created_at         BIGINT NOT NULL,
    used_at            BIGINT,
    suspect_at         BIGINT
);

CREATE INDEX passkeys_of_approver ON passkeys (approver_id, created_at, id);

-- Challenges that were answered, as hashes, kept while their time lasts: none is answered twice.
CREATE TABLE spent_challenges (
    challenge_hash TEXT COLLATE "C" PRIMARY KEY,
    expires_at     BIGINT NOT NULL
);

CREATE INDEX spent_challenges_by_age ON spent_challenges (expires_at);
