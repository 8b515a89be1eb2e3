#!/usr/bin/env bash
# Makes a certificate for this machine where there is none, so that the gateway speaks TLS from the first start: for
# localhost and loopback, signed by itself, good for 397 days. Put one that the world believes in its place for others.
#
# usage: deploy/gateway/certificate.sh FOLDER [USER:GROUP]
set -euo pipefail
umask 077

folder=$1 owner=${2:-}
[[ ! -s $folder/tls.crt || ! -s $folder/tls.key ]] || exit 0

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 397 -subj /CN=localhost \
  -addext subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1 -addext basicConstraints=critical,CA:FALSE \
  -addext extendedKeyUsage=serverAuth -keyout "$folder/tls.key.new" -out "$folder/tls.crt.new" 2>/dev/null
chmod 0644 "$folder/tls.crt.new"
if [[ -n $owner ]]; then
  chown "$owner" "$folder/tls.key.new" "$folder/tls.crt.new"
  chown "$owner" "$folder"
fi
mv -f "$folder/tls.key.new" "$folder/tls.key"
mv -f "$folder/tls.crt.new" "$folder/tls.crt"
