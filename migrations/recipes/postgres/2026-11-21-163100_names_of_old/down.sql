DROP INDEX people_external_id;
ALTER TABLE people DROP COLUMN min_uv;
