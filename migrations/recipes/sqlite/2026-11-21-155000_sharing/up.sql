-- A link by which anyone reads a recipe until it expires. Of its token only the SHA-256 is kept.
CREATE TABLE shares (
    id         BLOB PRIMARY KEY,
    recipe_id  BLOB NOT NULL REFERENCES recipes (id) ON DELETE CASCADE,
    token_hash BLOB NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX shares_recipe ON shares (recipe_id, id);
CREATE INDEX shares_expires ON shares (expires_at);

-- Which recipe came of a call that may be repeated, and the SHA-256 of its body.
CREATE TABLE idempotency_keys (
    sub        TEXT NOT NULL,
    route      TEXT NOT NULL,
    key        TEXT NOT NULL,
    body_hash  BLOB NOT NULL,
    recipe_id  BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (sub, route, key)
) STRICT;
CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);

-- What recipes are filtered by and counted by besides tags, folded as tags are. They are written with the words of a
-- recipe.
CREATE TABLE recipe_labels (
    recipe_id BLOB NOT NULL REFERENCES recipes (id) ON DELETE CASCADE,
    kind      TEXT NOT NULL,
    label     TEXT NOT NULL,
    PRIMARY KEY (recipe_id, kind, label)
) STRICT;
CREATE INDEX recipe_labels_label ON recipe_labels (kind, label, recipe_id);

-- In seconds.
ALTER TABLE recipes ADD COLUMN total_time INTEGER GENERATED ALWAYS AS (json_extract(times, '$.total')) VIRTUAL;

CREATE INDEX recipes_public_time ON recipes (total_time, id) WHERE deleted_at IS NULL AND visibility = 'public';
CREATE INDEX recipes_public_rating ON recipes (rating_key, id) WHERE deleted_at IS NULL AND visibility = 'public';
CREATE INDEX recipes_home_time ON recipes (household_id, total_time, id) WHERE deleted_at IS NULL AND visibility <> 'public';
CREATE INDEX recipes_home_rating ON recipes (household_id, rating_key, id) WHERE deleted_at IS NULL AND visibility <> 'public';
