#!/bin/bash
# Says how near the chunks of co3index come to their target, on a tree of many kinds of files.
#
# Usage: Benchmarks/near-target.sh [OPTION...] [TREE]   (the release build of co3index must exist)
#
#   TREE          a tree that is there; without one, one is made of 100,000 files with 320 extensions
#   --files N     how many files the tree is made of
#   --kinds N     how many extensions they have
#   --bytes N     their mean size (default: 40,000, which makes about 8 s of reading and digesting)
#   --times LIST  the chunk times (default: "200ms 500ms")
#   --record FILE writes what every file cost at the first chunk time, for co3sim
#   --options S   more options of co3index sync
#
# Page cache warm. For every chunk time one line: chunks, mean of duration over target, share of the
# time in chunks within 20 % of their target or longest file, and the seconds of all chunks.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
program=${CO3INDEX:-$here/../.build/release/co3index}
files=100000 kinds=320 bytes=40000 times='200ms 500ms' record='' options='' tree=''
while [ $# -gt 0 ]; do
  case $1 in
    --files) files=$2 ;;
    --kinds) kinds=$2 ;;
    --bytes) bytes=$2 ;;
    --times) times=$2 ;;
    --record) record=$2 ;;
    --options) options=$2 ;;
    --*) echo "near-target.sh: $1 is no option; see the top of the script" >&2; exit 64 ;;
    *) tree=$1; shift; continue ;;
  esac
  shift 2
done
if [ ! -x "$program" ]; then
  echo "near-target.sh: $program does not exist; build it with: swift build -c release --product co3index" >&2
  exit 1
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ -z "$tree" ]; then
  tree=$work/tree
  python3 "$here/make_tree.py" "$tree" "$files" "$kinds" "$bytes"
fi
find "$tree" -type f -exec cat {} + >/dev/null 2>&1 || true
for time in $times; do
  rm -f "$work"/db*
  recording=()
  if [ -n "$record" ]; then recording=(--record "$record"); fi
  record=''
  status=0
  # shellcheck disable=SC2086
  "$program" sync "$tree" "$work/db" --json --chunk-time "$time" $options "${recording[@]}" \
    >"$work/events" || status=$?
  if [ $status -ne 0 ] && [ $status -ne 11 ]; then  # 11: entries that nobody may read
    echo "near-target.sh: co3index ended with status $status" >&2
    exit 1
  fi
  tail -n 1 "$work/events" | python3 -c "
import json, sys
end = json.load(sys.stdin)
print(f\"$time: {end['chunk']} chunks, mean d/T {end['of_target']:.3f}, \"
      f\"near_target_share {end['near_target_share']:.3f}, {end['duration_s']:.2f} s\")"
done
