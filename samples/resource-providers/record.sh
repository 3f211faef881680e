#!/bin/sh
# Records the server under load as ../resource-providers.cpuprofile
#
#   sh record.sh [FOLDER]
#
# A recording holds the full path of every file. So the program is copied to a neutral folder first (default
# /srv/app, which must not exist yet and is removed afterwards) and runs there.
# REQUESTS and PORT may be set in the environment.

set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
folder=${1:-/srv/app}
PORT=${PORT:-8778}
export PORT

if [ -e "$folder" ]; then
  echo "record.sh: $folder exists already: name another folder, or remove it" >&2
  exit 2
fi

recordings=$(mktemp -d)
server=
cleanup() {
  if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; fi
  rm -rf "$folder" "$recordings"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

mkdir -p "$folder"
cp -R "$here"/*.js "$here"/package.json "$here"/handlers "$folder"/
cd "$folder"

node --cpu-prof --cpu-prof-dir="$recordings" server.js &
server=$!
node load.js --requests "${REQUESTS:-1200}" --stop "$server"
wait "$server"
server=

# Node makes the file readable for its owner alone: write it anew, with the usual permissions.
cat "$recordings"/*.cpuprofile > "$here/../resource-providers.cpuprofile"
ls -l "$here/../resource-providers.cpuprofile"
