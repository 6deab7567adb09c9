#!/bin/bash
# The first hour of a new user, from the commands of the README to parameters tuned on a recording of one's own.
#
# Usage: Benchmarks/first-hour.sh [DIR]     (the release builds must exist; CO3SIM and CO3INDEX name others)
#
# Runs, in an empty folder: init, validate, run, compare, advise, report, gate (without a baseline, accepted,
# kept, and missed), then co3index --record of DIR (/usr/share/doc unless given), the scenario of the README on that
# recording, advise, init --trace, report, tune, sweep and heatmap. Of every command it holds the exit code, the
# words that answer what was asked, the files that were written and those that were not, lines that fit into 80
# columns where they are tables, and that nothing is said of a thing that did not happen. It ends with 1 after the
# first surprise.
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
co3sim=${CO3SIM:-$root/.build/release/co3sim}
co3index=${CO3INDEX:-$root/.build/release/co3index}
tree=${1:-/usr/share/doc}
for program in "$co3sim" "$co3index"; do
  test -x "$program" || { echo "first-hour.sh: $program is missing; build it with 'swift build -c release'." >&2; exit 1; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
mkdir bin && ln -s "$co3sim" bin/co3sim && ln -s "$co3index" bin/co3index
PATH=$work/bin:$PATH
steps=0

surprise() {
  echo "first-hour.sh: after '$command': $1" >&2
  sed 's/^/  | /' "$work/out" "$work/err" >&2
  exit 1
}

# step CODE COMMAND...: runs it, and holds its exit code.
step() {
  local wanted=$1 code=0
  shift
  command="$*"
  "$@" >"$work/out" 2>"$work/err" || code=$?
  steps=$((steps + 1))
  printf '%3d  %s\n' "$code" "$command"
  test "$code" -eq "$wanted" || surprise "it ended with $code, not $wanted"
  ! grep -qE "Fatal error|Crash|nan|[^a-z]inf[^a-z]| 1 (chunks|items|files|replications)[ ,.]" "$work/out" "$work/err" \
    || surprise "$(grep -hE "Fatal error|Crash|nan|[^a-z]inf[^a-z]| 1 (chunks|items|files|replications)[ ,.]" "$work/out" "$work/err" | head -1)"
}
says() { grep -qE -- "$1" "$work/out" "$work/err" || surprise "it does not say '$1'"; }
has() { for file in "$@"; do test -s "$file" || surprise "there is no $file"; done; }
# Rows of tables: lines with two runs of spaces in them.
fits() { awk -v most=80 'length($0) > most && /  .*  / { exit 1 }' "$work/out" || surprise "a table is wider than 80 columns"; }

step 0 co3sim init
has scenario.json scenario.schema.json
step 1 co3sim init
says "scenario.json"
step 0 co3sim validate scenario.json
step 0 co3sim scenario.json
says "x optimal"
has Reports/scenario/summary.csv
step 0 co3sim run scenario.json --chart --output Reports/charted
says "a factor of two per row"
step 0 co3sim compare scenario.json --replications 10
says "Winner:|No difference|Least waste"
fits
step 0 co3sim advise scenario.json --picture advice.svg
says "^Take [a-z0-9-]+ and a chunk time of [0-9.]+ "
has advice.svg
step 0 co3sim report scenario.json
has Reports/scenario/report.html Reports/scenario/duration.gp
step 2 co3sim gate scenario.json
says "co3sim gate --accept scenario.json"
step 0 co3sim gate --accept scenario.json
step 0 co3sim gate scenario.json
# Ten times the chunk time is another sync: the gate says so.
sed 's/"chunkTime": "[^"]*"/"chunkTime": "1h"/' scenario.json >changed.json && cp changed.json scenario.json
step 2 co3sim gate scenario.json
says "->|changed|worse"

step 0 co3index sync "$tree" mine.sqlite --record mine.csv --quiet
has mine.csv mine.csv.json
step 0 co3index sync "$tree" mine.sqlite
says "Added 0, updated 0, deleted 0 in 0 chunks"
step 0 co3index status "$tree" mine.sqlite
echo '{"name":"mine","sync":{"chunkTime":"5s"},"workload":{"trace":{"path":"mine.csv"}}}' >mine.json
step 0 co3sim advise mine.json
says "^Take [a-z0-9-]+ and a chunk time of [0-9.]+ "
says "one recording"
step 0 co3sim advise mine.csv --overhead 20ms --failures-every 1h
says "Young's estimate"
step 0 co3sim init own.json --trace mine.csv
has own.json
step 0 co3sim validate own.json
step 0 co3sim compare mine.json
fits
step 0 co3sim report mine.json
has Reports/mine/report.html
step 0 co3sim tune mine.json --over overrun=0.5...4 --evaluations 20 --held-out-replications 5
says "better than the defaults|keep the defaults"
step 0 co3sim sweep mine.json --vary sync.chunkTime=50ms,100ms,200ms --vary schedulers.deadline.overrun=1,2 \
  --scheduler deadline --output sweep.csv
step 0 co3sim heatmap sweep.csv --output maps/first
has maps/first/heatmap.csv
step 64 co3sim runn mine.json
says "did you mean 'run'"
step 0 co3sim fuzz --seeds 20
says "everything holds"
echo "$steps commands, no surprise."
