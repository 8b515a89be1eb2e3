DROP TABLE revisions;
DROP TABLE recipe_tags;
DROP TABLE recipes;
DROP TABLE household_members;
DROP TABLE households;
DROP TABLE people_cursor;
DROP TABLE people;
DROP TABLE secret_checks;
