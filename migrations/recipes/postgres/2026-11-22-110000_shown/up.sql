-- To whom lists show a recipe: everyone (nought), else its household; nobody while it is in the trash. It stands beside its
-- tags, labels and words as well, so that these are counted without a look at each recipe.
ALTER TABLE recipes ADD COLUMN shown_to UUID GENERATED ALWAYS AS (
    CASE WHEN deleted_at IS NULL THEN
        CASE visibility WHEN 'public' THEN '00000000-0000-0000-0000-000000000000'::uuid ELSE household_id END
    END
) STORED;
ALTER TABLE recipe_tags ADD COLUMN shown_to UUID;
ALTER TABLE recipe_labels ADD COLUMN shown_to UUID;
ALTER TABLE recipe_search ADD COLUMN shown_to UUID;

UPDATE recipe_tags SET shown_to = (SELECT r.shown_to FROM recipes r WHERE r.id = recipe_id);
UPDATE recipe_labels SET shown_to = (SELECT r.shown_to FROM recipes r WHERE r.id = recipe_id);
UPDATE recipe_search SET shown_to = (SELECT r.shown_to FROM recipes r WHERE r.id = recipe_id);

CREATE FUNCTION recipe_is_shown_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE recipe_tags SET shown_to = NEW.shown_to WHERE recipe_id = NEW.id;
    UPDATE recipe_labels SET shown_to = NEW.shown_to WHERE recipe_id = NEW.id;
    UPDATE recipe_search SET shown_to = NEW.shown_to WHERE recipe_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER recipe_is_shown_to AFTER UPDATE ON recipes FOR EACH ROW
WHEN (OLD.shown_to IS DISTINCT FROM NEW.shown_to) EXECUTE FUNCTION recipe_is_shown_to();

CREATE INDEX recipe_tags_shown ON recipe_tags (shown_to, tag);
CREATE INDEX recipe_labels_shown ON recipe_labels (shown_to, kind, label);
