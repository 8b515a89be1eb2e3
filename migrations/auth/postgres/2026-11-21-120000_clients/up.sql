CREATE TABLE clients (
    id          UUID PRIMARY KEY,
    name        TEXT NOT NULL,
    secret_hash BYTEA NOT NULL,
    scopes      TEXT NOT NULL,
    audiences   TEXT NOT NULL,
    uv          BIGINT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('active', 'disabled')),
    created_at  TIMESTAMPTZ NOT NULL,
    updated_at  TIMESTAMPTZ NOT NULL
);

-- Every request to auth-service asks whether its token was revoked.
CREATE INDEX revocations_token ON revocations (target) WHERE kind = 'token';
