#!/bin/bash
# Runs sweep.sbatch on a Slurm of one node that this script sets up and takes down again.
#
# Usage, as root on Debian or Ubuntu:  Scenarios/cluster/try-slurm.sh
#
# Needs slurm-wlm, munge (apt-get install slurm-wlm munge) and a release build of co3sim. All files
# lie in a temporary folder; nothing in /etc is touched. Eight shards run as a job array, one of them
# is killed half way and submitted again, and the merged table must be the one of a single run.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
export CO3SIM=${CO3SIM:-$root/.build/release/co3sim}
work=$(mktemp -d)
chmod 755 "$work"
pids=()
finish() {
  local pid
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait
  rm -rf "$work"
}
trap finish EXIT

fail() {
  echo "try-slurm: $*" >&2
  tail -n 20 "$work"/*.log >&2 || true
  exit 1
}
for tool in munged slurmctld slurmd sbatch "$CO3SIM"; do
  command -v "$tool" >/dev/null || fail "$tool is missing"
done

mkdir -p "$work"/{munge,state,spool,results}
chown -R munge "$work/munge"
chmod 711 "$work/munge"
dd if=/dev/urandom of="$work/munge/key" bs=1 count=1024 status=none
chown munge "$work/munge/key"
chmod 400 "$work/munge/key"
runuser -u munge -- munged --foreground --force --key-file="$work/munge/key" \
  --socket="$work/munge/socket" --pid-file="$work/munge/pid" --log-file="$work/munge/log" \
  --seed-file="$work/munge/seed" >"$work/munged.log" 2>&1 &
pids+=($!)

host=$(hostname -s)
cat >"$work/slurm.conf" <<CONF
ClusterName=one
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$work/munge/socket
CryptoType=crypto/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
MpiDefault=none
ReturnToService=2
SlurmctldPort=16817
SlurmdPort=16818
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SchedulerParameters=sched_interval=2
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF=$work/slurm.conf
for _ in $(seq 50); do [ -S "$work/munge/socket" ] && break; sleep 0.2; done
slurmctld -D -f "$SLURM_CONF" >"$work/slurmctld.log" 2>&1 &
pids+=($!)
slurmd -D -f "$SLURM_CONF" >"$work/slurmd.log" 2>&1 &
pids+=($!)
for _ in $(seq 150); do
  if sinfo --noheader --format=%T 2>/dev/null | grep -q idle; then break; fi
  sleep 0.2
done
sinfo || fail "the controller does not answer"
sinfo --noheader --format=%T | grep -q idle || fail "the node is not idle"

scenario=$root/Scenarios/rare-heavy-mix.json
vary="sync.chunkTime=1s,2s,5s schedulers.deadline.caution=1,2.75"
axes=()
for axis in $vary; do axes+=(--vary "$axis"); done
cd "$work/results"
submit() {
  SCENARIO=$scenario VARY=$vary REPLICATIONS=4 \
    sbatch --wait "$@" "$root/Scenarios/cluster/sweep.sbatch"
}
submit --array=1-8 || fail "the array failed: $(cat co3sim-sweep-*.log)"

# A shard that was killed half way has some of its rows in a partial file: it must go on.
head -n 5 shard-3-of-8.csv >shard-3-of-8.csv.partial
tail -n 1 shard-3-of-8.csv | head -c 40 >>shard-3-of-8.csv.partial
rm shard-3-of-8.csv
submit --array=1-8 || fail "the second array failed: $(cat co3sim-sweep-*.log)"
grep -h "from before" co3sim-sweep-*.log | sort | uniq -c

"$CO3SIM" merge shard-*-of-8.csv --output merged.csv
"$CO3SIM" sweep "$scenario" "${axes[@]}" --replications 4 --output whole.csv --no-progress
cmp merged.csv whole.csv || fail "the merged table is not that of a single run"
echo "The merged table of 8 shards is that of a single run: $(($(wc -l <whole.csv) - 1)) cells."
