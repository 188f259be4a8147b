# Sourced by the interop scripts: a gateway and the test exchange on loopback, and a count of what passed.
# The scripts wait for events, never for time to pass.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
bin=${TANDEM_BIN:-$top/build/release/bin}
work=$(mktemp -d)
passed=0 failed=0
pids=()

finish() {
  local status=$? pid
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null; done
  if [ $failed -ne 0 ] || [ $status -ne 0 ]; then echo "logs are in $work"; else rm -rf "$work"; fi
}
trap finish EXIT
trap 'exit 130' INT TERM

# ok NAME, not_ok NAME WHY: one line each.
ok() { passed=$((passed + 1)); echo "ok      $1"; }
not_ok() { failed=$((failed + 1)); echo "NOT OK  $1: $2"; }
# check NAME WHY COMMAND...: ok when the command succeeds.
check() { local name=$1 why=$2; shift 2; if "$@"; then ok "$name"; else not_ok "$name" "$why"; fi; }

# The last line; the script's status is its last command's.
summary() { echo "$passed passed, $failed failed"; [ $failed -eq 0 ]; }

# background LOG COMMAND...: runs until the script ends; its pid in $last_pid.
background() {
  local log=$1; shift
  "$@" >"$log" 2>&1 </dev/null &
  last_pid=$!
  pids+=("$last_pid")
}

# wait_line FILE PATTERN SECONDS [FROM_LINE]: until a line matches, counted from FROM_LINE.
wait_line() { timeout "$3" grep -qE -m1 "$2" <(tail -n +"${4:-1}" -s 0.05 -f "$1"); }
lines() { wc -l <"$1"; }

# write_config FILE: the gateway of the interop tests, one E1. Ports differ from the demonstration's.
sip_port=15060 uas_port=15070 uac_port=15071
write_config() {
  cat >"$1" <<EOF
[gateway]
name = "interop"
sip = { listen = ["udp:127.0.0.1:$sip_port", "tcp:127.0.0.1:$sip_port"] }
rtp = { address = "127.0.0.1", ports = "32000-32999" }
cdr = "$work/cdr.sqlite"
control = "$work/control.sock"
[[span]]
name = "e1-1"
type = "E1"
local = "127.0.0.1:41001"
remote = "127.0.0.1:51001"
clock = "recovered"
[[trunk]]
name = "telco"
signalling = "pri"
switch = "euroisdn"
side = "user"
spans = ["e1-1"]
d_channel = "e1-1:16"
hunt = "descending"
[[peer]]
name = "sipp"
address = "sip:127.0.0.1:$uas_port;transport=udp"
[[route]]
from = "sipp"
match = "^[0-9]+$"
to = ["telco"]
[[route]]
from = "telco"
to = ["sipp"]
EOF
}

# start_pair: exchange and gateway, joined, with the D channel up.
start_pair() {
  background "$work/exchange.log" "$bin/exchange" --local 127.0.0.1:51001 --remote 127.0.0.1:41001 --type e1 \
    --switch euroisdn --side network --clock master --control "$work/exchange.sock"
  write_config "$work/gateway.toml"
  background "$work/gateway.log" "$bin/tandem" run "$work/gateway.toml"
  gateway_pid=$last_pid
  wait_line "$work/gateway.log" "is ready" 10 || { cat "$work/gateway.log"; exit 1; }
  wait_line "$work/exchange.log" "d-channel up" 20 || { cat "$work/exchange.log"; exit 1; }
}

# exchange COMMAND...: one command to the exchange, its answer on standard output.
exchange() { "$bin/exchange" --ask "$work/exchange.sock" "$*"; }
# tandem COMMAND...: to the running gateway.
tandem() { "$bin/tandem" "$@" --control "$work/control.sock"; }
# cdr COLUMNS: of the newest attempt.
cdr() { sqlite3 -separator ' ' "$work/cdr.sqlite" "select $1 from cdr order by call desc, attempt desc limit 1"; }
# idle: no call is left on the gateway (waits for the releases to end).
idle() {
  local i
  for i in $(seq 100); do
    [ "$(tandem calls --json | jq '.calls | length')" = 0 ] && return 0
    read -r -t 0.1 <> <(:) || true
  done
  return 1
}
