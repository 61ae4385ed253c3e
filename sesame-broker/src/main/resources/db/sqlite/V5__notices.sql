-- Where a channel reaches an approver: with telegram, the number of a linked account.
CREATE TABLE contacts (
    channel     TEXT NOT NULL,
    address     TEXT NOT NULL,
    approver_id TEXT NOT NULL REFERENCES approvers (id),
    since       BIGINT NOT NULL,
    PRIMARY KEY (channel, address)
);

CREATE INDEX contacts_of_approver ON contacts (approver_id);

-- What an approver is to be told of an approval, stored with the event that it tells of. next_at: when it is sent, NULL once it has ended.
CREATE TABLE notices (
    seq         INTEGER PRIMARY KEY AUTOINCREMENT,
    approval_id TEXT NOT NULL REFERENCES approvals (id),
    kind        TEXT NOT NULL,
    approver_id TEXT NOT NULL REFERENCES approvers (id),
    channel     TEXT NOT NULL,
    address     TEXT NOT NULL,
    state       TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    next_at     BIGINT,
    attempts    INTEGER NOT NULL,
    ended_at    BIGINT,
    detail      TEXT,
    UNIQUE (approval_id, kind, channel, address)
);

CREATE INDEX notices_due ON notices (channel, address, next_at) WHERE state = 'pending';

-- One-time codes, as hashes: whoever sends one to the bot links that account to the approver.
CREATE TABLE telegram_codes (
    approver_id TEXT PRIMARY KEY REFERENCES approvers (id),
    code_hash   TEXT NOT NULL UNIQUE,
    expires_at  BIGINT NOT NULL
);

-- What a pressed button stands for; the button itself carries only a random text, of which this is the hash.
CREATE TABLE telegram_buttons (
    handle_hash TEXT PRIMARY KEY,
    approval_id TEXT NOT NULL REFERENCES approvals (id),
    approver_id TEXT NOT NULL REFERENCES approvers (id),
    chat        TEXT NOT NULL,
    meaning     TEXT NOT NULL,
    used_at     BIGINT
);

CREATE INDEX telegram_buttons_of_approval ON telegram_buttons (approval_id, chat);

-- Messages that the bot sent about an approval. is_question: whether a reply to it is the note of a denial.
CREATE TABLE telegram_messages (
    chat        TEXT NOT NULL,
    message_id  BIGINT NOT NULL,
    approval_id TEXT NOT NULL REFERENCES approvals (id),
    is_question INTEGER NOT NULL,
    PRIMARY KEY (chat, message_id)
);

CREATE INDEX telegram_messages_of_approval ON telegram_messages (approval_id, chat);

-- Updates that were dealt with, kept for some days: what comes twice does nothing twice.
CREATE TABLE telegram_updates (
    update_id BIGINT PRIMARY KEY,
    at        BIGINT NOT NULL
);

CREATE INDEX telegram_updates_by_age ON telegram_updates (at);
