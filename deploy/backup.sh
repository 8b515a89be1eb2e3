#!/usr/bin/env bash
# Writes both databases, the images of recipes and the secrets into a folder, while the services run. Without its secrets a database is of no use:
# whoever has both can read everything, so keep the folder as you keep the secrets themselves.
#
# usage: deploy/backup.sh FOLDER          the folder must not exist yet
#
# Reads AUTH_DATABASE_URL and RECIPES_DATABASE_URL (sqlite://PATH or postgres://…) and AUTH_SECRETS_DIR, or where they are
# not set, the files under AUTH_DATA_DIR (./data), and RECIPES_IMAGES ({RECIPES_DATA_DIR}/images). Needs pg_dump for Postgres, sqlite3 or python3 for SQLite.
set -euo pipefail
umask 077
source "$(dirname "${BASH_SOURCE[0]}")/databases.sh"
what=backup

(($# == 1)) || { sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2; }
folder=$1
[[ ! -e $folder ]] || fail "$folder exists: a backup never replaces another"
[[ -d $secrets ]] || fail "there is no folder of secrets at $secrets"
mkdir -p "$folder.part"
trap 'rm -rf "$folder.part"' EXIT

# Recipes first: whom a recipe belongs to is then in the copy of the accounts, which is a moment younger.
for name in recipes auth; do
  url=$(url_of "$name")
  case $url in
    postgres://* | postgresql://*)
      postgres_environment "$url"
      pg_dump --format=custom --no-owner --no-privileges --file="$folder.part/$name.dump"
      ;;
    sqlite://*) copy_sqlite "${url#sqlite://}" "$folder.part/$name.db" ;;
    *) fail "$name: not a database: ${url%%:*}" ;;
  esac
  echo "$what: $name"
done
# After the recipes: an image that no recipe has any more is kept for a day.
case $images in
  s3://*) echo "$what: the images are in $images, which is not copied" ;;
  *) [[ ! -d $images ]] || { tar -C "$images" --exclude='*#*' -cf "$folder.part/images.tar" . && echo "$what: images"; } ;;
esac
tar -C "$secrets" -cf "$folder.part/secrets.tar" .
mv "$folder.part" "$folder"
trap - EXIT
echo "$what: $folder is whole"
