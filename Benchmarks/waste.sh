#!/bin/bash
# How near chunks come to their target: waste over that of the best chunks, of the default scheduler
# against every rival, over recorded traces and the shipped scenarios.
#
#   Benchmarks/waste.sh [FOLDER] [SCHEDULER...]
#
# FOLDER has traces as `class,seconds`, .csv or .csv.gz, whose names begin with what they are: audio,
# files, jobs, service; without it only the shipped scenarios are run. SCHEDULER is what is shown
# besides the best rival: deadline unless given. Every trace is run with its cost in the handlers and in
# processChunk, as listed and shuffled (SEEDS, 20 unless set), with 50 ms of overhead per chunk.
# CO3SIM names the program, .build/release/co3sim unless set.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
co3sim=${CO3SIM:-$root/.build/release/co3sim}
seeds=${SEEDS:-20}
folder=${1:-}
test $# -eq 0 || shift
shown=("${@:-deadline}")
test -x "$co3sim" || { echo "waste.sh: $co3sim is missing; build it with 'swift build -c release --product co3sim'." >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# shellcheck source=targets.sh
source "$(dirname "$0")/targets.sh"

# The rivals: all but what is shown, what knows something, and the one that adapts to nothing.
others=$("$co3sim" schedulers | sed -n 's/^\([a-z0-9-]*\):.*/\1/p' |
  grep -vxE "deadline|optimal|informed|fixed" || true)
options=(--scheduler optimal)
for name in "${shown[@]}" $others; do
  case " ${options[*]} " in *" $name "*) continue ;; esac
  options+=(--scheduler "$name")
done

scenarios=()
if test -n "$folder"; then
  folder=$(cd "$folder" && pwd)
  for trace in "$folder"/*.csv "$folder"/*.csv.gz; do
    test -e "$trace" || continue
    name=$(basename "${trace%.gz}" .csv)
    for cost in handle process; do
      for order in listed shuffled; do
        file=$work/$name.$cost.$order.json
        count=1
        test $order = listed || count=$seeds
        cat >"$file" <<JSON
{ "name": "$name.$cost.$order", "seed": 1, "replications": $count,
  "sync": { "chunkTime": "$(target "$name")", "order": "$order" },
  "workload": { "trace": { "path": "$trace", "format": "csv", "cost": "$cost" },
                "chunkOverhead": { "constant": "50ms" } } }
JSON
        scenarios+=("$file")
      done
    done
  done
fi

# One line per scenario: means over replications, but the worst overshoot.
table() {
  awk -F, -v shown="${shown[*]}" '
    function figure(x) { return x == "" ? "-" : sprintf(x < 10 ? "%.3f" : "%.1f", x) }
    { sub(/\r$/, "") }
    NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
    !($1 in seen) { seen[$1] = 1; names[++count] = $1 }
    !($2 in known) { known[$2] = 1; labels[++schedulers] = $2 }
    {
      key = $1 SUBSEP $2; n[key]++
      ratio[key] += $column["waste_vs_optimal"]; waste[key] += $column["waste"]
      chunks[key] += $column["chunks"]; makespan[key] += $column["makespan_s"]
      near[key] += $column["near_target_share"]; match_[key] += $column["time_match"]
      worst[key] = worst[key] > $column["overshoot_above_floor"] ? worst[key] : $column["overshoot_above_floor"]
    }
    END {
      size = split(shown, own, " ")
      for (i = 1; i <= size; i++) isOwn[own[i]] = 1
      print "| scenario | scheduler | waste x optimal | waste | near target | mean x target | worst x floor | chunks | makespan s | over best rival |"
      print "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|"
      for (c = 1; c <= count; c++) {
        best = ""
        for (s = 1; s <= schedulers; s++) {
          if (labels[s] in isOwn || labels[s] == "optimal" || labels[s] == "informed") continue
          key = names[c] SUBSEP labels[s]
          if (!(key in n)) continue
          if (best == "" || waste[key] / n[key] < waste[best] / n[best]) { best = key; rival = labels[s] }
        }
        rows = split(shown " " rival " optimal", row, " ")
        for (r = 1; r <= rows; r++) {
          key = names[c] SUBSEP row[r]
          if (!(key in n)) continue
          k = n[key]
          print "| " names[c] " | " row[r] " | " figure(ratio[key] / k) " | " figure(waste[key] / k) " | " \
            sprintf("%.0f %%", 100 * near[key] / k) " | " figure(match_[key] / k) " | " figure(worst[key]) " | " \
            sprintf("%.1f", chunks[key] / k) " | " sprintf("%.5g", makespan[key] / k) " | " \
            (row[r] in isOwn && best != "" ? figure(waste[key] / k / (waste[best] / n[best])) : "") " |"
        }
      }
    }'
}

if test ${#scenarios[@]} -gt 0; then
  echo "Traces, 50 ms of overhead; shuffled: $seeds seeds. Last but one of each: the best rival."
  echo
  "$co3sim" compare "${scenarios[@]}" "${options[@]}" --format csv --quiet | table
  echo
fi
echo "Shipped scenarios, $seeds replications."
echo
mapfile -t shipped < <(ls "$root"/Scenarios/*.json | grep -v schema)
"$co3sim" compare "${shipped[@]}" "${options[@]}" --replications "$seeds" --format csv --quiet | table
