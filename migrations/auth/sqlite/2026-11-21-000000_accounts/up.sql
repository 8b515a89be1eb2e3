CREATE TABLE installation (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    epoch      BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE secret_checks (
    name    TEXT NOT NULL,
    version INTEGER NOT NULL,
    value   BLOB NOT NULL,
    PRIMARY KEY (name, version)
) STRICT;

CREATE TABLE signing_keys (
    kid            TEXT PRIMARY KEY,
    alg            TEXT NOT NULL,
    state          TEXT NOT NULL CHECK (state IN ('next', 'current', 'retiring', 'retired', 'revoked')),
    sealed         BLOB NOT NULL,
    master_version INTEGER NOT NULL,
    created_at     INTEGER NOT NULL,
    signs_from     INTEGER NOT NULL,
    retired_at     INTEGER,
    revoked_at     INTEGER
) STRICT;
CREATE UNIQUE INDEX signing_keys_one_current ON signing_keys (state) WHERE state = 'current';
CREATE UNIQUE INDEX signing_keys_one_next ON signing_keys (state) WHERE state = 'next';

CREATE TABLE users (
    id             BLOB PRIMARY KEY,
    external_id    TEXT UNIQUE,
    username       TEXT UNIQUE,
    -- The last of them is looked at first: of an address and a name that are both taken, both databases name the address.
    email          TEXT UNIQUE,
    name           TEXT NOT NULL,
    locale         TEXT NOT NULL,
    email_verified INTEGER NOT NULL,
    uv             INTEGER NOT NULL,
    state          TEXT NOT NULL CHECK (state IN ('active', 'disabled', 'deleted')),
    roles          TEXT NOT NULL,
    ext            TEXT,
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL
) STRICT;

CREATE TABLE credentials (
    id         BLOB PRIMARY KEY,
    user_id    BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind       TEXT NOT NULL,
    issuer     TEXT NOT NULL,
    subject    TEXT NOT NULL,
    secret     TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (kind, issuer, subject)
) STRICT;
CREATE INDEX credentials_user ON credentials (user_id, kind);

CREATE TABLE sessions (
    id               BLOB PRIMARY KEY,
    user_id          BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    client_id        TEXT NOT NULL,
    state            TEXT NOT NULL CHECK (state IN ('active', 'ended')),
    generation       INTEGER NOT NULL,
    secret_hash      BLOB NOT NULL,
    key_version      INTEGER NOT NULL,
    prev_hash        BLOB,
    prev_key_version INTEGER,
    rotated_at       INTEGER NOT NULL,
    replays          INTEGER NOT NULL,
    idle_expires_at  INTEGER NOT NULL,
    max_expires_at   INTEGER NOT NULL,
    uv               INTEGER NOT NULL,
    roles            TEXT NOT NULL,
    scope            TEXT NOT NULL,
    audiences        TEXT NOT NULL,
    amr              TEXT NOT NULL,
    auth_time        INTEGER NOT NULL,
    ext              TEXT,
    ip               TEXT,
    user_agent       TEXT,
    created_at       INTEGER NOT NULL,
    ended_at         INTEGER,
    end_reason       TEXT
) STRICT;
CREATE INDEX sessions_user ON sessions (user_id, created_at);

CREATE TABLE feeds (
    name TEXT PRIMARY KEY,
    head INTEGER NOT NULL,
    tag  TEXT NOT NULL
) STRICT;

CREATE TABLE revocations (
    seq        INTEGER PRIMARY KEY,
    tag        TEXT NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('session', 'token', 'subject', 'key', 'keys_changed')),
    target     TEXT NOT NULL,
    min_uv     INTEGER,
    until      INTEGER
) STRICT;
CREATE INDEX revocations_until ON revocations (until);

CREATE TABLE people_events (
    seq         INTEGER PRIMARY KEY,
    tag         TEXT NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('named', 'deleted')),
    sub         TEXT NOT NULL,
    name        TEXT,
    external_id TEXT,
    recipes     TEXT CHECK (recipes IN ('delete', 'keep'))
) STRICT;

CREATE TABLE audit (
    id       BLOB PRIMARY KEY,
    at       INTEGER NOT NULL,
    event    TEXT NOT NULL,
    user_id  BLOB,
    session  BLOB,
    detail   TEXT NOT NULL,
    personal TEXT
) STRICT;
CREATE INDEX audit_user ON audit (user_id, at);

INSERT INTO feeds (name, head, tag) VALUES ('revocations', 0, '0'), ('people', 0, '0');
