#!/bin/bash
# Holds what `co3sim advise` says against an exhaustive sweep over all schedulers and chunk times.
#
#   Benchmarks/advice.sh [FOLDER]
#
# Runs the shipped scenarios, and of the traces in FOLDER (`class,seconds`, .csv or .csv.gz, whose names
# begin with what they are: audio, files, jobs, service) each with its cost in the handlers and 50 ms of
# overhead per chunk, without failures and with them. The sweep takes all schedulers of `co3sim schedulers`
# that know nothing beforehand, at chunk times from a quarter of the given one to four times it in steps of
# 2^(1/4), under failures to 64 times. Per case it prints the advice, the best of the sweep, and the measure
# of the advice over that of the best on the same items: the waste of chunks held against the chunk time
# given, or the expected time to completion. CO3SIM names the program, .build/release/co3sim unless set;
# SEEDS the replications of the sweep, 3 unless set.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
co3sim=${CO3SIM:-$root/.build/release/co3sim}
seeds=${SEEDS:-3}
folder=${1:-}
test -x "$co3sim" || { echo "advice.sh: $co3sim is missing; build it with 'swift build -c release --product co3sim'." >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# shellcheck source=targets.sh
source "$(dirname "$0")/targets.sh"

schedulers=()
for name in $("$co3sim" schedulers | sed -n 's/^\([a-z0-9-]*\):.*/\1/p' | grep -vxE "optimal|informed|fixed"); do
  schedulers+=(--scheduler "$name")
done

# check FILE NAME FAILURES: one line of the table.
check() {
  local file=$1 name=$2 failures=$3 options=() highest=8 least
  if test -n "$failures"; then
    options=(--failures-every "$failures")
    highest=24
  fi
  "$co3sim" advise "$file" "${options[@]}" --format json --quiet >"$work/advice.json"
  python3 - "$file" "$work" "$failures" "$highest" <<'PYTHON'
import json, math, sys
file, work, failures, highest = sys.argv[1:]
advice = json.load(open(f"{work}/advice.json"))
scenario = json.load(open(file))
if failures:
    scenario.setdefault("faults", {})["meanTimeBetweenFailures"] = failures
given = advice["given_chunk_time_s"]
times = {given * 2 ** (step / 4) for step in range(-8, int(highest) + 1)} | {advice["chunk_time_s"]}
label = advice["scheduler"]
kind, _, parameter = label.partition(" size=")
scenario["schedulers"] = [{kind: {"size": int(parameter)}, "label": label}] if parameter else [kind]
scenario.pop("gate", None)
faults = scenario.get("faults", {})
for key in list(faults):
    if key not in ("slow", "restartTime", "meanTimeBetweenFailures"):
        del faults[key]
if not faults:
    scenario.pop("faults", None)
json.dump(scenario, open(f"{work}/own.json", "w"))
open(f"{work}/times", "w").write(",".join(f"{time:.9g}s" for time in sorted(times)))
open(f"{work}/own-time", "w").write(f"{advice['chunk_time_s']:.9g}s")
PYTHON
  # Paths in a scenario are relative to its folder.
  sed "s|\"path\": \"\([^/]\)|\"path\": \"$(dirname "$(realpath "$file")")/\1|" "$work/own.json" >"$work/run.json"
  "$co3sim" sweep "$work/run.json" --vary "sync.chunkTime=$(cat "$work/own-time")" \
    --replications "$seeds" --quiet >"$work/own.csv"
  "$co3sim" sweep "$work/run.json" --vary "sync.chunkTime=$(cat "$work/times")" "${schedulers[@]}" \
    --replications "$seeds" --quiet >"$work/all.csv"
  python3 - "$name" "$work" "$failures" <<'PYTHON'
import collections, csv, json, sys
name, work, failures = sys.argv[1:]
advice = json.load(open(f"{work}/advice.json"))
target = advice["given_chunk_time_s"]
failing = advice["measure"] == "expected_completion_s"

def measure(row):
    if failing:
        return float(row["expected_completion_s"])
    # What chunks held against the target given waste, from the sums behind the metrics of the run.
    own = float(row["sync.chunkTime"].rstrip("s"))
    time, chunks = float(row["makespan_s"]), float(row["chunks"])
    squares = float(row["work_at_risk"]) * own * time
    overhead = float(row["overhead_share"]) * time / chunks
    cost = lambda t: chunks * max(0, t * (t - 2 * overhead))
    work = (cost(own) + squares) / (2 * own * float(row["waste"]))
    return (cost(target) + squares) / (2 * target * work)

def means(file):
    values = collections.defaultdict(list)
    for row in csv.DictReader(open(file, newline="")):
        values[row["scheduler"], row["sync.chunkTime"]].append(measure(row))
    return {key: sum(v) / len(v) for key, v in values.items()}

own = min(means(f"{work}/own.csv").values())
best, value = min(means(f"{work}/all.csv").items(), key=lambda item: item[1])
print(f"| {name}{' failing every ' + failures if failures else ''} | {advice['scheduler']} at "
      f"{advice['chunk_time_s']:.4g} s | {best[0]} at {float(best[1].rstrip('s')):.4g} s | "
      f"{own:.5g} | {value:.5g} | {own / value:.4f} |", flush=True)
PYTHON
}

echo "| case | advised | best of the sweep | its measure | the best's | ratio |"
echo "|---|---|---|--:|--:|--:|"
for name in fast-files slow-transcriptions fast-to-slow load-spike overhead-bound router-of-four failures \
  rare-heavy-mix real-files; do
  check "$root/Scenarios/$name.json" "$name" ""
done
check "$root/Scenarios/overhead-bound.json" overhead-bound 10m
test -n "$folder" || exit 0
folder=$(cd "$folder" && pwd)
for trace in "$folder"/*.csv "$folder"/*.csv.gz; do
  test -e "$trace" || continue
  name=$(basename "${trace%.gz}" .csv)
  cat >"$work/$name.json" <<JSON
{ "name": "$name", "sync": { "chunkTime": "$(target "$name")" },
  "workload": { "trace": { "path": "$trace" }, "chunkOverhead": { "constant": "50ms" } } }
JSON
  check "$work/$name.json" "$name" ""
  check "$work/$name.json" "$name" 12h
done
