CREATE TABLE installation (
    id         SMALLINT PRIMARY KEY CHECK (id = 1),
    epoch      UUID NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE secret_checks (
    name    TEXT NOT NULL,
    version SMALLINT NOT NULL,
    value   BYTEA NOT NULL,
    PRIMARY KEY (name, version)
);

CREATE TABLE signing_keys (
    kid            TEXT PRIMARY KEY,
    alg            TEXT NOT NULL,
    state          TEXT NOT NULL CHECK (state IN ('next', 'current', 'retiring', 'retired', 'revoked')),
    sealed         BYTEA NOT NULL,
    master_version SMALLINT NOT NULL,
    created_at     TIMESTAMPTZ NOT NULL,
    signs_from     TIMESTAMPTZ NOT NULL,
    retired_at     TIMESTAMPTZ,
    revoked_at     TIMESTAMPTZ
);
CREATE UNIQUE INDEX signing_keys_one_current ON signing_keys (state) WHERE state = 'current';
CREATE UNIQUE INDEX signing_keys_one_next ON signing_keys (state) WHERE state = 'next';

CREATE TABLE users (
    id             UUID PRIMARY KEY,
    email          TEXT CONSTRAINT users_email_key UNIQUE,
    username       TEXT CONSTRAINT users_username_key UNIQUE,
    external_id    TEXT CONSTRAINT users_external_id_key UNIQUE,
    name           TEXT NOT NULL,
    locale         TEXT NOT NULL,
    email_verified BOOLEAN NOT NULL,
    uv             BIGINT NOT NULL,
    state          TEXT NOT NULL CHECK (state IN ('active', 'disabled', 'deleted')),
    roles          TEXT NOT NULL,
    ext            JSONB,
    created_at     TIMESTAMPTZ NOT NULL,
    updated_at     TIMESTAMPTZ NOT NULL
);

CREATE TABLE credentials (
    id         UUID PRIMARY KEY,
    user_id    UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind       TEXT NOT NULL,
    issuer     TEXT NOT NULL,
    subject    TEXT NOT NULL,
    secret     TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT credentials_subject_key UNIQUE (kind, issuer, subject)
);
CREATE INDEX credentials_user ON credentials (user_id, kind);

CREATE TABLE sessions (
    id               UUID PRIMARY KEY,
    user_id          UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    client_id        TEXT NOT NULL,
    state            TEXT NOT NULL CHECK (state IN ('active', 'ended')),
    generation       BIGINT NOT NULL,
    secret_hash      BYTEA NOT NULL,
    key_version      SMALLINT NOT NULL,
    prev_hash        BYTEA,
    prev_key_version SMALLINT,
    rotated_at       TIMESTAMPTZ NOT NULL,
    replays          INTEGER NOT NULL,
    idle_expires_at  TIMESTAMPTZ NOT NULL,
    max_expires_at   TIMESTAMPTZ NOT NULL,
    uv               BIGINT NOT NULL,
    roles            TEXT NOT NULL,
    scope            TEXT NOT NULL,
    audiences        TEXT NOT NULL,
    amr              TEXT NOT NULL,
    auth_time        TIMESTAMPTZ NOT NULL,
    ext              JSONB,
    ip               TEXT,
    user_agent       TEXT,
    created_at       TIMESTAMPTZ NOT NULL,
    ended_at         TIMESTAMPTZ,
    end_reason       TEXT
) WITH (fillfactor = 80);
CREATE INDEX sessions_user ON sessions (user_id, created_at);

CREATE TABLE feeds (
    name TEXT PRIMARY KEY,
    head BIGINT NOT NULL,
    tag  TEXT NOT NULL
);

CREATE TABLE revocations (
    seq        BIGINT PRIMARY KEY,
    tag        TEXT NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('session', 'token', 'subject', 'key', 'keys_changed')),
    target     TEXT NOT NULL,
    min_uv     BIGINT,
    until      TIMESTAMPTZ
);
CREATE INDEX revocations_until ON revocations (until);

CREATE TABLE people_events (
    seq         BIGINT PRIMARY KEY,
    tag         TEXT NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('named', 'deleted')),
    sub         TEXT NOT NULL,
    name        TEXT,
    external_id TEXT,
    recipes     TEXT CHECK (recipes IN ('delete', 'keep'))
);

CREATE TABLE audit (
    id       UUID PRIMARY KEY,
    at       TIMESTAMPTZ NOT NULL,
    event    TEXT NOT NULL,
    user_id  UUID,
    session  UUID,
    detail   JSONB NOT NULL,
    personal JSONB
);
CREATE INDEX audit_user ON audit (user_id, at);

INSERT INTO feeds (name, head, tag) VALUES ('revocations', 0, '0'), ('people', 0, '0');
