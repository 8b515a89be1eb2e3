CREATE TABLE clients (
    id          BLOB PRIMARY KEY,
    name        TEXT NOT NULL,
    secret_hash BLOB NOT NULL,
    scopes      TEXT NOT NULL,
    audiences   TEXT NOT NULL,
    uv          INTEGER NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('active', 'disabled')),
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL
) STRICT;

-- Every request to auth-service asks whether its token was revoked.
CREATE INDEX revocations_token ON revocations (target) WHERE kind = 'token';
