#!/bin/bash
# Holds the simulation of a fleet against a real one: a backfill by one worker is recorded, co3sim is asked how long
# three take, and three do it. Prints both times, and what the simulation said over what was measured.
#
# The server is as far away as a proxy makes it: 2 ms per message and 200,000 bytes a second of each connection. What
# rows cost is then waiting, and three processes on two cores do not slow each other. The rows of the last quarter of
# the keys are three times as long, so that shares of equal count are not equal in work.
#
# Usage: ../server run ./fleet.sh [ROUNDS] [ROWS]   (the release build of co3backfill must exist, and that of co3sim
# in the folder above, or elsewhere as CO3SIM says)
set -euo pipefail
# shellcheck source=set-up.sh
source "$(dirname "${BASH_SOURCE[0]}")/set-up.sh"
rounds=${1:-3}
rows=${2:-40000}
workers=3 chunk_time=300ms
simulator=${CO3SIM:-$here/../../../.build/release/co3sim}
[ -x "$simulator" ] || { echo "fleet.sh: there is no $simulator; build it, or name one as CO3SIM" >&2; exit 1; }

start_proxy 0 1 0.002 200000
python3 "$here/rows.py" "$rows" "$work/short.csv"
awk -F, -v OFS=, -v from=$((rows * 3 / 4)) 'NR > 1 + from { $4 = $4 $4 $4 $4 $4 } { print }' \
  "$work/short.csv" >"$work/rows.csv"
head -n 1 "$work/rows.csv" >"$work/none.csv"
sql "$items_table"

# Sets `begun` and `spent` to the nanoseconds at the first start, and from there to the last end, of some workers of a
# job of its own.
fleet() {
  local count=$1 source=$2 job=$3 shares=$4 pids=() pid number
  sql 'TRUNCATE items'
  sql 'CHECKPOINT'
  begun=$(date +%s%N)
  for ((number = 1; number <= count; number++)); do
    "$program" "$source" "$through#items" --job "$job" --shares "$shares" --chunk-time "$chunk_time" \
      --json >"$work/worker-$number" &
    pids+=($!)
  done
  for pid in "${pids[@]}"; do
    wait "$pid" || { echo "fleet.sh: a worker of $job ended with status $?" >&2; exit 1; }
  done
  spent=$(($(date +%s%N) - begun))
}

# Writes the scenario of the recording, with workers that take a number of shares of it, into a file beside it.
scenario() {
  python3 - "$work" "$workers" "$1" "$chunk_time" <<'PYTHON'
import json, sys

work, workers, shares, chunk_time = sys.argv[1:]
with open(f"{work}/trace.csv.json") as file:
    recording = json.load(file)
scenario = {
    "name": "recorded",
    "sync": {"chunkTime": chunk_time, "workers": int(workers), "ranges": int(shares)},
    "workload": {"trace": {"path": "trace.csv"}},
    "schedulers": ["deadline"],
}
overhead_s = recording.get("chunk_overhead_s", 0)
if overhead_s > 0:
    scenario["workload"]["chunkOverhead"] = {"constant": f"{overhead_s:.6f}s"}
with open(f"{work}/recorded.json", "w") as file:
    json.dump(scenario, file)
print(f"{workers} workers, {shares} shares; one worker took {recording['duration_s']:.2f} s, "
      f"{recording['chunks']} chunks and {1000 * overhead_s:.1f} ms for each besides its rows")
PYTHON
}

# Prints what was simulated and measured of the job that was last, with the seconds at which its shares were made and
# the last of them was done.
compare() {
  python3 - "$work" "$workers" "$begun" "$spent" "$start_up" "$@" <<'PYTHON'
import json, sys

work, (workers, begun, spent, start_up) = sys.argv[1], map(int, sys.argv[2:6])
made_at, done_at = map(float, sys.argv[6:])
with open(f"{work}/simulated") as file:
    simulated = json.load(file)["runs"][0]["metrics"]
costs = []
for number in range(1, workers + 1):
    with open(f"{work}/worker-{number}") as file:
        events = [json.loads(line) for line in file]
    costs += [event["handle_s"] + event["process_s"] for event in events if event["event"] == "chunk"]
measured_s = (spent - start_up) / 1e9
makespan_s = simulated["makespan_s"]
busy_s = workers * makespan_s * simulated["parallel_efficiency"]
print(f"  simulated {makespan_s:.2f} s, {simulated['chunks']:.0f} chunks of {busy_s:.2f} s in all")
print(f"  measured  {measured_s:.2f} s, {len(costs)} chunks of {sum(costs):.2f} s in all; "
      f"without {start_up / 1e9:.2f} s to start; shares made after {made_at - begun / 1e9:.2f} s, "
      f"{(begun + spent) / 1e9 - done_at:.2f} s from the last of them to the end")
print(f"  simulated over measured: {makespan_s / measured_s:.3f}")
PYTHON
}

for ((round = 1; round <= rounds; round++)); do
  sql 'TRUNCATE items'
  "$program" "$work/rows.csv" "$through#items" --chunk-time "$chunk_time" --record "$work/trace.csv" --quiet
  fleet 1 "$work/none.csv" "none-$round" 1
  start_up=$spent
  for shares in 12 4; do
    scenario "$shares"
    "$simulator" run "$work/recorded.json" --quiet --format json --output "$work/report" >"$work/simulated"
    job=round-$round-$shares
    fleet "$workers" "$work/rows.csv" "$job" "$shares"
    [ "$(sql 'SELECT count(*) FROM items')" = "$rows" ] || { echo "fleet.sh: rows are missing" >&2; exit 1; }
    moments=$(sql "SELECT extract(epoch FROM made_at) || ' ' || extract(epoch FROM max(done_at))
      FROM co3_jobs JOIN co3_shares USING (job) WHERE name = '$job' GROUP BY made_at")
    # shellcheck disable=SC2086
    compare $moments
  done
done
