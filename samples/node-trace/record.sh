#!/bin/sh
# Records the program beside this script as ../node-trace.json.gz, a trace as Node writes it
#
#   sh record.sh [FOLDER]
#
# A trace holds the full path of every file. So the program is copied to a neutral folder first (default /srv/app,
# which must not exist yet and is removed afterwards) and runs there.

set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
folder=${1:-/srv/app}

if [ -e "$folder" ]; then
  echo "record.sh: $folder exists already: name another folder, or remove it" >&2
  exit 2
fi

trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM

mkdir -p "$folder"
cp "$here"/words.js "$here"/package.json "$folder"/
cd "$folder"

node --trace-event-categories v8,disabled-by-default-v8.cpu_profiler words.js
gzip -9 -n < node_trace.1.log > "$here/../node-trace.json.gz"
ls -l "$here/../node-trace.json.gz"
