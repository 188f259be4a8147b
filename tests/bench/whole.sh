#!/usr/bin/env bash
# The running gateway under calls from SIPp, through the test exchange and back: calls a second held, processor time
# a call, memory after many calls, calls during reloads; and the same SIPp scenario through Kamailio, in the same run.
# Prints lines "NAME VALUE", read by run.sh.   usage: whole.sh BIN [CALLS] [SPANS]
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/interop/processes.sh
bin=${1:?usage: whole.sh BIN [CALLS] [SPANS]} calls=${2:-100000} spans=${3:-16}
work=$(mktemp -d)
finish() { stop_all; [ -n "${KEEP:-}" ] || rm -rf "$work"; }
trap finish EXIT
say() { printf '%s\n' "$*" >&2; }

{
  cat <<EOF
[gateway]
name = "bench"
sip = { listen = ["udp:127.0.0.1:17060"] }
rtp = { address = "127.0.0.1", ports = "36000-44999", timeout_s = 0 }
cdr = "$work/cdr.sqlite"
control = "$work/control.sock"
EOF
  for i in $(seq "$spans"); do
    cat <<EOF
[[span]]
name = "e1-$i"
type = "E1"
local = "127.0.0.1:$((46100 + i))"
remote = "127.0.0.1:$((56100 + i))"
playout_ms = 40
[[trunk]]
name = "telco$i"
signalling = "pri"
switch = "euroisdn"
side = "user"
spans = ["e1-$i"]
d_channel = "e1-$i:16"
EOF
  done
  # Each number of two digits behind 1000 has its trunk first, so that the D channels share the load.
  echo '[[peer]]
name = "peer"
address = "sip:127.0.0.1:17070;transport=udp"
maxptime_ms = 60'
  for i in $(seq "$spans"); do
    printf '[[route]]\nfrom = "peer"\nmatch = "^1000%02d"\nrewrite = "1000"\nto = ["telco%d"]\n' "$i" "$i"
  done
} >"$work/gateway.toml"

for i in $(seq "$spans"); do
  background "$work/exchange$i.log" "$bin/exchange" --local "127.0.0.1:$((56100 + i))" \
    --remote "127.0.0.1:$((46100 + i))" --control "$work/exchange$i.sock" --playout 40
done
background "$work/gateway.log" "$bin/tandem" run "$work/gateway.toml"
gateway=$last_pid
wait_line "$work/gateway.log" "is ready" 60
all_up() { [ "$("$bin/tandem" status --control "$work/control.sock" --json | jq '[.trunks[] | select(.d_channel == "up" or .d_channel_up == true)] | length')" -ge "$spans" ]; }
for _ in $(seq 100); do all_up && break; read -rt 0.1 <> <(:) || true; done
all_up || { say "not all D channels came up"; "$bin/tandem" status --control "$work/control.sock" >&2; exit 1; }

