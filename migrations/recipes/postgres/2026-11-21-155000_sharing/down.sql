DROP INDEX recipes_home_rating;
DROP INDEX recipes_home_time;
DROP INDEX recipes_public_rating;
DROP INDEX recipes_public_time;
ALTER TABLE recipes DROP COLUMN total_time;
DROP TABLE recipe_labels;
DROP TABLE idempotency_keys;
DROP TABLE shares;
