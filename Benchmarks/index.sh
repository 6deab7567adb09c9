#!/bin/bash
# Times co3index against a plain script on the same tree, page cache warm, best of five each.
#
# Usage: Benchmarks/index.sh [DIR]   (the release build of co3index must exist)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tree=${1:-/usr/share}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

best() {
  local best='' start seconds
  for _ in 1 2 3 4 5; do
    rm -f "$work"/db*
    start=$(date +%s%N)
    "$@" >/dev/null
    seconds=$(($(date +%s%N) - start))
    if [ -z "$best" ] || [ "$seconds" -lt "$best" ]; then best=$seconds; fi
  done
  echo "$best"
}

find "$tree" -type f -exec cat {} + >/dev/null
plain=$(best python3 "$here/plain_index.py" "$tree" "$work/db")
index=$(best "$here/../.build/release/co3index" sync "$tree" "$work/db" --quiet)
awk -v plain="$plain" -v index_="$index" 'BEGIN {
  printf "plain script %.2f s, co3index %.2f s, ratio %.2f (below 1: co3index is faster)\n",
    plain / 1e9, index_ / 1e9, index_ / plain }'
