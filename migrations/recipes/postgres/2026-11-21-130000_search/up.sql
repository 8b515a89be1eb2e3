-- The words of each recipe, as the service cuts them: those of its title once more behind a mark, those of its ingredient
-- lines with the weight B. `version` is the recipe's whose words these are, `format` the way in which they were cut;
-- `number` names the row as in SQLite.
CREATE TABLE recipe_search (
    recipe_id UUID PRIMARY KEY REFERENCES recipes (id) ON DELETE CASCADE,
    number    BIGINT GENERATED ALWAYS AS IDENTITY,
    version   BIGINT NOT NULL,
    format    SMALLINT NOT NULL,
    words     TSVECTOR NOT NULL
);
CREATE INDEX recipe_search_words ON recipe_search USING GIN (words);
