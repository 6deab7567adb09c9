#!/bin/bash
# What a sync of two sorted streams takes beside one that compares by hash: seconds and memory.
#
#   Benchmarks/streams.sh [COUNT]
#
# COUNT keys a side, 20,000,000 unless given, half of them on both. Rows are made when they are read, and what
# is done with them is an addition: all else is reading, comparing and the loop. Chunks are meant to take
# 100 ms. RUNS of each in turn (3 unless set), of which the median counts. Fails where the stream takes more
# than 200 MB, or more than twice the time.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
count=${1:-20000000}
cd "$root/Benchmarks"
swift build -c release --product streams --quiet
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for ((run = 0; run < ${RUNS:-3}; run++)); do
  for mode in sorted hashed; do
    .build/release/streams $mode "$count" | tee -a "$work/$mode"
  done
done

# The median of a column.
median() { cut -d' ' -f"$2" "$work/$1" | sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
printf '%-8s %10s %8s\n' '' seconds MB
for mode in sorted hashed; do
  printf '%-8s %10.2f %8d\n' $mode "$(median $mode 4)" "$(median $mode 5)"
done
awk -v sorted="$(median sorted 4)" -v hashed="$(median hashed 4)" -v megabytes="$(median sorted 5)" 'BEGIN {
  printf "sorted over hashed: %.2f\n", sorted / hashed
  if (sorted > 2 * hashed || megabytes > 200) {
    print "streams.sh: the stream may take 200 MB, and twice the time of the comparison by hash." > "/dev/stderr"
    exit 1
  }
}'
