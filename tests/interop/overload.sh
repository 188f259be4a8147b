#!/usr/bin/env bash
# A gateway with limits under more calls than they allow: 503 with Retry-After for what is beyond, while the calls that
# are there go on. A line for each case, then "N passed, 0 failed".
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
. "$here/sipp_lib.sh"
. "$here/sipp_refused.sh"  # plain

# limited LIMITS: the gateway's configuration with LIMITS among the keys of its SIP side.
limited() {
  write_config "$work/plain.toml"
  sed "s/^sip = {/& $1,/" "$work/plain.toml" >"$work/gateway.toml"
}
again() { kill "$gateway_pid"; wait "$gateway_pid"; start_gateway "$work/gateway.log"; wait_line "$work/exchange.log" "d-channel up" 60; }

make_speech "$work/speech.wav" "One two three."
sox -V1 "$work/speech.wav" -t al "$work/speech.al"
limited "max_calls = 2, retry_after_s = 7"
start_exchange
start_gateway "$work/gateway.log"
wait_line "$work/exchange.log" "d-channel up" 60 || { cat "$work/exchange.log"; exit 1; }

calls_are() { [ "$(tandem calls --json | jq '.calls | length')" = "$1" ]; }
served() { calls_to 1001 uac_answered SPEAK=4000; record_is "16 200 incoming telco PCMA"; }
third() {
  calls_to 1001 uac_refused STATUS=503
  grep -q $'^Retry-After: 7\r' "$work/$case.uac_refused.xml.msg" || echo "no Retry-After: 7"
}
begin "a call within max_calls, and its BYE" served
begin "another one" served
until_true 60 calls_are 2
begin "a call beyond max_calls: 503 with Retry-After" third
begin "OPTIONS while there is no room: 200" plain 200 "" OPTIONS
settle
check "idle" "$(tandem calls)" idle
in_turn "a call when there is room again" served

# 400 calls in two seconds: 20 at once and 20 a second are taken up.
limited "calls_per_second = 20, retry_after_s = 7"
again
storm() {
  sipp_case overload -- -r 200 -m 400
  local statuses=$work/$case.overload.xml.msg refused
  refused=$(grep -c '^SIP/2.0 503 ' "$statuses")
  [ "$refused" -ge 250 ] && [ "$refused" -le 385 ] || echo "$refused of 400 calls were refused"
}
in_turn "200 calls a second where 20 may be" storm
said() { grep -c "INVITE refused with 503: calls_per_second" "$work/gateway.log"; }
check "the log says so once a second" "$(said) lines" test "$(said)" -ge 1 -a "$(said)" -le 10
check "idle at the end" "$(tandem calls)" idle
summary
