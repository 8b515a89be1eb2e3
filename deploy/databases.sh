# What backup.sh and restore.sh share: where the databases, the secrets and the images are. To be sourced.

data=${AUTH_DATA_DIR:-./data}
secrets=${AUTH_SECRETS_DIR:-$data/secrets}
images=${RECIPES_IMAGES:-${RECIPES_DATA_DIR:-$data}/images}

fail() {
  echo "$what: FAILED: $*" >&2
  exit 1
}

# url_of auth|recipes
url_of() {
  local variable=${1^^}_DATABASE_URL file
  file=${variable}_FILE
  if [[ -n ${!variable:-} ]]; then
    echo "${!variable}"
  elif [[ -n ${!file:-} ]]; then
    cat "${!file}"
  elif [[ $1 == recipes ]]; then
    echo "sqlite://${RECIPES_DATA_DIR:-$data}/recipes.db"
  else
    echo "sqlite://$data/auth.db"
  fi
}

decoded() { printf '%b' "${1//%/\\x}"; }

# postgres_environment URL: as libpq reads its environment, since an argument shows in the list of processes.
postgres_environment() {
  local rest=${1#*://} user='' host query='' pair
  unset PGUSER PGPASSWORD PGHOST PGPORT PGSSLMODE
  [[ $rest != *\?* ]] || { query=${rest#*\?} rest=${rest%%\?*}; }
  [[ $rest != *@* ]] || { user=${rest%@*} rest=${rest##*@}; }
  host=${rest%%/*}
  export PGDATABASE
  PGDATABASE=$(decoded "${rest#*/}")
  [[ -z $user ]] || { PGUSER=$(decoded "${user%%:*}") && export PGUSER; }
  [[ $user != *:* ]] || { PGPASSWORD=$(decoded "${user#*:}") && export PGPASSWORD; }
  [[ ! $host =~ :([0-9]+)$ ]] || { export PGPORT=${BASH_REMATCH[1]} && host=${host%:*}; }
  [[ -z $host ]] || { host=${host#[} && export PGHOST=${host%]}; }
  while IFS= read -r -d '&' pair; do
    [[ $pair != sslmode=* ]] || export PGSSLMODE=${pair#*=}
  done <<<"$query&"
}

# copy_sqlite FROM TO: a copy of one moment, also while somebody writes.
copy_sqlite() {
  [[ -e $1 ]] || fail "there is no database at $1"
  if command -v sqlite3 >/dev/null; then
    sqlite3 "$1" ".backup '$2'"
  else
    python3 - "$1" "$2" <<'PYTHON'
import sqlite3, sys
source, copy = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True), sqlite3.connect(sys.argv[2])
with copy:
    source.backup(copy)
copy.close()
PYTHON
  fi
}
