# Sourced by ss7.sh: links that fail, are taken out of use and return; the gateway that stops and starts.

# link_is SLC STATE, link_becomes SLC STATE: as the gateway has it, within 30 s.
link_state() { tandem links --json | jq -r ".links[] | select(.slc == $1) | .state"; }
link_is() { [ "$(link_state "$1")" = "$2" ]; }
link_becomes() { until_true "${3:-60}" link_is "$1" "$2" || echo "the gateway has link $1 '$(link_state "$1")', not '$2'"; }

calls_cross() {  # both ways
  local from=5558$(printf %03d "$case")
  calls_to 1000 uac_answered SPEAK=300
  rings 1 uas_answers -- -mp 26000 &
  local pbx=$!
  dial 2101 || return
  comes answered
  exchange "hangup $call 16" >/dev/null
  released 16
  wait $pbx
}
# One link fails and returns: the call stays, others are made over the other link.
link_fails() {
  local slc kept kept_phone
  for slc in 0 1; do
    calling 16 || return
    kept=$call kept_phone=$phone
    tell exchange link down $slc >/dev/null
    link_becomes $slc down
    hears exchange "^link $slc down"
    calls_cross
    mark_logs exchange
    tell exchange link up $slc >/dev/null
    link_becomes $slc carrying 60
    hears exchange "^link $slc up" 60
    same "calls kept" "$(tandem calls --json | jq '[.calls[] | select(.state == "answered")] | length')" 1
    tell exchange hangup "$kept" 16 >/dev/null
    phone=$kept_phone
    ends
  done
}
# Taken out of use here: the far end sees SIOS.
link_deactivated() {
  mark_logs exchange
  tandem link deactivate telco 1 >/dev/null
  hears exchange "<.*LSSU SIOS"
  hears exchange "^link 1 down"
  link_becomes 1 deactivated
  calls_cross
  tandem link activate telco 1 >/dev/null
  link_becomes 1 carrying 60
  hears exchange "^link 1 up" 60
  calls_cross
}
# libss7 frees all calls when the last link goes, and resets all circuits when it is back: nothing must be left here.
linkset_fails() {
  calling "[0-9]*" || return
  tell exchange link down 0 >/dev/null
  tell exchange link down 1 >/dev/null
  link_becomes 0 down
  link_becomes 1 down
  hears exchange "^linkset down"
  until_true 60 out_of_reach || echo "the trunk is not down"
  calls_to 1000 uac_refused STATUS=503
  mark_logs exchange
  tell exchange link up 0 >/dev/null
  tell exchange link up 1 >/dev/null
  returned
}
out_of_reach() { [ "$(tandem circuits --json | jq '[.circuits[] | select(.state == "idle" and .blocked == "down")] | length')" -gt 10 ]; }
returned() {
  hears exchange "^linkset up" 90
  link_becomes 0 carrying 60
  link_becomes 1 carrying 60
  ends
  calls_cross
}
span_fails() {  # its circuits are blocked, and come back
  calling "[0-9]*" || return
  mark_logs exchange
  tell exchange alarm ais >/dev/null
  link_becomes 0 down
  gateway_shows 5 idle alarm
  tell exchange alarm none >/dev/null
  returned
  gateway_shows 5 idle
}
stopped() { hears exchange "^link 0 down"; hears exchange "^link 1 down"; }
# The process is stopped for a while: the far end must not think that the links live.
process_stops() {
  calling "[0-9]*" || return
  mark_logs exchange
  kill -STOP "$gateway_pid"
  stopped
  kill -CONT "$gateway_pid"
  returned
}
# ... and it ends: SIOS; the next one resets the circuits and goes on.
process_ends() {
  mark_logs exchange
  kill -TERM "$gateway_pid"
  hears exchange "<.*LSSU SIOS" 60
  wait "$gateway_pid"
  stopped
  write_config "$work/gateway.toml" "continuity_every = 1" "timers_ms = { T25 = 2000, T26 = 60000 }"
  mark_logs exchange
  start_gateway "$work/gateway2.log"
  aligned exchange
  all_idle exchange
}

# --- continuity ------------------------------------------------------------------------------------------------

# Q.764 2.1.8: the far end loops, the gateway hears its tone and says so; then the call goes on.
continuity_passes() {
  mark_logs exchange
  recorded &
  local recorder=$!
  calls_to 1000 uac_answered
  wait "$recorder"
  hears exchange "^loop on slot" && hears exchange "^cic [0-9]+ continuity passed" && hears exchange "^loop off slot"
  verdict "$work/speech.wav" "$work/$from.wav"
  record_is "16 200 incoming telco PCMA"
  idle || echo "not idle"
}

links_and_processes() {
  local label=$ss7_variant
  in_turn "$label: a link fails and returns, calls stay" link_fails
  in_turn "$label: a link is taken out of use here: SIOS" link_deactivated
  in_turn "$label: links are inhibited and uninhibited here" inhibited_here
  in_turn "$label: links are inhibited and uninhibited there" inhibited_there
  in_turn "$label: the last link is not inhibited" inhibiting_denied
  in_turn "$label: a processor is out there: SIPO" processor_out
  in_turn "$label: all links fail and return" linkset_fails
  in_turn "$label: the span fails and returns" span_fails
  in_turn "$label: the gateway is stopped for a while" process_stops
  in_turn "$label: the gateway ends: SIOS; the next one resets the circuits" process_ends
  in_turn "$label: continuity is checked, then the call goes on" continuity_passes
  in_turn "$label: a circuit without continuity: the call takes another" continuity_fails_once
  in_turn "$label: two circuits without continuity: checked until they have it" continuity_fails
}
