-- Which row of the index below is whose. `version` is the recipe's whose words these are, `format` the way in which they
-- were cut.
CREATE TABLE recipe_search (
    recipe_id BLOB NOT NULL UNIQUE REFERENCES recipes (id) ON DELETE CASCADE,
    number    INTEGER PRIMARY KEY,
    version   INTEGER NOT NULL,
    format    INTEGER NOT NULL
) STRICT;

-- The words of each recipe, as the service cuts them: its tokenizer only parts them at blanks again. Marks belong to the
-- letters before them.
CREATE VIRTUAL TABLE recipe_words USING fts5 (
    title, ingredients, others,
    content = '', contentless_delete = 1, prefix = '1',
    tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N* Co'"
);

CREATE TRIGGER recipe_search_deleted AFTER DELETE ON recipe_search BEGIN
    DELETE FROM recipe_words WHERE rowid = old.number;
END;
