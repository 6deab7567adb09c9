#!/bin/bash
# Times co3index against a plain script on the same tree and prints the ratio, in one line.
#
# Usage: Benchmarks/index.sh [DIR] [ROUNDS] [JOBS]   (the release build of co3index must exist)
#
# Both read JOBS files at once, 1 unless given. Page cache warm, the two in turns, the best of the rounds of each.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tree=${1:-/usr/share}
rounds=${2:-3}
jobs=${3:-1}
program=$here/../.build/release/co3index
if [ ! -x "$program" ]; then
  echo "index.sh: $program does not exist; build it with: swift build -c release --product co3index" >&2
  exit 1
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Sets `spent` to the nanoseconds of a command that makes a database anew.
time_of() {
  rm -f "$work"/db*
  local start status=0
  start=$(date +%s%N)
  "$@" >/dev/null || status=$?
  spent=$(($(date +%s%N) - start))
  if [ $status -ne 0 ] && [ $status -ne 11 ]; then  # 11: entries that nobody may read
    echo "index.sh: $1 ended with status $status" >&2
    exit 1
  fi
}

least() { if [ -z "$1" ] || [ "$2" -lt "$1" ]; then echo "$2"; else echo "$1"; fi; }

find "$tree" -type f -exec cat {} + >/dev/null
plain='' index=''
for ((round = 0; round < rounds; round++)); do
  time_of python3 "$here/plain_index.py" "$tree" "$work/db" "$jobs"
  plain=$(least "$plain" "$spent")
  time_of "$program" sync "$tree" "$work/db" --quiet --jobs "$jobs"
  index=$(least "$index" "$spent")
done
awk -v plain="$plain" -v index_="$index" -v tree="$tree" 'BEGIN {
  printf "index of %s: plain script %.2f s, co3index %.2f s, ratio %.2f (below 1: co3index is faster)\n",
    tree, plain / 1e9, index_ / 1e9, index_ / plain }'
