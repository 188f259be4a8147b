# Sourced by sipp.sh: calls from the PSTN to SIP.

# rings PBX SCENARIO [KEY=VALUE...] [-- OPTION...]: SIPp as peer pbxN takes one call.
rings() {
  local peer=$1 scenario=$2; shift 2
  [[ " $* " == *" -- "* ]] || set -- "$@" --
  sipp_case "$scenario" "$@" -p $((pbx_port + peer))
}
# dial NUMBER [WORD...]: the exchange calls; the number of the call in $call.
dial() {
  call=$(exchange "dial $1 from $from ${*:2}")
  [[ $call == "ok call "* ]] || { echo "the exchange says: $call"; return 1; }
  call=${call#ok call }
}
# comes EVENT [SECONDS]: the exchange's log says so of the call.
comes() { wait_line "$work/exchange.log" "^call $call $1" "${2:-60}" || echo "the PSTN sees no '$1'"; }
# released CAUSE [SECONDS]
released() {
  comes "released" "${2:-15}"
  same "cause that the PSTN sees" "$(sed -nE "s/^call $call released cause //p" "$work/exchange.log")" "$1"
}

# SIPp returns each RTP packet, so the exchange hears its own speech.
echoed() {
  rings 1 uas_answers -- -rtp_echo &
  pbx=$!
  dial 2101 play "$work/speech.wav" record "$work/$from.wav" || return
  comes ringing; comes answered; comes played
  exchange "hangup $call 16" >/dev/null
  released 16
  wait "$pbx"
  record_is "16 200 incoming telco PCMA"
  packets_of 20
  verdict "$work/speech.wav" "$work/$from.wav"
}
cleared_by_sip() {
  rings 2 uas_clears &
  pbx=$!
  dial 2102 || return
  comes progress; comes answered
  released 31
  wait "$pbx"
  record_is "31 200 outgoing telco PCMA"
}
given_up() {
  rings 3 uas_cancelled &
  pbx=$!
  dial 2103 || return
  comes ringing
  exchange "hangup $call 16" >/dev/null
  released 16
  wait "$pbx"
  record_is "16 487 incoming telco *"
}
# Digits that the PSTN sends in band leave as events; the flight recorder and tshark say so.
dtmf_tones() {
  rings 4 uas_answers &
  pbx=$!
  dial 2104 || return
  comes answered
  exchange "send-dtmf $call 159#" >/dev/null
  until_true 60 events_sent || echo "events sent: $(events)"
  exchange "hangup $call 16" >/dev/null
  released 16
  wait "$pbx"
}
# events: the digits that have left so far. The flight recorder tells each packet once.
events() {
  local number
  number=$(call_number)
  [ -n "$number" ] || return
  tandem trace "$number" --pcap "$work/$from.pcapng" >/dev/null
  tshark -r "$work/$from.pcapng" -Y "rtpevent.end_of_event == 1 && udp.dstport == $((20000 + 4 * case))" -T fields \
    -e rtp.timestamp -e rtpevent.event_id 2>/dev/null >>"$work/$from.events"
  sort -un "$work/$from.events" | awk '{ printf "%s ", $2 }'
}
events_sent() { [ "$(events)" = "1 5 9 11 " ]; }

# RFC 3398 8.2.6.1: statuses and the causes that the PSTN sees.
statuses() {
  local row status
  for row in 400:41 401:21 402:21 403:21 404:1 405:63 406:79 407:21 408:102 410:22 413:127 414:127 415:79 416:127 \
    420:127 421:127 423:127 480:18 481:41 482:25 483:25 484:28 485:1 486:17 488:31 500:41 501:79 502:38 503:41 \
    504:102 505:127 513:127 600:17 603:21 604:1 606:31 499:31; do
    status=${row%:*}
    rings 5 uas_rejects STATUS="$status" &
  pbx=$!
    dial 2105 || return
    released "${row#*:}" | sed "s/^/$status: /"
    wait "$pbx"
  done
}
not_watched() {  # OPTIONS gets no answer: calls are not sent there
  until_true 40 peer_is unreachable || echo "pbx9 is $(peer_state)"
  dial 2109 || return
  released 27
}
watched() {
  sipp_case uas_options -- -p $((pbx_port + 9))
  until_true 60 peer_is reachable || echo "pbx9 is $(peer_state)"
}
peer_state() { tandem status --json | jq -r '.peers[] | select(.name == "pbx9") | .state'; }
peer_is() { [ "$(peer_state)" = "$1" ]; }
# Nothing listens: timer B ends it (RFC 3261 17.1.1.2).
no_answer() {
  dial 2106 || return
  released "@(18|102)" 45
  record_is "@(18|102) * * telco *"
}

# What takes long is begun first and runs beside the rest.
slow_cases() {
  begin "a peer that never answers: timer B" no_answer
  begin "a peer silent to OPTIONS is unreachable; calls to it end at once" not_watched
  begin "session timer: refreshed by the gateway, UPDATE" called_so timer_gateway
  begin "session timer: refreshed by the gateway, re-INVITE" called_so timer_reinvite
}
calls_from_pstn() {
  begin "SIP answers; its echo is heard in the PSTN" echoed
  begin "SIP answers after early media, clears with a cause" cleared_by_sip
  begin "the PSTN gives up: CANCEL with Reason" given_up
  begin "in-band digits leave as RFC 4733 events" dtmf_tones
  begin "statuses become causes" statuses
  begin "a peer that answers OPTIONS is reachable" watched
}
