#!/bin/bash
# Prints the most memory that co3backfill took for 500,000 and for 4 million rows of 100 bytes, in chunks of 200 ms:
# from a file into an empty table, from that table into another, and where both are the same.
#
# Usage: ../server run ./memory.sh   (the release build of co3backfill and GNU time must exist)
set -euo pipefail
# shellcheck source=set-up.sh
source "$(dirname "${BASH_SOURCE[0]}")/set-up.sh"
most() {
  local name=$1
  shift
  /usr/bin/time --format '%M' --output "$work/most" "$program" "$@" --chunk-time 200ms --quiet
  awk -v rows="$rows" -v name="$name" '{ printf "%8d rows, %s: %.0f MB\n", rows, name, $1 / 1000 }' "$work/most"
}

for rows in 500000 4000000; do
  python3 "$here/rows.py" "$rows" "$work/rows.csv"
  sql 'DROP TABLE IF EXISTS items, others' "$items_table" 'CREATE TABLE others (LIKE items INCLUDING ALL)'
  most 'file to table' "$work/rows.csv" "$CO3_POSTGRESQL#items"
  most 'table to table' "$CO3_POSTGRESQL#items" "$CO3_POSTGRESQL#others"
  most 'nothing to do' "$CO3_POSTGRESQL#items" "$CO3_POSTGRESQL#others"
done
