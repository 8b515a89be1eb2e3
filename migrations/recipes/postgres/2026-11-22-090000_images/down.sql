ALTER TABLE revisions DROP COLUMN step_images;
ALTER TABLE revisions DROP COLUMN cover;
ALTER TABLE recipes DROP COLUMN step_images;
DROP TABLE recipe_images;
DROP TABLE images;
