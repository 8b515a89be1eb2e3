-- The images that are kept as files, by the SHA-256 of these. `image` is JSON. `idle_since`: since when no recipe has had it,
-- as far as was looked. One that is `going` is being erased, and nobody's any more.
CREATE TABLE images (
    hash       TEXT PRIMARY KEY,
    image      TEXT NOT NULL,
    idle_since TIMESTAMPTZ,
    going      BOOLEAN NOT NULL
);
CREATE INDEX images_idle ON images (idle_since) WHERE idle_since IS NOT NULL;

-- The images that a recipe has, or had in a version that is kept.
CREATE TABLE recipe_images (
    recipe_id UUID NOT NULL REFERENCES recipes (id) ON DELETE CASCADE,
    hash      TEXT NOT NULL REFERENCES images (hash),
    PRIMARY KEY (recipe_id, hash)
);
CREATE INDEX recipe_images_hash ON recipe_images (hash);

-- JSON, as `cover` is: the images of steps by the ids of these.
ALTER TABLE recipes ADD COLUMN step_images TEXT;
ALTER TABLE revisions ADD COLUMN cover TEXT;
ALTER TABLE revisions ADD COLUMN step_images TEXT;
