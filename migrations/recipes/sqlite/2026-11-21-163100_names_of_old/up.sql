-- By what another issuer's old tokens name a person, and below which version tokens of theirs count no more.
ALTER TABLE people ADD COLUMN min_uv INTEGER NOT NULL DEFAULT 0;
CREATE INDEX people_external_id ON people (external_id) WHERE external_id IS NOT NULL;
