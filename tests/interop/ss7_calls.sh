# Sourced by ss7.sh: calls between SIP and circuits that ISUP controls. The far end is the exchange called "exchange",
# as sipp_calls.sh and sipp_pstn.sh have it.

# ladder: what the trace says of the call of this case.
ladder() {
  local number
  number=$(cdr "max(call)" "calling = '$from'")
  [ -n "$number" ] && tandem trace "$number"
}
# shows PATTERN WHAT: the ladder holds it.
shows() { ladder | grep -qE "$1" || echo "the trace shows no $2"; }
# far_end_hears PATTERN WHAT
far_end_hears() { wait_line "$work/exchange.log" "$1" 60 || echo "the far end hears no $2"; }

connected_there() {  # a connected number is in ANM (Q.763 3.16)
  calls_to 1010 uac_answered SPEAK=300
  record_is "16 200 incoming telco PCMA"
  shows "5551010" "connected number"
}
# The far end frees the circuit; the cause is in BYE.
cleared_with() {
  calls_to 1001 uac_cleared CAUSE="$1" &
  local phone=$!
  far_end_hears "^call [0-9]+ setup from $from " "call"
  call=$(exchange_call)
  comes answered
  exchange "hangup $call $1" >/dev/null
  wait $phone
  record_is "$1 200 outgoing telco PCMA"
}
suspended_there() {  # SUS and RES by the network (Q.764 2.4); SIP has them as offers (RFC 3398 9.1)
  calls_to 1014 far_end_holds
  record_is "16 200 incoming telco PCMA"
  shows "SUS" "SUS"
  shows "RES" "RES"
}
anonymous_caller() {
  calls_to 1000 anonymous
  record_is "16 200 incoming telco PCMA"
  far_end_hears "^call [0-9]+ setup from anonymous to 1000" "anonymous caller"
}
diverted_caller() {
  calls_to 1000 diverted_there
  far_end_hears "^call [0-9]+ setup from $from to 1000 .*redirecting 5557" "redirecting number"
  record_is "16 200 incoming telco PCMA"
}
clear_octets_there() {  # 64 kbit/s and back, bit for bit
  calls_to 1011 clear_octets
  until_true 60 test -s "$work/$case.result"
  local octets
  read -r octets _ <"$work/$case.result"
  [ "$octets" -ge 8000 ] || echo "$octets octets came back in a row"
  record_is "16 200 incoming telco CLEARMODE"
  far_end_hears "setup from $from .* 64k" "unrestricted digital information"
}

# --- from the far end ------------------------------------------------------------------------------------------

answered_by_sip() {  # ACM, CPG or not, ANM; the far end's speech comes back
  rings 1 uas_answers -- -rtp_echo &
  local pbx=$!
  dial 2101 play "$work/speech.wav" record "$work/$from.wav" || return
  comes ringing; comes answered; comes played
  exchange "hangup $call 16" >/dev/null
  released 16
  wait "$pbx"
  record_is "16 200 incoming telco PCMA"
  packets_of 20
  verdict "$work/speech.wav" "$work/$from.wav"
}
cleared_by_the_peer() {  # early media, answer, BYE with a cause
  rings 2 uas_clears &
  local pbx=$!
  dial 2102 || return
  comes proceeding; comes answered
  released 31
  wait "$pbx"
  record_is "31 200 outgoing telco PCMA"
}
refused_by_the_peer() {  # STATUS:CAUSE...
  local row pbx
  for row; do
    rings 5 uas_rejects STATUS="${row%:*}" &
    pbx=$!
    dial 2105 || return
    released "${row#*:}" | sed "s/^/${row%:*}: /"
    wait "$pbx"
  done
}
dial_anonymous() {
  rings 6 anonymous_comes &
  local pbx=$!
  call=$(exchange "dial 2106 from anonymous")
  call=${call#ok call }
  comes answered
  released 16
  wait "$pbx"
}
redirected_there() {
  rings 7 diverted_comes &
  local pbx=$!
  dial 2107 redirecting 5550199 || return
  comes answered
  released 16
  wait "$pbx"
}
connected_here() {  # who answered is in the 200, and in ANM
  rings 8 answers_as &
  local pbx=$!
  dial 2108 || return
  comes answered; comes "party 5552108"
  released 16
  wait "$pbx"
}
clear_octets_here() {
  rings 9 uas_clearmode -- -rtp_echo &
  local pbx=$!
  dial 2109 bearer 64k || return
  comes answered
  until_true 60 octets_came_back || echo "the exchange says $(exchange "check-clear $call")"
  exchange "hangup $call 16" >/dev/null
  released 16
  wait $pbx
}
octets_came_back() {
  local good
  good=$(exchange "check-clear $call" | sed -nE 's/^ok ([0-9]+) good.*/\1/p')
  [ "${good:-0}" -gt 4000 ]
}

calls_both_ways() {
  local label=$ss7_variant
  begin "$label: 1000 answers, echoes; audio both ways" answered
  begin "$label: 1002 is busy: 486, cause 17" refused_by_pstn 1002 486 17 true
  begin "$label: 1008 is congested: 503, cause 34" refused_by_pstn 1008 503 34 true
  begin "$label: 1999 is not allocated: 404, cause 1" refused_by_pstn 1999 404 1 true
  begin "$label: 1004 announces before the answer, then 404" refused_by_pstn 1004 404 1 false
  begin "$label: 1003 rings; CANCEL, 487" cancelled
  begin "$label: 1005 sends early media in 183, then answers" early_media
  begin "$label: 1006 hears RFC 4733 events as digits" dtmf_events
  begin "$label: 1007 clears: BYE with Reason" cleared_by_pstn
  begin "$label: cause 31 in BYE" cleared_with 31
  begin "$label: the connected number is known" connected_there
  begin "$label: SUS and RES" suspended_there
  begin "$label: hold and resume by re-INVITE" hold
  begin "$label: an anonymous caller from SIP" anonymous_caller
  begin "$label: a diverted call from SIP" diverted_caller
  [ "$ss7_variant" = itu ] && begin "$label: a clear channel from SIP" clear_octets_there
  settle  # the exchange does not dial again when it loses a dual seizure
  begin "$label: SIP answers; its echo is heard there" answered_by_sip
  begin "$label: SIP answers after early media, clears with a cause" cleared_by_the_peer
  begin "$label: the far end gives up: CANCEL with Reason" given_up
  begin "$label: in-band digits leave as RFC 4733 events" dtmf_tones
  begin "$label: statuses become causes" refused_by_the_peer 486:17 404:1 480:18 484:28 502:38 603:21
  begin "$label: an anonymous caller to SIP" dial_anonymous
  begin "$label: a redirected call to SIP" redirected_there
  begin "$label: SIP tells who answered" connected_here
  # libss7 asks for 3.1 kHz audio under ANSI.
  [ "$ss7_variant" = itu ] && begin "$label: a clear channel to SIP" clear_octets_here
  settle
}
