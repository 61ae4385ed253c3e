-- Policies that admins set; the newest holds where there is no file.
CREATE TABLE policies (
    seq    INTEGER PRIMARY KEY AUTOINCREMENT,
    text   TEXT NOT NULL,
    set_by TEXT NOT NULL REFERENCES approvers (id),
    set_at BIGINT NOT NULL
);
