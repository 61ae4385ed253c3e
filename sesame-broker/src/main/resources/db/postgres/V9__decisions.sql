-- Groups of approvers. A name is free again once its group has ended.
CREATE TABLE approver_groups (
    id         TEXT COLLATE "C" PRIMARY KEY,
    name       TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);

CREATE UNIQUE INDEX approver_groups_by_name ON approver_groups (name) WHERE revoked_at IS NULL;

CREATE TABLE group_members (
    group_id    TEXT COLLATE "C" NOT NULL REFERENCES approver_groups (id),
    approver_id TEXT COLLATE "C" NOT NULL REFERENCES approvers (id),
    since       BIGINT NOT NULL,
    PRIMARY KEY (group_id, approver_id)
);

CREATE INDEX group_members_of_approver ON group_members (approver_id);

-- 1: the owner may answer what the requester asks.
ALTER TABLE requesters ADD COLUMN allow_self INTEGER NOT NULL DEFAULT 0;

-- One row, whose version grows whenever others may answer than before: a vote is stored only while that stands as it was judged by.
CREATE TABLE electorate (
    version BIGINT NOT NULL
);

INSERT INTO electorate (version) VALUES (1);
