#!/usr/bin/env bash
# SIPp against the gateway, for rules of SIP that need peers of their own: offers in reliable responses and PRACK, numbers
# that grow, peers that are dead, overloaded or want otherwise, large requests, keep-alives, identities that change.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
. "$here/sipp_lib.sh"
. "$here/sipp_pstn.sh"

# peer NAME NUMBER [LINE...]: at 127.0.0.1:15100 + NUMBER, by UDP unless LINE says otherwise.
peer() {
  printf '[[peer]]\nname = "%s"\naddress = "sip:127.0.0.1:%d;transport=%s"\n' "$1" $((pbx_port + $2)) "${transport:-udp}"
  shift 2; printf '%s\n' "$@"
}
# way MATCH TARGET...: calls from the PSTN to numbers that match try the targets in turn.
way() {
  printf '[[route]]\nfrom = "telco"\nmatch = "%s"\nto = ["%s"' "$1" "$2"
  shift 2; [ $# -eq 0 ] || printf ', "%s"' "$@"
  printf ']\n'
}
rules_config() {
  cat >"$1" <<EOF
[gateway]
name = "interop"
cdr = "$work/cdr.sqlite"
control = "$work/control.sock"
[gateway.sip]
listen = ["udp:127.0.0.1:$sip_port", "tcp:127.0.0.1:$sip_port"]
t1_ms = 200
keepalive_s = 1
[gateway.rtp]
address = "127.0.0.1"
ports = "32000-32999"
jitter_min_ms = 60
[[span]]
name = "e1-1"
type = "E1"
local = "127.0.0.1:41001"
remote = "127.0.0.1:51001"
clock = "recovered"
playout_ms = 40
[[trunk]]
name = "telco"
signalling = "pri"
switch = "$2"
spans = ["e1-1"]
d_channel = "e1-1:16"
overlap = "pass-on"
overlap_sending = true
EOF
  { # The first is whoever calls from a port that is no peer's.
    peer any 90 'overlap = true'
    peer grows 1 'overlap = true';  way '^210' grows
    peer timed 2 'session_expires_s = 90';  way '^2202$' timed
    peer alive 3
    peer dead 4;  way '^2204$' dead alive
    peer watched 5 'options_interval_s = 1';  way '^2205$' watched alive
    peer busy 6;  way '^2206$' busy alive
    peer large 7;  way '^2207$' large
    transport=tcp peer idle 8;  way '^2208$' idle
    peer moves 9;  way '^2209$' moves
    printf '[[route]]\nmatch = "^1[0-9]*$"\nto = ["telco"]\n'
  } >>"$1"
}
# start_rules SWITCH
start_rules() {
  rules_config "$work/gateway.toml" "$1"
  background "$work/exchange.log" "$bin/exchange" --local 127.0.0.1:51001 --remote 127.0.0.1:41001 --overlap yes \
    --playout 40 --control "$work/exchange.sock" --switch "$1"
  start_gateway "$work/gateway.log"
  wait_line "$work/exchange.log" "d-channel up" 60 || { cat "$work/exchange.log"; exit 1; }
}
# state_of PEER, is_state PEER STATE: as `tandem status` says.
state_of() { tandem status --json | jq -r ".peers[] | select(.name == \"$1\") | .state"; }
is_state() { [ "$(state_of "$1")" = "$2" ]; }

offer_in_18x() {
  calls_to 1005 offer_in_18x
  record_is "16 200 incoming telco PCMU"
  [ "$(cdr packets_sent "calling = '$from'")" -gt 100 ] || echo "no audio before the answer"
}
offer_in_prack() {
  calls_to 1005 offer_in_prack
  record_is "16 200 incoming telco PCMU"
}
merged() {
  calls_to 1003 merged
  record_is "16 487 incoming telco *"
  same "SETUPs" "$(grep -c "setup from $from " "$work/exchange.log")" 1
}
grows_from_sip() {
  sipp_case grows
  record_is "16 200 outgoing telco PCMA"
  same "SETUPs" "$(grep -c "setup from $from " "$work/exchange.log")" 1
  same "number" "$(cdr called "calling = '$from'")" "1007"
}
grows_from_pstn() {
  rings 1 wants_more &
  local pbx=$!
  dial 210 overlap yes || return
  until_true 60 was_incomplete || echo "no INVITE came"
  exchange "more $call 1" >/dev/null
  comes answered 60
  released 16 60
  wait "$pbx"
  same "Call-IDs" "$(grep -E '^Call-ID:' "$work/$case.wants_more.xml.msg" | sort -u | wc -l)" 1
}
was_incomplete() { grep -qs '^SIP/2.0 484' "$work/$case.wants_more.xml.msg"; }
wants_longer() {
  rings 2 wants_longer &
  local pbx=$!
  dial 2202 || return
  comes answered 60
  released 16 60
  wait "$pbx"
}
# taken_by NUMBER PEER TARGET: a call to NUMBER is answered by SIPp as the peer, which the record names.
taken_by() {
  rings "$2" takes &
  local pbx=$!
  dial "$1" || return
  comes answered 60
  released 16 60
  wait "$pbx"
  until_true 60 record_of_call
  same "who answered" "$(cdr to_name "calling = '$from' and sip_status = 200 order by call desc limit 1")" "$3"
}
dead_then_alive() { taken_by 2204 3 alive; }
watched_and_back() {
  until_true 60 is_state watched unreachable || echo "silent to OPTIONS, it is $(state_of watched)"
  taken_by 2205 3 alive
  until_true 60 is_state watched unreachable
  # It speaks again: OPTIONS is answered, and the next call is its own.
  sipp_case uas_options -- -p $((pbx_port + 5))
  until_true 60 is_state watched reachable || echo "after OPTIONS, it is $(state_of watched)"
  taken_by 2205 5 watched
}
busy_and_back() {
  rings 6 too_busy AFTER=4 -- -mp 24000 &
  local refusing=$!
  taken_by 2206 3 alive
  wait "$refusing"
  is_state busy overloaded || echo "after 503 with Retry-After, it is $(state_of busy)"
  # Its time is not over: it is not asked.
  taken_by 2206 3 alive
  until_true 60 is_state busy "not watched" || echo "afterwards, it is $(state_of busy)"
  taken_by 2206 6 busy
}
words() { head -c "$1" /dev/zero | tr '\0' w; }
# listens PORT: somebody does, on TCP.
listens() { grep -q "0100007F:$(printf %04X "$1") 00000000:0000 0A" /proc/net/tcp; }
# large_by SCENARIO [OPTION...]: the peer, configured with UDP, listens as SIPp's options say.
large_by() {
  rings 7 "$1" -- "${@:2}" &
  local pbx=$!
  [ $# -eq 1 ] || until_true 60 listens $((pbx_port + 7)) || echo "SIPp does not listen"
  dial 2207 redirecting 5557 uui "$(words 120)" name "$(words 60)" || return
  comes answered 60
  released 16 60
  wait "$pbx"
  local size
  size=$(sed -nE 's/.* received \[([0-9]+)\] bytes.*/\1/p' "$work/$case.$1.xml.msg" | head -n 1)
  [ "${size:-0}" -gt 1300 ] || echo "the INVITE has ${size:-no} octets"
}
pings() { [ "$(grep -c '^ping$' "$work/idle.log")" -ge "$1" ]; }
kept_alive() {
  background "$work/idle.log" python3 "$top/tests/interop/keepalive_peer.py" $((pbx_port + 8))
  wait_line "$work/idle.log" listens 60 || return
  dial 2208 || return
  released 17 60
  until_true 60 pings 3 || echo "$(grep -c ping "$work/idle.log") pings"
  # RFC 5626 4.4.1: no pong for 10 s, so the connection is dead.
  until_true 60 grep -q '^closed$' "$work/idle.log" || echo "the connection without a pong is still there"
}
party_told() {
  calls_to 1016 party_told
  record_is "16 200 incoming telco PCMA"
}
party_changes() {
  rings 9 party_changes &
  local pbx=$!
  dial 2209 || return
  comes answered 60
  released 16 60
  wait "$pbx"
  until_true 60 record_of_call
  tandem trace "$(cdr "max(call)" "calling = '$from'")" | grep -qE "CPG.*5558888" || echo "the PSTN's side is not told of 5558888"
}

start_rules euroisdn
begin "no offer in INVITE: it is in the reliable 183, its answer in PRACK" offer_in_18x
begin "an offer in PRACK: answered in its 200" offer_in_prack
begin "a merged request: 482, and the call goes on" merged
begin "digits in further INVITEs: one SETUP, 484 for the earlier" grows_from_sip
begin "422: the INVITE comes again with the peer's Min-SE" wants_longer
begin "CRLF keep-alive on an idle connection; without pong it is closed" kept_alive
settle
in_turn "digits from the PSTN go on in further INVITEs after 484" grows_from_pstn
in_turn "a dead peer, then one that lives: timer B" dead_then_alive
in_turn "a peer silent to OPTIONS is passed over, and has its calls back" watched_and_back
in_turn "503 with Retry-After: passed over until then" busy_and_back
in_turn "an INVITE of more than 1300 octets goes by TCP" large_by takes_tcp -t t1
in_turn "... and by UDP to a peer that has no TCP" large_by takes_udp
check "idle at the end" "$(tandem calls; tandem circuits)" idle

# QSIG has words for a party that changes in a call (ECMA-178).
stop_all
pids=()
start_rules qsig
in_turn "connected identity changes in the PSTN: UPDATE with another P-Asserted-Identity" party_told
in_turn "connected identity changes at the peer: its UPDATE is told on" party_changes
check "idle after changes of identity" "$(tandem calls; tandem circuits)" idle
summary
