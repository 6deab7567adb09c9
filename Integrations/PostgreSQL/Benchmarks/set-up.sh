# What the programs beside this one share; they source it, and it ends with them. It needs a server: ../server run.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
program=$here/../.build/release/co3backfill
: "${CO3_POSTGRESQL:?start it with: server run}"
# The table of the rows that rows.py makes.
items_table='CREATE TABLE items (id bigint PRIMARY KEY, name text NOT NULL, amount integer, note text)'
work=$(mktemp -d)
proxy=
finish() {
  stop_proxy || true
  rm -rf "$work"
}
trap finish EXIT

# sql STATEMENT...: runs statements one by one, and prints the rows they give.
sql() {
  local statement arguments=()
  for statement; do arguments+=(--command "$statement"); done
  PGOPTIONS=--client-min-messages=warning psql --quiet --no-psqlrc --tuples-only --no-align \
    "$CO3_POSTGRESQL" "${arguments[@]}"
}

# start_proxy ARGUMENTS...: starts proxy.py before the server, and sets `through` to its address.
start_proxy() {
  local port proxy_port
  port=${CO3_POSTGRESQL##*:}
  port=${port%%/*}
  exec 3< <(exec python3 "$here/proxy.py" "$port" "$@" 2>>"$work/proxy.log")
  proxy=$!
  read -r proxy_port <&3
  through=${CO3_POSTGRESQL/:$port/:$proxy_port}
}

stop_proxy() {
  if [ -n "$proxy" ]; then kill "$proxy" 2>/dev/null; fi
  proxy=
}
