#!/usr/bin/env bash
# The journey that has to work wherever the two services run: sign up, log in, write a recipe, read it back, refresh,
# log out, be refused by both. Needs curl and nothing else. Stops with one line at the first thing that is wrong.
#
# usage: deploy/smoke.sh [AUTH_URL [RECIPES_URL]]
set -euo pipefail
exec </dev/null

auth=${1:-http://localhost:8081}
recipes=${2:-http://localhost:8082}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
step=

fail() {
  echo "smoke: FAILED at: $step: $*" >&2
  exit 1
}

# begin WORDS: what is tried now
begin() {
  step=$*
  echo "smoke: $step"
}

# call STATUS METHOD URL [CURL ARGUMENT…]: the answer's body and headers are then in $folder.
call() {
  local expected=$1 method=$2 url=$3 status
  shift 3
  status=$(curl --silent --show-error --max-time 20 --request "$method" --output "$folder/body" \
    --dump-header "$folder/headers" --write-out '%{http_code}' "$@" "$url") || fail "$method $url does not answer"
  [[ $status == "$expected" ]] || fail "$method $url answered $status, not $expected: $(head -c 500 "$folder/body")"
}

# post STATUS URL JSON [CURL ARGUMENT…]
post() {
  local expected=$1 url=$2 body=$3
  shift 3
  call "$expected" POST "$url" --header 'Content-Type: application/json' --data "$body" "$@"
}

# member NAME: a member of the last body that is a string
member() {
  local value
  value=$(sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p" "$folder/body" | head -n 1)
  [[ -n $value ]] || fail "the answer has no \"$1\""
  echo "$value"
}

# header NAME: a header of the last answer
header() {
  local value
  value=$(tr -d '\r' <"$folder/headers" | sed -n "s/^$1: *//Ip" | head -n 1)
  [[ -n $value ]] || fail "the answer has no header $1"
  echo "$value"
}

bearer() { echo "Authorization: Bearer $1"; }

refused() {
  local url=$1 token=$2 try status
  for try in {1..20}; do
    status=$(curl --silent --max-time 20 --output "$folder/body" --write-out '%{http_code}' --header "$(bearer "$token")" "$url") || true
    [[ $status == 401 ]] && return
    sleep 0.05
  done
  fail "$url answered $status for a second after the logout, not 401"
}

random=$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')
email="smoke-$random@example.org"
password="smoke $random"

begin "sign up"
post 201 "$auth/v1/signup" "{\"email\":\"$email\",\"password\":\"$password\",\"name\":\"연기\"}"

begin "log in"
post 200 "$auth/v1/login" "{\"email\":\"$email\",\"password\":\"$password\"}"
access=$(member access_token)
refresh=$(member refresh_token)

begin "write a Korean recipe"
post 201 "$recipes/v1/recipes" '{"title":"김치찌개","language":"ko","ingredient_groups":[{"items":["묵은지 300 g","두부 1/2모","고춧가루 1큰술"]}],"step_groups":[{"items":[{"text":"김치를 볶다가 물을 붓고 끓인다."}]}]}' \
  --header "$(bearer "$access")"
location=$(header location)

begin "read it back"
call 200 GET "$recipes/v1/recipes/${location##*/}" --header "$(bearer "$access")"
[[ $(member title) == 김치찌개 ]] || fail "the title is $(member title)"
grep -q '묵은지 300 g' "$folder/body" || fail "an ingredient is lost"

begin "nobody else sees it"
call 404 GET "$recipes/v1/recipes/${location##*/}"

begin "refresh"
post 200 "$auth/v1/refresh" "{\"refresh_token\":\"$refresh\"}"
access=$(member access_token)
successor=$(member refresh_token)
[[ $successor != "$refresh" ]] || fail "the refresh token did not change"

begin "a replay in the race window gets the same token"
post 200 "$auth/v1/refresh" "{\"refresh_token\":\"$refresh\"}"
[[ $(member refresh_token) == "$successor" ]] || fail "another refresh token was answered"

begin "log out"
call 204 POST "$auth/v1/logout" --header "$(bearer "$access")"

begin "both services refuse the access token, and the session is over"
refused "$auth/v1/me" "$access"
refused "$recipes/v1/recipes" "$access"
post 401 "$auth/v1/refresh" "{\"refresh_token\":\"$successor\"}"

echo "smoke: all well"
