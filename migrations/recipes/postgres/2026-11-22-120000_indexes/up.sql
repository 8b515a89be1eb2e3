-- What is asked of one recipe names its owner, too. With the id beside the owner no index reads all that somebody has for it:
-- a database that counted its rows when there were none takes either index for as good as the other.
DROP INDEX recipes_owner;
CREATE INDEX recipes_owner ON recipes (owner_sub, id);

-- How many recipes somebody is shown is counted in an index alone.
CREATE INDEX recipes_shown ON recipes (shown_to);

-- What they were for is read by whom it is shown to. To count labels SQLite still took the one of them, and looked up whether
-- each is shown.
DROP INDEX recipe_tags_tag;
DROP INDEX recipe_labels_label;
