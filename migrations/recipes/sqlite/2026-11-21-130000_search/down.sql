DROP TABLE recipe_words;
DROP TABLE recipe_search;
