-- Tokens of the person of a lower version count no more; said of those whom another system knows.
ALTER TABLE people_events ADD COLUMN min_uv INTEGER;
