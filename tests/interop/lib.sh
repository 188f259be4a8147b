# Sourced by the interop scripts: a gateway and the test exchange on loopback, and a count of what passed. The
# scripts wait for events, never for time to pass.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
bin=${TANDEM_BIN:-$top/build/release/bin}
work=$(mktemp -d)
passed=0 failed=0
. "$top/tests/interop/processes.sh"

finish() {
  local status=$?
  stop_all
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

# until_true SECONDS COMMAND...: asks ten times a second, for what tells nobody when it changes.
until_true() {
  local left=$(($1 * 10)); shift
  until "$@"; do
    [ $((left -= 1)) -gt 0 ] || return 1
    read -r -t 0.1 <> <(:) || true
  done
}

# --- cases: functions that print what went wrong ---------------------------------------------------------------

# begin NAME FUNCTION [ARG...]: starts a case beside the others. It has a number $case of its own, from which its
# caller's number $from and its ports follow.
names=() case_pids=()
next_case() {
  names+=("$1")
  case=${#names[@]}
  from=5550$(printf %03d "$case")
}
begin() {
  next_case "$1"; shift
  ( trap - EXIT; set +e; "$@" || echo "$1 failed with $?" ) >"$work/case$case" 2>&1 </dev/null &
  case_pids[case]=$!
}
# in_turn NAME FUNCTION [ARG...]: a case in this shell, after all begun before it.
in_turn() {
  settle
  next_case "$1"; shift
  "$@" >"$work/case$case" 2>&1 || echo "$1 failed with $?" >>"$work/case$case"
  settle
}
# settle: waits for the cases begun, prints a line for each.
settled=0
settle() {
  while [ $settled -lt ${#names[@]} ]; do
    settled=$((settled + 1))
    [ -z "${case_pids[settled]:-}" ] || wait "${case_pids[settled]}"
    if [ -s "$work/case$settled" ]; then
      not_ok "${names[settled - 1]}" "$(tr '\n' ';' <"$work/case$settled")"
    else
      ok "${names[settled - 1]}"
    fi
  done
}
# same WHAT IS WANTED: complains when they differ; WANTED is a pattern.
same() {
  # shellcheck disable=SC2053
  [[ $2 == $3 ]] || echo "$1 is '$2', not '$3'"
}

# --- gateway and exchange --------------------------------------------------------------------------------------

# What joins the two, chosen before start_pair: an E1 on which the gateway is the user and takes the clock, or a T1 on
# which it is the network and gives the clock.
span=E1
declare -A near_switch=([E1]=euroisdn [T1]=national) near_side=([E1]=user [T1]=network) far_side=([E1]=network [T1]=user)
declare -A d_timeslot=([E1]=16 [T1]=24) near_clock=([E1]=recovered [T1]=master) far_clock=([E1]=master [T1]=recovered)

# The gateway of the interop tests: one span; ports differ from the demonstration's. The buffers are deep, because a
# machine that builds or tests other things at the same time is late now and then. Calls to 2101 to 2109 ring at
# peers of their own.
sip_port=15060 pbx_port=15100
ipv6=$(grep -s '^0\{31\}1 ' /proc/net/if_inet6) # empty: this host has none
write_config() {
  local listen="\"udp:127.0.0.1:$sip_port\", \"tcp:127.0.0.1:$sip_port\"" rtp='"127.0.0.1"'
  [ -z "$ipv6" ] || listen+=", \"udp:[::1]:$sip_port\"" rtp+=', "::1"'
  cat >"$1" <<EOF
[gateway]
name = "interop"
sip = { listen = [$listen], organization = "Interop" }
rtp = { address = [$rtp], ports = "32000-32999", jitter_min_ms = 60 }
cdr = "$work/cdr.sqlite"
control = "$work/control.sock"
[[span]]
name = "e1-1"
type = "$span"
local = "127.0.0.1:41001"
remote = "127.0.0.1:51001"
clock = "${near_clock[$span]}"
playout_ms = 40
[[trunk]]
name = "telco"
signalling = "pri"
switch = "${near_switch[$span]}"
side = "${near_side[$span]}"
spans = ["e1-1"]
d_channel = "e1-1:${d_timeslot[$span]}"
hunt = "ascending"
[[peer]]
name = "sipp"
address = "sip:127.0.0.1:15170;transport=udp"
p_early_media = true
[[route]]
from = "telco"
match = "^2000$"
to = ["sipp"]
EOF
  [ -z "$ipv6" ] || cat >>"$1" <<EOF
[[peer]]
name = "sipp6"
address = "sip:[::1]:15170;transport=udp"
EOF
  local i
  for i in 1 2 3 4 5 6 7 8 9; do
    cat >>"$1" <<EOF
[[peer]]
name = "pbx$i"
address = "sip:127.0.0.1:$((pbx_port + i));transport=udp"
options_interval_s = $((i == 9 ? 1 : 0))
follow_redirects = $((i == 7 ? 2 : 0))
[[route]]
from = "telco"
match = "^210$i$"
to = ["pbx$i"]
EOF
  done
  cat >>"$1" <<EOF
[[route]]
match = "^[0-9]+$"
to = ["telco"]
EOF
}

start_exchange() {
  background "$work/exchange.log" "$bin/exchange" --local 127.0.0.1:51001 --remote 127.0.0.1:41001 --type "${span,,}" \
    --switch "${near_switch[$span]}" --side "${far_side[$span]}" --clock "${far_clock[$span]}" --playout 40 --control "$work/exchange.sock"
}
# start_gateway LOG
start_gateway() {
  background "$1" "$bin/tandem" run "$work/gateway.toml"
  gateway_pid=$last_pid
  wait_line "$1" "is ready" 60 || { cat "$1"; exit 1; }
}
# start_pair: exchange and gateway, joined, with the D channel up.
start_pair() {
  write_config "$work/gateway.toml"
  start_exchange
  start_gateway "$work/gateway.log"
  wait_line "$work/exchange.log" "d-channel up" 60 || { cat "$work/exchange.log"; exit 1; }
}

# exchange COMMAND...: one command to the exchange, its answer on standard output.
exchange() { "$bin/exchange" --ask "$work/exchange.sock" "$*"; }
# tandem COMMAND...: to the running gateway.
tandem() { "$bin/tandem" "$@" --control "$work/control.sock"; }
# cdr COLUMNS [WHERE]: of the call records.
cdr() { sqlite3 -cmd '.timeout 2000' -separator ' ' "$work/cdr.sqlite" "select $1 from cdr where ${2:-true}"; }
# idle: no call and no circuit is busy. A reset that was lost comes again after T22, 30 s by default (Q.764 2.9.3.2).
no_calls() {
  [ "$(tandem calls --json | jq '.calls | length')" = 0 ] &&
    [ "$(tandem circuits --json | jq '[.circuits[] | select(.state != "idle" and .state != "d-channel" and .state != "link")] | length')" = 0 ]
}
idle() { until_true 90 no_calls; }
