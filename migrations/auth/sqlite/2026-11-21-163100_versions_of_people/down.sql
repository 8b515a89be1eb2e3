ALTER TABLE people_events DROP COLUMN min_uv;
