# Sourced by ss7.sh: what operators and machines do to circuits, from both ends.

# gateway_has CIC STATE BLOCKED, gateway_shows CIC STATE [BLOCKED]: within 15 s; else complains.
gateway_circuit() { tandem circuits --json | jq -r ".circuits[] | select(.cic == $1 and .state != \"link\") | .state + \" \" + .blocked"; }
gateway_has() { [ "$(gateway_circuit "$1")" = "$2 $3" ]; }
gateway_shows() { until_true 90 gateway_has "$1" "$2" "${3:-}" || echo "the gateway has circuit $1 '$(gateway_circuit "$1")', not '$2 ${3:-}'"; }

# calling CAUSE: a call from SIP to 1001 that lasts until it is cleared; its circuit's code is in $cic, its number at
# the far end in $call; `wait $phone` is for its end. CAUSE: what BYE
# tells of it, a pattern.
calling() {
  mark_logs exchange
  held CAUSE="$1" -- -p 15990 -mp 25990 &
  phone=$!
  hears exchange "^call [0-9]+ setup from $from " || return
  call=$(sed -nE "s/^call ([0-9]+) setup from $from to 1001 .*/\1/p" "$work/exchange.log" | tail -n 1)
  until_true 60 up || { echo "the call is not answered: $(tandem calls)"; return 1; }
  cic=$(tell exchange circuits | tr ';' '\n' | sed -n "s/^ cic \([0-9]*\) slot [0-9]* call $call\$/\1/p")
  [ -n "$cic" ] || { echo "call $call has no circuit: $(tell exchange circuits)"; return 1; }
}
# ends: the phone has been told, and nothing is left at either end.
ends() {
  wait "$phone"
  idle || echo "the gateway is not idle: $(tandem circuits --json | jq -c '[.circuits[] | select(.state != "idle" and .state != "link")]')"
  all_idle exchange
}

blocked_there() {
  mark_logs exchange
  tell exchange block 5 >/dev/null
  hears exchange "^cic 5 blocked$"
  gateway_shows 5 idle remote
  tell exchange unblock 5 >/dev/null
  hears exchange "^cic 5 unblocked$"
  gateway_shows 5 idle
}
group_blocked_there() {
  mark_logs exchange
  tell exchange block 2-6 >/dev/null
  hears exchange "^cic 2-6 group blocked$"
  gateway_shows 2 idle remote
  gateway_shows 6 idle remote
  gateway_shows 7 idle
  tell exchange unblock 2-6 >/dev/null
  hears exchange "^cic 2-6 group unblocked$"
  gateway_shows 6 idle
}
hardware_there() {  # calls end (Q.764 2.8.2.2)
  calling "[0-9]*" || return
  local first=$((cic - 1))
  [ -n "$(circuit exchange $first)" ] || first=$cic
  tell exchange block "$first-$((first + 1))" hardware >/dev/null
  hears exchange "^cic $first-$((first + 1)) group blocked hardware$"
  hears exchange "^call $call released"
  gateway_shows "$cic" idle remote
  tell exchange unblock "$first-$((first + 1))" hardware >/dev/null
  hears exchange "^cic $first-$((first + 1)) group unblocked hardware$"
  ends
}
blocked_here() {
  mark_logs exchange
  tandem block telco 5 >/dev/null
  hears exchange "^cic 5 blocked by the far end$"
  gateway_shows 5 idle local
  becomes exchange 5 "idle blocked-there"
  tandem unblock telco 5 >/dev/null
  hears exchange "^cic 5 unblocked by the far end$"
  gateway_shows 5 idle
  becomes exchange 5 idle
}
group_blocked_here() {  # by CIC, then by timeslot
  local circuits
  for circuits in 3-9 e1-1:3-9; do
    mark_logs exchange
    tandem block telco "$circuits" >/dev/null
    hears exchange "^cic 3-9 group blocked by the far end$"
    gateway_shows 3 idle local
    gateway_shows 9 idle local
    becomes exchange 9 "idle blocked-there"
    tandem unblock telco "$circuits" >/dev/null
    hears exchange "^cic 3-9 group unblocked by the far end$"
    gateway_shows 9 idle
    all_idle exchange
  done
}
blocked_with_a_call() {  # the call goes on (Q.764 2.8.2.1)
  calling 16 || return
  tandem block telco "$cic" >/dev/null
  hears exchange "^cic $cic blocked by the far end$"
  gateway_shows "$cic" outgoing local
  tell exchange hangup "$call" 16 >/dev/null
  wait "$phone"
  gateway_shows "$cic" idle local
  tandem unblock telco "$cic" >/dev/null
  ends
}
reset_there() {  # one circuit, then a group, each with a call
  calling "[0-9]*" || return
  tell exchange reset "$cic" >/dev/null
  hears exchange "^cic $cic reset$"
  ends
  mark_logs exchange
  tell exchange reset 1-11 >/dev/null
  hears exchange "^cic 1-11 group reset$"
  ends
}
reset_here() {
  calling "[0-9]*" || return
  tandem reset telco "$cic" >/dev/null
  hears exchange "^cic $cic reset by the far end"
  hears exchange "^call $call released cause 41"
  ends
  tandem reset telco 3-9 >/dev/null
  hears exchange "^cic 3-9 group reset by the far end"
  ends
}
unequipped() {  # until it is reset
  mark_logs exchange
  tell exchange ucic 7 >/dev/null
  gateway_shows 7 unequipped
  tandem reset telco 7 >/dev/null
  hears exchange "^cic 7 reset by the far end"
  ends
}