user_ticks() { local t=0 p f; for p in "$@"; do f=$(<"/proc/$p/stat"); f=${f##*) }; set -- $f; t=$((t + ${12})); done; echo "$t"; }
resident() { awk '/^VmRSS/ { print $2 }' "/proc/$1/status"; }
for i in $(seq "$spans"); do printf '1000%02d\n' "$i"; done | { echo SEQUENTIAL; sed 's/$/;/'; } >"$work/numbers.csv"

# sipp_run PORT RATE CALLS: complete calls, one after the other; the number of failed ones in $failed, seconds in $took.
sipp_run() {
  local start=$EPOCHREALTIME out=$work/sipp.out
  sipp "127.0.0.1:$1" -sf tests/bench/call.xml -inf "$work/numbers.csv" -i 127.0.0.1 -p 17070 -mp 18000 \
    -r "$2" -m "$3" -l 400 -nostdin -recv_timeout 20000 -timeout 900s -trace_stat -fd 1 -stf "$work/stat.csv" \
    >"$out" 2>&1 || true
  took=$(jq -n "$EPOCHREALTIME - $start")
  failed=$(tail -n 1 "$work/stat.csv" | awk -F';' -v want="$3" '{ print want - $16 }')
  rm -f "$work/stat.csv"
}

# Both ends start their data links at once: a SABME that crosses another sets the first up anew within a second
# (Q.921 5.5.1.2), and calls in set-up do not outlive it. Until as many calls as there are spans go through.
for _ in $(seq 20); do
  sipp_run 17060 "$spans" "$spans"
  [ "$failed" = 0 ] && break
done
say "warming up with 1000 calls"
sipp_run 17060 $((spans * 5)) 1000
[ "$failed" = 0 ] || { say "$failed of 1000 calls failed"; tail -n 5 "$work/gateway.log" >&2; }

# Transactions outlive their calls by 32 s (RFC 3261, timer J); 40 s after the last call memory is given back.
say "what the gateway costs without calls, and keeps (45 s)"
rest() { read -rt 45 <> <(:) || true; }
idle_from=$(user_ticks "$gateway"); rest; idle=$(( $(user_ticks "$gateway") - idle_from ))
rss_1000=$(resident "$gateway")

say "the rate that is held"
held=0
for a_span in 6 9 12 16 20 25 32 40 50 64; do
  rate=$((spans * a_span))
  sipp_run 17060 "$rate" $((rate * 8))
  say "  $rate calls/s: $failed failed in $took s"
  [ "$failed" = 0 ] && jq -en "$took < 8 * 1.25 + 1" >/dev/null || break
  held=$rate
done
[ "$held" -gt 0 ] || { say "not even $((spans * 6)) calls a second"; held=$((spans * 4)); }

say "$calls calls"
from=$(user_ticks "$gateway")
sipp_run 17060 $((held * 3 / 4)) "$calls"
total_failed=$failed
ticks=$(( $(user_ticks "$gateway") - from ))
us=$(jq -n "($ticks - $idle * $took / 45) / $(getconf CLK_TCK) * 1e6 / $calls")
rest
rss_all=$(resident "$gateway")

say "reloads while calls come"
# Each changes the peer that the calls are on.
reload() {
  sed -i "s/^maxptime_ms = .*/maxptime_ms = $(($1 % 2 == 0 ? 60 : 40))/" "$work/gateway.toml"
  "$bin/tandem" reload --control "$work/control.sock" | grep -q 'peer: maxptime_ms changed'
}
( for i in $(seq 10); do reload "$i" || exit 1; read -rt 0.5 <> <(:) || true; done ) &
reloads=$!
sipp_run 17060 50 400
reload_failed=$failed
wait "$reloads" || reload_failed=$((reload_failed + 1))

say "Kamailio between two SIPp"
cat >"$work/kamailio.cfg" <<'EOF'
debug=0
log_stderror=yes
children=2
listen=udp:127.0.0.1:17080
mpath="KAMAILIO_MODULES/"
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "maxfwd.so"
loadmodule "siputils.so"
request_route {
  if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }
  if (has_totag()) { if (loose_route()) { t_relay(); } else if (method == "ACK" && t_check_trans()) { t_relay(); } exit; }
  if (method == "CANCEL") { if (t_check_trans()) { t_relay(); } exit; }
  t_check_trans();
  record_route();
  $du = "sip:127.0.0.1:17090";
  t_relay();
}
EOF
modules=$(dirname "$(find /usr/lib -path '*kamailio/modules/tm.so' | head -n 1)")
sed -i "s|KAMAILIO_MODULES|$modules|" "$work/kamailio.cfg"
background "$work/uas.log" sipp -sn uas -i 127.0.0.1 -p 17090 -nostdin
background "$work/kamailio.log" kamailio -f "$work/kamailio.cfg" -DD -E -m 64 -M 8 -Y "$work" -w "$work"
kamailio=$last_pid
listening() { grep -q ' 0100007F:42B8 ' /proc/net/udp; }  # port 17080
for _ in $(seq 50); do listening && break; read -rt 0.1 <> <(:) || true; done
listening || { say "Kamailio does not start"; head -n 3 "$work/kamailio.log" >&2; exit 1; }
sipp_run 17080 100 200
children() { pgrep -P "$kamailio" | tr '\n' ' '; }
from=$(user_ticks "$kamailio" $(children))
sipp_run 17080 200 10000
kamailio_failed=$failed
kamailio_us=$(jq -n "($(user_ticks "$kamailio" $(children)) - $from) / $(getconf CLK_TCK) * 1e6 / 10000")

cat <<EOF
held_calls_per_second $held
calls $calls
failed $total_failed
user_us_per_call $us
rss_kib_after_1000 $rss_1000
rss_kib_after_all $rss_all
reload_failed $reload_failed
kamailio_us_per_call $kamailio_us
kamailio_failed $kamailio_failed
EOF
