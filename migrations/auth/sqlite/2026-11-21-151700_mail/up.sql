-- What goes out by mail, until it is sent. Neither its text nor a link is here: both are made when it is sent.
CREATE TABLE mails (
    id         BLOB PRIMARY KEY,
    kind       TEXT NOT NULL,
    address    TEXT NOT NULL,
    user_id    BLOB REFERENCES users (id) ON DELETE CASCADE,
    link_id    BLOB,
    detail     TEXT NOT NULL,
    tries      INTEGER NOT NULL,
    due_at     INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX mails_due ON mails (due_at);
CREATE INDEX mails_user ON mails (user_id);

CREATE TABLE links (
    id          BLOB PRIMARY KEY,
    user_id     BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    purpose     TEXT NOT NULL CHECK (purpose IN ('reset', 'verify')),
    address     TEXT NOT NULL,
    secret_hash BLOB NOT NULL,
    key_version INTEGER NOT NULL,
    uv          INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    spent_at    INTEGER
) STRICT;
-- A newer one takes the place of the one before.
CREATE UNIQUE INDEX links_one_good ON links (user_id, purpose) WHERE spent_at IS NULL;
CREATE INDEX links_lately ON links (user_id, purpose, created_at);
CREATE INDEX links_expired ON links (expires_at);
