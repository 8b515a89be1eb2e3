CREATE TABLE secret_checks (
    name    TEXT NOT NULL,
    version SMALLINT NOT NULL,
    value   BYTEA NOT NULL,
    PRIMARY KEY (name, version)
);

-- What the people feed says; a row with `deleted_at` is a tombstone and stays.
CREATE TABLE people (
    sub         TEXT PRIMARY KEY,
    name        TEXT,
    external_id TEXT,
    deleted_at  TIMESTAMPTZ
);

CREATE TABLE people_cursor (
    id     SMALLINT PRIMARY KEY CHECK (id = 1),
    cursor TEXT NOT NULL
);

CREATE TABLE households (
    id          UUID PRIMARY KEY,
    personal_of TEXT CONSTRAINT households_personal_of_key UNIQUE,
    created_at  TIMESTAMPTZ NOT NULL
);

CREATE TABLE household_members (
    sub          TEXT NOT NULL,
    household_id UUID NOT NULL REFERENCES households (id) ON DELETE CASCADE,
    joined_at    TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (sub, household_id)
);
CREATE INDEX household_members_household ON household_members (household_id);

-- `document`, `tags`, `times` and `cover` are JSON as it is answered; the document comes last, so that a list need not
-- read past it. `title_key`, `language` and the tags below are folded, for sorting and comparing.
CREATE TABLE recipes (
    id           UUID PRIMARY KEY,
    household_id UUID NOT NULL REFERENCES households (id),
    owner_sub    TEXT NOT NULL,
    version      BIGINT NOT NULL,
    format       SMALLINT NOT NULL,
    visibility   TEXT NOT NULL CHECK (visibility IN ('private', 'unlisted', 'public')),
    title        TEXT NOT NULL,
    title_key    TEXT COLLATE "C" NOT NULL,
    slug         TEXT NOT NULL,
    language     TEXT,
    source_url   TEXT,
    tags         TEXT NOT NULL,
    times        TEXT,
    cover        TEXT,
    created_at   TIMESTAMPTZ NOT NULL,
    updated_at   TIMESTAMPTZ NOT NULL,
    published_at TIMESTAMPTZ,
    deleted_at   TIMESTAMPTZ,
    document     TEXT NOT NULL
);
-- Lists are of what is public and of what a household has besides: each has an index for each order.
CREATE INDEX recipes_public_updated ON recipes (updated_at, id) WHERE deleted_at IS NULL AND visibility = 'public';
CREATE INDEX recipes_public_created ON recipes (created_at, id) WHERE deleted_at IS NULL AND visibility = 'public';
CREATE INDEX recipes_public_title ON recipes (title_key, id) WHERE deleted_at IS NULL AND visibility = 'public';
CREATE INDEX recipes_home_updated ON recipes (household_id, updated_at, id) WHERE deleted_at IS NULL AND visibility <> 'public';
CREATE INDEX recipes_home_created ON recipes (household_id, created_at, id) WHERE deleted_at IS NULL AND visibility <> 'public';
CREATE INDEX recipes_home_title ON recipes (household_id, title_key, id) WHERE deleted_at IS NULL AND visibility <> 'public';
CREATE INDEX recipes_public_owner ON recipes (owner_sub, updated_at, id) WHERE deleted_at IS NULL AND visibility = 'public';
CREATE INDEX recipes_owner ON recipes (owner_sub);

CREATE TABLE recipe_tags (
    recipe_id UUID NOT NULL REFERENCES recipes (id) ON DELETE CASCADE,
    tag       TEXT NOT NULL,
    PRIMARY KEY (recipe_id, tag)
);
CREATE INDEX recipe_tags_tag ON recipe_tags (tag, recipe_id);

CREATE TABLE revisions (
    recipe_id  UUID NOT NULL REFERENCES recipes (id) ON DELETE CASCADE,
    version    BIGINT NOT NULL,
    format     SMALLINT NOT NULL,
    visibility TEXT NOT NULL,
    document   TEXT NOT NULL,
    saved_by   TEXT NOT NULL,
    saved_at   TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (recipe_id, version)
);

INSERT INTO people_cursor (id, cursor) VALUES (1, '');
