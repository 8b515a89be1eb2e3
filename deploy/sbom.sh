#!/usr/bin/env bash
# Writes what a program is made of, as CycloneDX 1.6 (JSON): the crates that cargo builds it from with these features, by
# Cargo.lock, with version, licence and checksum, and the packages of Debian whose files are beside it in its image.
#
# usage: deploy/sbom.sh CRATE FEATURES [DEBIAN_PACKAGE…]
#
# Needs cargo, and dpkg-query where packages are named.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

(($# >= 2)) || { sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 2; }
crate=$1 features=$2
shift 2

# name version licence, one crate a line. Crates of ours have a path behind their version.
crates() {
  cargo tree --locked --package "$crate" --features "$features" --edges normal,build --prefix none --no-dedupe \
    --format '{p}|{l}' | sed -E 's/^([^ ]+) v([^ |]+)[^|]*\|(.*)$/\1 \2 \3/' | LC_ALL=C sort -u
}

packages() {
  (($# == 0)) || dpkg-query --show --showformat '${Package} ${Version}\n' "$@"
}

awk -v crate="$crate" '
  # A version may hold a plus, which an address of a package (purl) has to escape.
  function component(kind, name, version, rest, address) {
    address = version
    gsub(/[+]/, "%2B", address)
    printf "%s\n    {\"type\": \"library\", \"name\": \"%s\", \"version\": \"%s\", ", comma, name, version
    printf "\"purl\": \"pkg:%s/%s@%s\"%s}", kind, name, address, rest
    comma = ","
  }
  FILENAME == "Cargo.lock" {
    gsub("\"", "")
    if ($1 == "name") name = $3
    if ($1 == "version") version = $3
    if ($1 == "checksum") checksum[name " " version] = $3
    next
  }
  FILENAME == ARGV[2] && $1 == crate { own = $2; next }
  FILENAME == ARGV[2] {
    names[++count] = $1
    versions[count] = $2
    $1 = $2 = ""
    sub(/^ +/, "")
    # What crates wrote before there was SPDX.
    gsub(/ *\/ */, " OR ")
    licences[count] = $0
    next
  }
  { debian[++packages] = $1; of[packages] = $2 }
  END {
    printf "{\n  \"bomFormat\": \"CycloneDX\",\n  \"specVersion\": \"1.6\",\n  \"version\": 1,\n"
    printf "  \"metadata\": {\"component\": {\"type\": \"application\", \"name\": \"%s\", \"version\": \"%s\", \"purl\": \"pkg:cargo/%s@%s\"}},\n", crate, own, crate, own
    printf "  \"components\": ["
    for (n = 1; n <= count; n++) {
      rest = licences[n] == "" ? "" : sprintf(", \"licenses\": [{\"expression\": \"%s\"}]", licences[n])
      hash = checksum[names[n] " " versions[n]]
      if (hash != "") rest = rest sprintf(", \"hashes\": [{\"alg\": \"SHA-256\", \"content\": \"%s\"}]", hash)
      component("cargo", names[n], versions[n], rest)
    }
    for (n = 1; n <= packages; n++) {
      component("deb/debian", debian[n], of[n], "")
    }
    printf "\n  ]\n}\n"
  }
' Cargo.lock <(crates) <(packages "$@")
