#!/bin/bash
# Times the ways of putting rows into an empty table with its index, of which SyncerPostgreSQL takes two (Decisions.md):
# by psql alone, chunks of 250,000 of 2 million rows of 100 bytes, a transaction each.
#
# Usage: ../server run ./ways.sh [ROWS]
set -euo pipefail
# shellcheck source=set-up.sh
source "$(dirname "${BASH_SOURCE[0]}")/set-up.sh"
rows=${1:-2000000}
python3 "$here/rows.py" "$rows" "$work/rows.csv"
tail -n +2 "$work/rows.csv" | split -l 250000 - "$work/part-"

# script COPIED AFTER: prints what copies each part into a table, and does something after it.
script() {
  local part
  echo 'CREATE TEMPORARY TABLE put ON COMMIT DELETE ROWS AS SELECT * FROM items WITH NO DATA;'
  for part in "$work"/part-*; do
    printf 'BEGIN;\n\\copy %s FROM %s CSV\n%s\nCOMMIT;\n' "$1" "'$part'" "$2"
  done
}

way() {
  local start
  sql 'DROP TABLE IF EXISTS items' "$items_table" CHECKPOINT
  start=$(date +%s%N)
  psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 "$CO3_POSTGRESQL"
  awk -v spent="$(($(date +%s%N) - start))" -v name="$1" 'BEGIN { printf "%6.2f s  %s\n", spent / 1e9, name }'
}

insert='INSERT INTO items SELECT * FROM put'
conflict='ON CONFLICT (id) DO UPDATE SET name = excluded.name, amount = excluded.amount, note = excluded.note'
echo "\\copy items FROM '$work/rows.csv' CSV HEADER" | way 'one \copy of all rows'
script items '' | way 'a \copy per chunk'
script put "$insert;" | way 'a temporary table and INSERT per chunk'
script put "$insert $conflict;" | way 'a temporary table and INSERT ... ON CONFLICT per chunk'
