#!/usr/bin/env bash
# Puts a backup back, into databases that are empty and a folder of secrets that is not there yet, while no service runs.
# Then it tells auth-service that its database was restored: tokens that were given since the backup, log-outs that it does
# not know of and keys whose revocation is lost must not count. Everybody logs in again.
#
# usage: deploy/restore.sh FOLDER
#
# Reads the variables that deploy/backup.sh reads. AUTH_SERVICE is the program (auth-service). Needs pg_restore and psql for
# Postgres.
set -euo pipefail
umask 077
source "$(dirname "${BASH_SOURCE[0]}")/databases.sh"
what=restore

(($# == 1)) || { sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2; }
folder=$1
[[ -s $folder/secrets.tar ]] || fail "$folder is no whole backup"
[[ ! -e $secrets ]] || fail "$secrets exists: move it away first"
if [[ -e $folder/images.tar ]]; then
  [[ $images != s3://* ]] || fail "the backup has images of a folder, and RECIPES_IMAGES is a bucket"
  [[ ! -e $images || -z $(ls -A "$images") ]] || fail "$images is not empty: move it away first"
fi

# All is looked at before anything is written.
for name in auth recipes; do
  url=$(url_of "$name")
  case $url in
    postgres://* | postgresql://*)
      [[ -s $folder/$name.dump ]] || fail "$folder has no $name.dump"
      postgres_environment "$url"
      tables=$(psql --no-psqlrc -Atc "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
      [[ $tables == 0 ]] || fail "$name: the database has $tables tables: restore into an empty one"
      ;;
    sqlite://*)
      [[ -s $folder/$name.db ]] || fail "$folder has no $name.db"
      [[ ! -e ${url#sqlite://} ]] || fail "${url#sqlite://} exists: move it and its -wal and -shm away first"
      ;;
    *) fail "$name: not a database: ${url%%:*}" ;;
  esac
done

mkdir -p "$secrets"
chmod 0700 "$secrets"
tar -C "$secrets" -xpf "$folder/secrets.tar"
if [[ -e $folder/images.tar ]]; then
  mkdir -p "$images"
  tar -C "$images" -xpf "$folder/images.tar"
fi
for name in auth recipes; do
  url=$(url_of "$name")
  case $url in
    sqlite://*) install -D -m 0600 "$folder/$name.db" "${url#sqlite://}" ;;
    *)
      postgres_environment "$url"
      # All or nothing, so that what failed can be tried again.
      pg_restore --single-transaction --exit-on-error --no-owner --no-privileges --dbname="$PGDATABASE" "$folder/$name.dump"
      ;;
  esac
  echo "$what: $name"
done
"${AUTH_SERVICE:-auth-service}" restored
echo "$what: done. Start the services; everybody logs in again"
