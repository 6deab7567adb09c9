#!/bin/bash
# Three workers share a backfill through a proxy that cuts 5 % of their statements, and one of them is killed at a
# random moment and started again. At the end the table must be the source, and every change must have been made
# once: a trigger counts the writings of each row.
#
# Usage: ../server run ./kill.sh [ROUNDS] [ROWS] [SEED]   (the release build of co3backfill must exist)
set -euo pipefail
# shellcheck source=set-up.sh
source "$(dirname "${BASH_SOURCE[0]}")/set-up.sh"
rounds=${1:-20}
rows=${2:-30000}
seed_base=${3:-1}
RANDOM=$seed_base
fail() {
  echo "kill.sh: round $round: $*" >&2
  tail -n 5 "$work"/worker-* >&2 || true
  exit 1
}

python3 "$here/rows.py" "$rows" "$work/old.csv"
sql "$items_table"
sql "CREATE TABLE writings (id bigint NOT NULL)"
sql "CREATE FUNCTION note_writing() RETURNS trigger LANGUAGE plpgsql AS
  'BEGIN INSERT INTO writings VALUES (coalesce(NEW.id, OLD.id)); RETURN NULL; END'"
sql 'CREATE TRIGGER noted AFTER INSERT OR UPDATE OR DELETE ON items FOR EACH ROW EXECUTE FUNCTION note_writing()'

worker() {
  "$program" "$work/new.csv" "$through#items" --job "round-$round" --shares 6 --chunk-time 50ms \
    --attempts 25 --json >"$work/worker-$1" 2>&1 &
  pids[$1]=$!
}

killed=0
for ((round = 1; round <= rounds; round++)); do
  # From a table that lacks some rows, has some others and some with other values.
  python3 "$here/rows.py" "$rows" "$work/new.csv" "$round"
  sql 'TRUNCATE items'
  sql "\\copy items FROM '$work/old.csv' CSV HEADER"
  sql "DELETE FROM items WHERE id % 100 BETWEEN 50 AND 89"
  sql 'TRUNCATE writings'
  # What has to be written: by its own account of both sides, before anything is.
  expected=$("$program" "$work/new.csv" "$CO3_POSTGRESQL#items" --dry-run | grep -c '^[+~-] ')

  start_proxy 0.05 "$((seed_base + round))"
  pids=()
  for number in 1 2 3; do worker "$number"; done
  sleep "0.$((RANDOM % 900 + 100))"
  victim=$((RANDOM % 3 + 1))
  if kill -9 "${pids[$victim]}" 2>/dev/null; then killed=$((killed + 1)); fi
  wait "${pids[$victim]}" 2>/dev/null || true
  worker "$victim"
  for number in 1 2 3; do
    wait "${pids[$number]}" || fail "worker $number ended with status $?"
  done
  stop_proxy

  differing=$("$program" "$work/new.csv" "$CO3_POSTGRESQL#items" --dry-run | grep -c '^[+~-] ' || true)
  [ "$differing" = 0 ] || fail "$differing rows differ from the source"
  sql "\\copy items TO '$work/items.csv' CSV HEADER" && sort -t, -k1,1n "$work/items.csv" >"$work/sorted"
  sort -t, -k1,1n "$work/new.csv" | cmp - "$work/sorted" || fail "the table is not the source"
  twice=$(sql 'SELECT count(*) FROM (SELECT id FROM writings GROUP BY id HAVING count(*) > 1) t')
  [ "$twice" = 0 ] || fail "$twice rows were written twice"
  written=$(sql 'SELECT count(*) FROM writings')
  [ "$written" = "$expected" ] || fail "$written rows were written, not $expected"
  shares=$(sql "SELECT count(*) || ',' || count(done_at) || ',' || sum(changes)
    FROM co3_shares JOIN co3_jobs USING (job) WHERE name = 'round-$round'")
  [ "$shares" = "6,6,$expected" ] || fail "shares, shares done, changes: $shares"
done
echo "$rounds rounds, $killed workers killed: every row as in the source, every change made once, all shares done"
awk '{ cuts += $3; all += $5 } END {
  printf "connections cut at %d of %d messages (%.1f %%)\n", cuts, all, 100 * cuts / all }' "$work/proxy.log"
