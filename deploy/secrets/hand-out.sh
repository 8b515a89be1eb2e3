#!/bin/bash
# Hands each container the secrets that it is to read, and no other: copies them from the folder that
# `auth-service secrets` wrote to one volume for each reader, owned by the reader's user, folders 0700 and files 0600.
# A file that has not changed is left alone, so that this can run beside the readers.
set -euo pipefail
umask 077

# give READER USER FILE…: a FILE is a path below /from; * stands for every version of a secret.
give() {
  local to=/to/$1 user=$2 path
  shift 2
  install -d -o "$user" -g "$user" -m 0700 "$to"
  for path in "$@"; do
    [[ -e /from/$path ]] || { echo "hand-out: there is no $path" >&2; exit 1; }
    [[ $path == compose/* ]] || install -d -o "$user" -g "$user" -m 0700 "$to/${path%/*}"
    copy "/from/$path" "$to/${path#compose/}" "$user"
  done
}

copy() {
  cmp -s "$1" "$2" && return
  install -o "$3" -g "$3" -m 0600 "$1" "$2.new"
  mv -f "$2.new" "$2"
}

cd /from
give auth 10001 auth/* feed/* people/* seal/* compose/auth-database-url compose/auth-redis-url
give recipes 10001 recipes/* feed/* people/* seal/* compose/recipes-database-url compose/recipes-redis-url
give postgres 999 compose/postgres-password compose/auth-db-password compose/recipes-db-password
give redis 999 compose/redis.acl
