-- What one person keeps to themselves about a recipe that they may read.
CREATE TABLE recipe_personal (
    recipe_id  BLOB NOT NULL REFERENCES recipes (id) ON DELETE CASCADE,
    sub        TEXT NOT NULL,
    rating     INTEGER CHECK (rating BETWEEN 1 AND 5),
    favourite  INTEGER NOT NULL,
    note       TEXT,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (recipe_id, sub)
) STRICT;
CREATE INDEX recipe_personal_sub ON recipe_personal (sub, recipe_id);

-- All ratings of a recipe: their sum, their number, and a thousand times their mean, which lists sort by.
ALTER TABLE recipes ADD COLUMN rating_sum INTEGER NOT NULL DEFAULT 0;
ALTER TABLE recipes ADD COLUMN rating_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE recipes ADD COLUMN rating_key INTEGER GENERATED ALWAYS AS (rating_sum * 1000 / nullif(rating_count, 0)) VIRTUAL;

CREATE INDEX recipes_trash ON recipes (owner_sub, deleted_at, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX recipes_trash_age ON recipes (deleted_at) WHERE deleted_at IS NOT NULL;
