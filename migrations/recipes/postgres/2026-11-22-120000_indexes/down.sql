CREATE INDEX recipe_labels_label ON recipe_labels (kind, label, recipe_id);
CREATE INDEX recipe_tags_tag ON recipe_tags (tag, recipe_id);
DROP INDEX recipes_shown;
DROP INDEX recipes_owner;
CREATE INDEX recipes_owner ON recipes (owner_sub);