# Calls that ring there take all circuits but those blocked: the next one finds none.
all_busy() {
  local count i group=${ss7_groups[$ss7_variant]##* }
  tandem block telco "$group" >/dev/null
  becomes exchange "${group#*-}" "idle blocked-there"
  count=$(tell exchange circuits | tr ';' '\n' | grep -c ' idle$')
  rings 3 uas_cancelled -- -mp 26000 -m "$count" &
  local pbx=$! calls=()
  for ((i = 0; i < count; i++)); do
    dial 2103 || return
    calls+=("$call")
  done
  for call in "${calls[@]}"; do comes ringing; done
  calls_to 1000 uac_refused STATUS=503
  for call in "${calls[@]}"; do exchange "hangup $call 16" >/dev/null; done
  wait "$pbx"
  tandem unblock telco >/dev/null
  idle || echo "not idle"
  all_idle exchange
}

# Q.764 2.9.1.4: of an even circuit the end with the higher point code has control, and that is the far end; of an odd
# one it is the gateway. All others are blocked, so that the two calls meet.
only() {  # CIC
  local last
  last=$(tandem circuits --json | jq '[.circuits[].cic // 0] | max')
  mark_logs exchange
  tandem block telco "1-$(($1 - 1)),$(($1 + 1))-$last" >/dev/null
  becomes exchange 1 "idle blocked-there"
  becomes exchange "$last" "idle blocked-there"
  gateway_shows "$1" idle
}
# meets CIC: the far end dials as soon as the gateway has the call of this case; its IAM takes longer than that, because
# the far end's buffer is deep.
meets() {
  local tries=2000
  while [ $((tries -= 1)) -gt 0 ] && [[ "$(tandem calls --json)" != *"$from"* ]]; do :; done
  dial 2101 channel "$(slot_of exchange "$1")"
}
seizure_lost() {
  only 8
  rings 1 uas_answers -- -mp 26000 &
  local pbx=$! phone
  calls_to 1000 uac_refused STATUS=503 &
  phone=$!
  meets 8 || return
  comes answered
  wait $phone
  exchange "hangup $call 16" >/dev/null
  released 16
  wait $pbx
  tandem unblock telco >/dev/null
  all_idle exchange
  idle || echo "not idle"
}
seizure_won() {
  only 7
  local phone
  calls_to 1007 uac_cleared &
  phone=$!
  meets 7 || return
  released 44
  hears exchange "^cic 7 dual seizure"
  wait $phone
  tandem unblock telco >/dev/null
  all_idle exchange
  idle || echo "not idle"
}

circuits_both_ways() {
  local label=$ss7_variant
  in_turn "$label: a circuit is blocked there" blocked_there
  in_turn "$label: a group is blocked there" group_blocked_there
  in_turn "$label: hardware fails there, a call ends" hardware_there
  in_turn "$label: a circuit is blocked here" blocked_here
  in_turn "$label: a group is blocked here, by CIC and by timeslot" group_blocked_here
  in_turn "$label: a blocked circuit keeps its call" blocked_with_a_call
  in_turn "$label: resets there" reset_there
  in_turn "$label: resets here" reset_here
  in_turn "$label: a circuit that is unequipped there" unequipped
  in_turn "$label: all circuits are busy: 503" all_busy
  in_turn "$label: a dual seizure that the far end wins" seizure_lost
  in_turn "$label: a dual seizure that the gateway wins" seizure_won
}
