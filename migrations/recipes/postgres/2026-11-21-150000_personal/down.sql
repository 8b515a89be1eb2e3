DROP INDEX recipes_trash_age;
DROP INDEX recipes_trash;
ALTER TABLE recipes DROP COLUMN rating_key;
ALTER TABLE recipes DROP COLUMN rating_count;
ALTER TABLE recipes DROP COLUMN rating_sum;
DROP TABLE recipe_personal;
