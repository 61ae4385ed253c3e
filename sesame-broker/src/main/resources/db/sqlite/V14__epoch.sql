-- Where a restore began another history; none: this is the first. A place in the events of one history means nothing in another.
CREATE TABLE epochs (
    seq      INTEGER PRIMARY KEY AUTOINCREMENT,
    id       TEXT NOT NULL UNIQUE,
    began_at BIGINT NOT NULL
);
