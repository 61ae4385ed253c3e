-- Work that one broker does at a time for all on this database: who does it, since which term of office, and until when unless they renew.
-- A broker with a database of its own needs none: the embedded one has no such table.
CREATE TABLE leases (
    name   TEXT COLLATE "C" PRIMARY KEY,
    holder TEXT COLLATE "C" NOT NULL,
    term   BIGINT NOT NULL,
    until  TIMESTAMPTZ NOT NULL
);
