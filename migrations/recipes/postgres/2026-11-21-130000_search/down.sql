DROP TABLE recipe_search;
