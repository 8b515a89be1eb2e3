#!/usr/bin/env bash
# Looks at the running compose project for what its containers must not have and must not be able to do, also if someone
# took recipe-service over. Needs docker and nothing else. Stops with one line at the first thing that is wrong.
#
# usage: deploy/audit.sh [PROJECT]
set -euo pipefail
exec </dev/null

project=${1:-jipbap}
services=(auth-service recipe-service postgres redis)
# Those of the profiles that are up.
optional=(auth-service-2 recipe-service-2 gateway envoy prometheus grafana)

fail() {
  echo "audit: FAILED: $*" >&2
  exit 1
}

# expect WHAT EXPECTED ACTUAL
expect() { [[ $3 == "$2" ]] || fail "$1 is ${3:-nothing}, not $2"; }

# found SERVICE: the id of its container, nothing where there is none
found() {
  docker ps --all --quiet --filter "label=com.docker.compose.project=$project" --filter "label=com.docker.compose.service=$1"
}

# container SERVICE: its id
container() {
  local id
  id=$(found "$1")
  [[ -n $id ]] || fail "there is no container of $1 in the project $project"
  echo "$id"
}

# property SERVICE TEMPLATE: what docker inspect says
property() { docker inspect --format "$2" "$(container "$1")"; }

locked_down() {
  local service=$1 limit
  [[ $(property "$service" '{{.Config.User}}') =~ ^[1-9][0-9]*:[0-9]+$ ]] || fail "$service has no numeric user that is not root"
  expect "the read-only root of $service" true "$(property "$service" '{{.HostConfig.ReadonlyRootfs}}')"
  expect "what $service drops" '[ALL]' "$(property "$service" '{{.HostConfig.CapDrop}}')"
  expect "what $service adds" 0 "$(property "$service" '{{len .HostConfig.CapAdd}}')"
  expect "the security of $service" '[no-new-privileges:true]' "$(property "$service" '{{.HostConfig.SecurityOpt}}')"
  expect "privileged mode of $service" false "$(property "$service" '{{.HostConfig.Privileged}}')"
  [[ $(property "$service" '{{.HostConfig.Tmpfs}}') == *"/tmp:"* ]] || fail "$service has no /tmp in memory"
  for limit in PidsLimit Memory NanoCpus; do
    (($(property "$service" "{{.HostConfig.$limit}}") > 0)) || fail "$service has no $limit"
  done
}

# published SERVICE: what of it is reachable from this machine's network
published() {
  property "$1" '{{range $port, $at := .HostConfig.PortBindings}}{{range $at}}{{.HostIp}}:{{.HostPort}} {{end}}{{end}}'
}

# internal_only SERVICE: no network of it has a way out
internal_only() {
  local network
  for network in $(property "$1" '{{range .NetworkSettings.Networks}}{{.NetworkID}} {{end}}'); do
    expect "a network of $1, internal" true "$(docker network inspect --format '{{.Internal}}' "$network")"
  done
}

# intruder IMAGE COMMAND: runs it with the network, the secrets and the user of recipe-service
intruder() {
  local id
  id=$(container recipe-service)
  docker run --rm --network "container:$id" --volumes-from "$id:ro" --user 10001:10001 --read-only --cap-drop ALL \
    --entrypoint bash "$1" -c "$2" 2>&1 || true
}

# no_secret_in NAME: no line of a file of secrets is in standard input
no_secret_in() {
  local found
  found=$(docker run --rm --interactive --network none --user 0:0 --volumes-from "$(container secrets):ro" \
    --entrypoint bash postgres:17 -c '
      cat >/tmp/text
      find /secrets -type f | while read -r file; do
        grep -qFf "$file" /tmp/text && echo "$file"
      done; true') || fail "the secrets cannot be compared with $1"
  expect "what $1 gives away" "" "$found"
}

for service in "${optional[@]}"; do [[ -z $(found "$service") ]] || services+=("$service"); done

echo "audit: containers"
for service in "${services[@]}"; do locked_down "$service"; done

echo "audit: images"
for service in auth-service recipe-service; do
  image=$(property "$service" '{{.Image}}')
  for program in sh bash busybox apt-get; do
    code=0
    docker run --rm --network none --entrypoint "$program" "$image" >/dev/null 2>&1 || code=$?
    # The code of what is not there.
    expect "the end of $program in the image of $service" 127 "$code"
  done
  sbom=$(docker image inspect --format '{{index .Config.Labels "io.github.jipbap.sbom"}}' "$image")
  docker cp "$(container "$service"):$sbom" - | grep -c '"CycloneDX"' >/dev/null || fail "$service does not say what it is made of"
done

echo "audit: ports and networks"
expect "what auth-service publishes" "127.0.0.1:8081 " "$(published auth-service)"
expect "what recipe-service publishes" "127.0.0.1:8082 " "$(published recipe-service)"
for service in postgres redis; do
  expect "what $service publishes" "" "$(published "$service")"
  internal_only "$service"
done
declare -A ports=([gateway]="127.0.0.1:8443 " [envoy]="127.0.0.1:8444 " [grafana]="127.0.0.1:3000 ")
for service in "${optional[@]}"; do
  [[ -z $(found "$service") ]] || expect "what $service publishes" "${ports[$service]:-}" "$(published "$service")"
done

echo "audit: recipe-service in Postgres"
database='url=$(cat /secrets/recipes-database-url)'
expect "its own database" 1 "$(intruder postgres:17 "$database; psql -At \"\$url\" -c 'SELECT 1'")"
for other in auth postgres template1; do
  answer=$(intruder postgres:17 "$database; psql -At \"\${url%/*}/$other\" -c 'SELECT 1'")
  [[ $answer == *"permission denied"* ]] || fail "it reaches the database $other: $answer"
done

echo "audit: recipe-service in Redis"
redis='redis-cli -u "$(cat /secrets/recipes-redis-url)" --no-auth-warning'
expect "its connection" PONG "$(intruder redis:8 "$redis PING")"
for command in 'SET jipbap:x 1' 'DEL jipbap:meta' 'GET jipbap:meta' 'PUBLISH jipbap:events x' FLUSHALL 'CONFIG GET x' 'KEYS *' \
  'CLIENT LIST' 'ACL LIST'; do
  answer=$(intruder redis:8 "set -f; $redis $command")
  [[ $answer == NOPERM* ]] || fail "it may $command: $answer"
done
for command in PING 'SET jipbap:x 1' 'AUTH default x'; do
  answer=$(intruder redis:8 "redis-cli -h redis $command")
  [[ $answer == NOAUTH* || $answer == WRONGPASS* ]] || fail "a stranger may $command: $answer"
done
# Redis reads its file back as the user `default`, and only complains of what that user may not.
[[ $(docker logs "$(container redis)" 2>&1) != *CRITICAL* ]] || fail "Redis could not read back all that it kept"

echo "audit: secrets"
everything=$(docker ps --all --quiet --filter "label=com.docker.compose.project=$project")
# shellcheck disable=SC2086
docker inspect $everything | no_secret_in "docker inspect"
for service in "${services[@]}"; do docker logs "$(container "$service")" 2>&1; done | no_secret_in "the log"
for service in auth-service recipe-service; do
  docker history --no-trunc "$(property "$service" '{{.Image}}')"
done | no_secret_in "the history of the images"

echo "audit: all well"
