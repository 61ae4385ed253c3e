-- Secrets stand here sealed; the key is no part of the database.
CREATE TABLE endpoints (
    id              TEXT COLLATE "C" PRIMARY KEY,
    requester_id    TEXT COLLATE "C" NOT NULL REFERENCES requesters (id),
    url             TEXT COLLATE "C" NOT NULL,
    secret          TEXT COLLATE "C" NOT NULL,
    previous_secret TEXT COLLATE "C",
    previous_until  BIGINT,
    created_at      BIGINT NOT NULL,
    disabled_at     BIGINT,
    disabled_reason TEXT COLLATE "C",
    failing_since   BIGINT,
    UNIQUE (requester_id, url)
);

CREATE INDEX endpoints_by_age ON endpoints (created_at, id);

-- One row for each approval and URL, stored with the decision. lane: what waits for each other.
CREATE TABLE deliveries (
    id           TEXT COLLATE "C" PRIMARY KEY,
    approval_id  TEXT COLLATE "C" NOT NULL REFERENCES approvals (id),
    requester_id TEXT COLLATE "C" NOT NULL,
    url          TEXT COLLATE "C" NOT NULL,
    endpoint_id  TEXT COLLATE "C" REFERENCES endpoints (id),
    lane         TEXT COLLATE "C" NOT NULL,
    state        TEXT COLLATE "C" NOT NULL,
    created_at   BIGINT NOT NULL,
    next_at      BIGINT,
    attempts     INTEGER NOT NULL,
    failures     INTEGER NOT NULL,
    lease_until  BIGINT,
    ended_at     BIGINT,
    UNIQUE (approval_id, url)
);

CREATE INDEX deliveries_due ON deliveries (lane, next_at) WHERE state = 'pending';
CREATE INDEX deliveries_held ON deliveries (endpoint_id) WHERE state = 'held';
CREATE INDEX deliveries_leased ON deliveries (lease_until) WHERE lease_until IS NOT NULL;
CREATE INDEX deliveries_by_age ON deliveries (created_at, id);
CREATE INDEX deliveries_of_endpoint ON deliveries (endpoint_id, created_at, id);
CREATE INDEX deliveries_of_requester ON deliveries (requester_id, created_at, id);
CREATE INDEX deliveries_by_state ON deliveries (state, created_at, id);

CREATE TABLE attempts (
    delivery_id TEXT COLLATE "C" NOT NULL REFERENCES deliveries (id),
    number      INTEGER NOT NULL,
    at          BIGINT NOT NULL,
    duration_ms BIGINT NOT NULL,
    status      INTEGER,
    failure     TEXT COLLATE "C",
    answer      TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (delivery_id, number)
);
