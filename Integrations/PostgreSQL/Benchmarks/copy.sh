#!/bin/bash
# Times co3backfill beside `psql \copy`: 2 million rows of 100 bytes from a CSV file into an empty table with its
# index, chunks of 1 s. Prints the times and the ratio.
#
# Usage: ../server run ./copy.sh [ROWS] [ROUNDS]   (the release build of co3backfill must exist)
#
# The two in turns, the best of the rounds of each; a checkpoint before each, so that none pays for the other.
set -euo pipefail
# shellcheck source=set-up.sh
source "$(dirname "${BASH_SOURCE[0]}")/set-up.sh"
rows=${1:-2000000}
rounds=${2:-3}
python3 "$here/rows.py" "$rows" "$work/rows.csv"

# Sets `spent` to the nanoseconds of a command that fills the table anew.
time_of() {
  sql 'DROP TABLE IF EXISTS items' "$items_table" CHECKPOINT
  local start
  start=$(date +%s%N)
  "$@"
  spent=$(($(date +%s%N) - start))
  [ "$(sql 'SELECT count(*) FROM items')" = "$rows" ] || { echo "copy.sh: rows are missing" >&2; exit 1; }
}

least() { if [ -z "$1" ] || [ "$2" -lt "$1" ]; then echo "$2"; else echo "$1"; fi; }

plain='' backfill=''
for ((round = 0; round < rounds; round++)); do
  time_of sql "\\copy items FROM '$work/rows.csv' CSV HEADER"
  plain=$(least "$plain" "$spent")
  time_of "$program" "$work/rows.csv" "$CO3_POSTGRESQL#items" --chunk-time 1s
  backfill=$(least "$backfill" "$spent")
done
awk -v plain="$plain" -v backfill="$backfill" -v rows="$rows" 'BEGIN {
  printf "%d rows: \\copy %.2f s, co3backfill %.2f s, ratio %.2f\n",
    rows, plain / 1e9, backfill / 1e9, backfill / plain }'
