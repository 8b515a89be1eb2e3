-- To whom lists show a recipe: everyone (nought), else its household; nobody while it is in the trash. It stands beside its
-- tags, labels and words as well, so that these are counted without a look at each recipe.
ALTER TABLE recipes ADD COLUMN shown_to BLOB GENERATED ALWAYS AS (
    CASE WHEN deleted_at IS NULL THEN
        CASE visibility WHEN 'public' THEN x'00000000000000000000000000000000' ELSE household_id END
    END
) VIRTUAL;
ALTER TABLE recipe_tags ADD COLUMN shown_to BLOB;
ALTER TABLE recipe_labels ADD COLUMN shown_to BLOB;
ALTER TABLE recipe_search ADD COLUMN shown_to BLOB;

UPDATE recipe_tags SET shown_to = (SELECT r.shown_to FROM recipes r WHERE r.id = recipe_id);
UPDATE recipe_labels SET shown_to = (SELECT r.shown_to FROM recipes r WHERE r.id = recipe_id);
UPDATE recipe_search SET shown_to = (SELECT r.shown_to FROM recipes r WHERE r.id = recipe_id);

CREATE TRIGGER recipe_is_shown_to AFTER UPDATE OF deleted_at, visibility, household_id ON recipes
WHEN old.shown_to IS NOT new.shown_to BEGIN
    UPDATE recipe_tags SET shown_to = new.shown_to WHERE recipe_id = new.id;
    UPDATE recipe_labels SET shown_to = new.shown_to WHERE recipe_id = new.id;
    UPDATE recipe_search SET shown_to = new.shown_to WHERE recipe_id = new.id;
END;

CREATE INDEX recipe_tags_shown ON recipe_tags (shown_to, tag);
CREATE INDEX recipe_labels_shown ON recipe_labels (shown_to, kind, label);
