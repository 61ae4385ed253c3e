-- Browsers that are told by web push. One that is on is a contact, too, with the id as its address. endpoint, p256dh and auth are as the
-- browser gave them out, NULL once the push service gave the device up, and lost says why. With them alone nobody can send to it, since
-- push services take only what the broker's own key has signed, and nobody can read what is sent: the key for that never leaves the browser.
CREATE TABLE push_devices (
    id          TEXT COLLATE "C" PRIMARY KEY,
    approver_id TEXT COLLATE "C" NOT NULL REFERENCES approvers (id),
    session_id  TEXT COLLATE "C" NOT NULL,
    endpoint    TEXT COLLATE "C" UNIQUE,
    p256dh      TEXT COLLATE "C",
    auth        TEXT COLLATE "C",
    browser     TEXT COLLATE "C" NOT NULL,
    created_at  BIGINT NOT NULL,
    seen_at     BIGINT NOT NULL,
    lost        TEXT COLLATE "C"
);

CREATE INDEX push_devices_of_approver ON push_devices (approver_id, created_at, id);
CREATE INDEX push_devices_of_session ON push_devices (session_id);
