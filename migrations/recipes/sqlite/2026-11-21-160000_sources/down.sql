DROP INDEX recipes_source;
ALTER TABLE recipes DROP COLUMN source_key;
