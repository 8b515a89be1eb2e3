#!/bin/bash
# Runs once, when the Postgres container makes its cluster: a role and a database for each service. Neither role may
# connect to the other's database, nor to the superuser's.
set -euo pipefail

export PGPASSWORD=${PGPASSWORD:-$(</run/secrets/postgres-password)}

# psql reads the passwords itself: on its command line they would show in the list of processes.
psql --no-psqlrc --no-password --set ON_ERROR_STOP=1 --username postgres --dbname postgres <<'SQL'
\set auth_password `cat /run/secrets/auth-db-password`
\set recipes_password `cat /run/secrets/recipes-db-password`

CREATE ROLE auth LOGIN PASSWORD :'auth_password';
CREATE ROLE recipes LOGIN PASSWORD :'recipes_password';

-- The locale C sorts by bytes, as SQLite does.
CREATE DATABASE auth OWNER auth TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C';
CREATE DATABASE recipes OWNER recipes TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C';

REVOKE ALL ON DATABASE auth, recipes, postgres, template1 FROM PUBLIC;
SQL
