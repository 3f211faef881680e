#!/bin/sh
# Records both variants as profiles/before and profiles/after beside this script
#
#   sh record.sh [FOLDER]
#
# A recording holds the full path of every file. So the program is copied to a neutral folder first (default /srv/app,
# which must not exist yet and is removed afterwards) and runs there, with pstat and sql.js among its node_modules.
# ROUNDS and REQUESTS may be set in the environment.

set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
top=$here/../..
folder=${1:-/srv/app}

if [ -e "$folder" ]; then
  echo "record.sh: $folder already exists: name another folder, or remove it" >&2
  exit 2
fi

trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM

mkdir -p "$folder/node_modules/pstat-cli" "$folder/node_modules/sql.js/dist"
cp -R "$here"/*.js "$here/before" "$here/after" "$here/db" "$here/handlers" "$folder"
cp -R "$top/package.json" "$top/dist" "$folder/node_modules/pstat-cli"
cp "$top/node_modules/sql.js/package.json" "$folder/node_modules/sql.js"
cp "$top/node_modules/sql.js/dist"/sql-wasm.* "$folder/node_modules/sql.js/dist"
echo '{ "private": true, "type": "module" }' > "$folder/package.json"

cd "$folder"
node record-before-after.js profiles --rounds "${ROUNDS:-10}" --requests "${REQUESTS:-4}"

# Nobody but their owner may read them: write them anew, with the usual permissions.
rm -rf "$here/profiles"
for side in before after; do
  mkdir -p "$here/profiles/$side"
  for file in profiles/$side/*; do cat "$file" > "$here/$file"; done
done
du -sh "$here/profiles"
