DROP TRIGGER recipe_is_shown_to;
DROP INDEX recipe_tags_shown;
DROP INDEX recipe_labels_shown;
ALTER TABLE recipe_search DROP COLUMN shown_to;
ALTER TABLE recipe_labels DROP COLUMN shown_to;
ALTER TABLE recipe_tags DROP COLUMN shown_to;
ALTER TABLE recipes DROP COLUMN shown_to;
