-- What the addresses of one page have in common: by it an import finds what was imported before.
ALTER TABLE recipes ADD COLUMN source_key TEXT;

CREATE INDEX recipes_source ON recipes (owner_sub, source_key) WHERE source_key IS NOT NULL AND deleted_at IS NULL;
