CREATE TABLE dishes (
    id uuid PRIMARY KEY,
    name text NOT NULL UNIQUE,
    servings integer NOT NULL DEFAULT 1,
    cooked_at timestamptz,
    document jsonb
);
