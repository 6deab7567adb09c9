#!/bin/bash
# What a server may do to a backfill: it restarts in the middle, its disk is full, a table is locked, a column is too
# short, a row violates a constraint. Each time the program must say so in a sentence or go on by itself, the table
# must hold whole chunks, and the next run must end with the source.
#
# Usage: ../server run ./troubles.sh   (the release build of co3backfill must exist; the full disk needs root)
set -euo pipefail
# shellcheck source=set-up.sh
source "$(dirname "${BASH_SOURCE[0]}")/set-up.sh"
small=
finish() {
  sql 'DROP TABLE IF EXISTS items; DROP TABLESPACE IF EXISTS small' >/dev/null 2>&1 || true
  if [ -n "$small" ]; then umount "$small" || true; fi
  rm -rf "$work"
}
fail() {
  echo "troubles.sh: $*" >&2
  exit 1
}

python3 "$here/rows.py" 400000 "$work/rows.csv"
make_table() {
  sql 'DROP TABLE IF EXISTS items' \
    "CREATE TABLE items (id bigint PRIMARY KEY, name ${2:-text} NOT NULL, amount integer, note text) $1"
}
backfill() { "$program" "$work/rows.csv" "$CO3_POSTGRESQL#items" --chunk-time 100ms --quiet "$@"; }

# refused WORDS...: runs a backfill that must end with status 1 and a sentence with the words.
refused() {
  local status=0
  backfill "${options[@]}" 2>"$work/said" || status=$?
  [ "$status" = 1 ] || fail "$1: ended with status $status"
  [ "$(wc -l <"$work/said")" = 1 ] || fail "$1: $(cat "$work/said")"
  grep -qF -- "$1" "$work/said" || fail "$1: $(cat "$work/said")"
  echo "said: $(cat "$work/said")"
}

# Whole chunks: the rows are those of the source up to some row, none is missing between.
whole_chunks() {
  local count
  count=$(sql 'SELECT CASE WHEN count(*) = coalesce(max(id) + 1, 0) THEN count(*) ELSE -1 END FROM items')
  [ "$count" -ge "$1" ] || fail "the table has a part of a chunk ($count rows)"
  echo "      kept $count rows in whole chunks"
}

resumed() {
  backfill
  sql "\\copy (SELECT * FROM items ORDER BY id) TO '$work/items.csv' CSV HEADER"
  cmp "$work/rows.csv" "$work/items.csv" || fail "the table is not the source"
  echo "      and the next run ended with the source"
}

# outlasts MODE: ends the server in the middle, as MODE says, and starts it again.
outlasts() {
  local running
  make_table ''
  backfill &
  running=$!
  until [ "$(sql 'SELECT count(*) > 20000 FROM items')" = t ]; do sleep 0.02; done
  "$here/../server" stop "$CO3_POSTGRESQL_FOLDER" "$1"
  "$here/../server" start "$CO3_POSTGRESQL_FOLDER"
  wait "$running" || fail "it did not outlast an end of the server ($1)"
  echo "      it went on by itself"
  resumed
}

echo "-- the server is restarted in the middle"
outlasts fast

echo "-- the server is ended as by a loss of power, and started again"
outlasts immediate

options=()
if [ "$(id -u)" -eq 0 ]; then
  echo "-- the disk of the server is full"
  small=$work/small
  mkdir "$small"
  chmod 755 "$work"
  mount -t tmpfs -o size=32m tmpfs "$small"
  mkdir "$small/space"
  chown postgres "$small/space"
  sql "CREATE TABLESPACE small LOCATION '$small/space'"
  make_table 'TABLESPACE small'
  refused 'has no room left'
  whole_chunks 1
  mount -o remount,size=512m "$small"
  resumed
fi

echo "-- the table is locked"
make_table ''
sql 'BEGIN' 'LOCK TABLE items IN EXCLUSIVE MODE' 'SELECT pg_sleep(600)' &
holder=$!
until [ "$(sql "SELECT count(*) FROM pg_locks WHERE mode = 'ExclusiveLock' AND relation = 'items'::regclass")" = 1 ]; do
  sleep 0.02
done
options=(--lock-timeout 50ms --attempts 3)
refused 'could not lock what another holds'
whole_chunks 0
sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'" >/dev/null
wait "$holder" 2>/dev/null || true
resumed

options=()
echo "-- a column is too short"
sed -i '300000s/,[0-9a-f]*,/,far too long for a column of thirty-two,/' "$work/rows.csv"
make_table '' 'varchar(32)'
refused 'key 299998, column name, refuses a value (value too long for type character varying(32))'
whole_chunks 1
sql 'ALTER TABLE items ALTER name TYPE text'
resumed

echo "-- a row violates a constraint"
make_table ''
sql "ALTER TABLE items ADD CONSTRAINT short CHECK (length(name) <= 32)"
refused 'violates check constraint "short"'
whole_chunks 1
sql "ALTER TABLE items DROP CONSTRAINT short"
resumed
echo "all is well"
