#!/bin/bash
# Counts the instructions co3sim takes per item and holds them against the recorded figure.
#
# Usage: Benchmarks/count.sh [--accept]   (the release build of co3sim must exist)
#
# Instructions are counted by valgrind, so that the figure is the same on a busy machine. Two sizes
# are run and the difference taken: what a start costs drops out.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
record=$here/instructions.txt
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cc -shared -fPIC -O2 "$here/sigsuspend.c" -o "$work/sigsuspend.so"

count() {
  cat >"$work/$2.json" <<JSON
{ "name": "count", "sync": { "chunkTime": "5s" },
  "workload": { "phases": [ { "count": $2, "mix": [
    { "class": "file", "weight": 3, "handle": { "lognormal": { "mean": "1ms", "cv": 0.5 } } },
    { "class": "image", "weight": 1, "handle": { "gamma": { "mean": "3ms", "cv": 0.5 } } } ] } ] } }
JSON
  LD_PRELOAD=$work/sigsuspend.so valgrind --tool=callgrind --callgrind-out-file=/dev/null \
    "${CO3SIM:-$here/../.build/release/co3sim}" run "$work/$2.json" --scheduler "$1" \
    --output "$work/report" --quiet 2>&1 >/dev/null \
    | sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}

per_item() {
  local few many
  few=$(count "$1" 40000)
  many=$(count "$1" 120000)
  if [ -z "$few" ] || [ -z "$many" ]; then
    echo "count: valgrind could not run co3sim; try: valgrind --tool=callgrind co3sim schedulers" >&2
    exit 1
  fi
  echo $(((many - few) / 80000))
}

status=0
new=
for scheduler in moving-average deadline; do
  now=$(per_item "$scheduler")
  new+="$scheduler $now"$'\n'
  was=$(awk -v name="$scheduler" '$1 == name { print $2 }' "$record" 2>/dev/null || true)
  if [ "${1:-}" = --accept ]; then continue; fi
  if [ -z "$was" ]; then
    echo "count: there is no figure for $scheduler, which takes $now; record it: make recount" >&2
    status=1
  elif [ $((now * 100)) -gt $((was * 105)) ]; then
    echo "count: $scheduler takes $now instructions per item, more than 5 % above the recorded $was;" \
      "make it cheaper, or record it: make recount" >&2
    status=1
  else
    echo "$scheduler: $now instructions per item (recorded: $was)"
  fi
done
if [ "${1:-}" = --accept ]; then
  printf '%s' "$new" >"$record"
  cat "$record"
fi
exit $status
