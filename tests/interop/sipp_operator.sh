# Sourced by sipp.sh: what operators do to calls and circuits, and how the process stops.

# held: a call from SIP to 1001 which lasts until cleared; runs beside the case that waits for it.
held() { calls_to 1001 uac_cleared "$@"; }
up() { [ "$(tandem calls --json | jq '[.calls[] | select(.state == "answered")] | length')" = "${1:-1}" ]; }
call_number() { tandem calls --json | jq ".calls[] | select(.calling == \"$from\") | .call"; }

hangup() {
  held CAUSE=31 & local caller=$!
  until_true 60 up || echo "no call came up: $(tandem calls)"
  tandem hangup "$(call_number)" --cause 31 >/dev/null
  wait $caller
  wait_line "$work/exchange.log" "^call $(exchange_call) released cause 31" 60 || echo "the PSTN was not cleared"
  record_is "31 200 gateway telco PCMA"
}
# Circuits 1 to 30 blocked: a call takes 31; that blocked too: none.
block() {
  tandem block telco 1-30 >/dev/null
  calls_to 1002 uac_rejected STATUS=486 CAUSE=17
  same "circuit" "$(cdr circuit "calling = '$from'")" "e1-1:31"
  tandem block telco >/dev/null
  sipp_case uac_refused STATUS=503 -- -s 1002
  same "SETUPs" "$(grep -c "setup from $from " "$work/exchange.log")" 1
  tandem unblock telco >/dev/null
  calls_to 1002 uac_rejected STATUS=486 CAUSE=17
}
reset() {
  held CAUSE=41 & local caller=$!
  until_true 60 up || echo "no call came up: $(tandem calls)"
  tandem reset telco 1-3 >/dev/null
  wait $caller
  local slot
  for slot in 1 2 3; do
    wait_line "$work/exchange.log" "^restart slot $slot$" 60 || echo "the PSTN saw no RESTART of $slot"
  done
  record_is "* 200 gateway telco PCMA"
}

written() { [ "$(cdr state "calling = '$from'")" = up ]; }
# What was up when the process died is in the table, marked, when it is up again; and calls go on.
crash() {
  calls_to 1001 uac_answered >/dev/null & local caller=$!
  until_true 60 up || echo "no call came up: $(tandem calls)"
  until_true 60 written || echo "the call was not in the table while it was up"
  kill -9 "$gateway_pid"
  wait "$gateway_pid" 2>/dev/null
  restart_gateway
  same "call record" "$(cdr "state, trunk" "calling = '$from'")" "interrupted telco"
  grep -q "1 calls were cut off" "$gateway_log" || echo "nothing said of it: $(head -n 3 "$gateway_log")"
  wait $caller
  # The PSTN still holds circuit 1: it says so, the call goes by another, and RESTART frees circuit 1 (Q.931 5.5).
  calls_to 1002 uac_rejected STATUS=486 CAUSE=17
  until_true 60 exchange_idle || echo "the exchange still has $(exchange calls)"
}
exchange_idle() { [ "$(exchange calls)" = "ok 0 calls" ]; }
restart_gateway() {
  gateway_log=$work/gateway$case.log
  start_gateway "$gateway_log"
  wait_line "$gateway_log" "D channel up" 60 || echo "the D channel did not come back"
}
# SIGTERM: the call goes on, new ones get 503, the process ends after it.
drain() {
  calls_to 1001 uac_answered SPEAK=4000 & local caller=$!
  until_true 60 up || echo "no call came up: $(tandem calls)"
  kill "$gateway_pid"
  wait_line "$gateway_log" draining 60 || echo "it does not drain"
  case=$((case + 100)) sipp_case uac_refused STATUS=503 -- -s 1001
  up || echo "the call did not go on: $(tandem calls)"
  wait $caller
  wait "$gateway_pid" || echo "it ended with $?"
  wait_line "$work/exchange.log" "^call $(exchange_call) released cause 16" 60 || echo "the PSTN was not cleared"
  grep -q "stopped" "$gateway_log" || echo "it did not say that it stopped"
  same "call record" "$(cdr "q850_cause, sip_status, released_by" "calling = '$from' and trunk is not null")" "16 200 incoming"
}
# A second SIGTERM clears what is left, with a cause.
drain_at_once() {
  restart_gateway
  held CAUSE=41 & local caller=$!
  until_true 60 up || echo "no call came up: $(tandem calls)"
  kill "$gateway_pid"
  wait_line "$gateway_log" draining 60 || echo "it does not drain"
  kill "$gateway_pid"
  wait $caller
  wait "$gateway_pid" || echo "it ended with $?"
  wait_line "$work/exchange.log" "^call $(exchange_call) released cause 41" 60 || echo "the PSTN was not cleared"
  same "call record" "$(cdr "state, q850_cause, sip_status, released_by" "calling = '$from'")" "ended 41 200 gateway"
}

operator_cases() {
  begin "hangup: BYE and DISCONNECT with the cause" hangup
  settle
  begin "block and unblock" block
  settle
  begin "reset: RESTART, and the call is cleared" reset
  settle
  check "idle after reset" "$(tandem calls; tandem circuits)" idle
  gateway_log=$work/gateway.log
  in_turn "kill -9: the record says interrupted, and calls go on" crash
  in_turn "SIGTERM drains" drain
  in_turn "a second SIGTERM clears" drain_at_once
}
