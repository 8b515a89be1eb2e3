-- What goes out by mail, until it is sent. Neither its text nor a link is here: both are made when it is sent.
CREATE TABLE mails (
    id         UUID PRIMARY KEY,
    kind       TEXT NOT NULL,
    address    TEXT NOT NULL,
    user_id    UUID REFERENCES users (id) ON DELETE CASCADE,
    link_id    UUID,
    detail     JSONB NOT NULL,
    tries      BIGINT NOT NULL,
    due_at     TIMESTAMPTZ NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX mails_due ON mails (due_at);
CREATE INDEX mails_user ON mails (user_id);

CREATE TABLE links (
    id          UUID PRIMARY KEY,
    user_id     UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    purpose     TEXT NOT NULL CHECK (purpose IN ('reset', 'verify')),
    address     TEXT NOT NULL,
    secret_hash BYTEA NOT NULL,
    key_version SMALLINT NOT NULL,
    uv          BIGINT NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL,
    expires_at  TIMESTAMPTZ NOT NULL,
    spent_at    TIMESTAMPTZ
);
-- A newer one takes the place of the one before.
CREATE UNIQUE INDEX links_one_good ON links (user_id, purpose) WHERE spent_at IS NULL;
CREATE INDEX links_lately ON links (user_id, purpose, created_at);
CREATE INDEX links_expired ON links (expires_at);
