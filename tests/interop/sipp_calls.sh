# Sourced by sipp.sh: calls from SIP to the PSTN.

# recorded: the exchange records the call of this case from its SETUP on.
recorded() {
  wait_line "$work/exchange.log" "setup from $from " 60 || { echo "no SETUP came"; return; }
  same "answer of the exchange" "$(exchange "record $(exchange_call) $work/$from.wav")" "ok"
}
# verdict REFERENCE RECORDING: complains of audio that is not what was sent.
verdict() {
  local text
  text=$("$bin/audio-verdict" "$1" "$2" 2>&1) || echo "audio: $text"
}

# packets_of PTIME: as many RTP packets as the call was long, both ways; SIPp sends 20 ms always.
packets_of() {
  until_true 60 record_of_call || return
  local seconds sent received lost
  read -r seconds sent received lost < <(cdr "round((julianday(release_time) - julianday(answer_time)) * 86400, 2), \
    packets_sent, packets_received, packets_lost" "calling = '$from'")
  awk -v t="$seconds" -v n="$sent" -v p="$1" 'BEGIN { exit !(n > t * 900 / p && n < (t + 1) * 1050 / p) }' ||
    echo "$sent packets of $1 ms sent in $seconds s"
  [ "$received" -ge "${2:-110}" ] || echo "$received packets received in $seconds s"
  [ "$lost" -eq 0 ] || echo "$lost packets lost"
}

answered() {
  recorded &
  local recorder=$!
  calls_to 1000 uac_answered "$@"
  wait "$recorder"
  record_is "16 200 incoming telco PCMA"
  packets_of 20
  verdict "$work/speech.wav" "$work/$from.wav"
  same "circuit" "$(cdr circuit "calling = '$from'")" "e1-1:*"
}
over_ipv6() {
  sipp_host="[::1]" answered -- -i ::1
  same "RTP over IPv6" "$(grep -c '^c=IN IP6 ::1' "$work/$case.uac_answered.xml.msg")" 2
}
transcoded() {
  recorded &
  local recorder=$!
  calls_to 1000 uac_answered PT=0 CODEC=PCMU SPEECH="$work/speech.ul"
  wait "$recorder"
  record_is "16 200 incoming telco PCMU"
  packets_of 20
  verdict "$work/speech.wav" "$work/$from.wav"
}
with_ptime() {
  calls_to 1001 uac_answered PTIME="$1"
  record_is "16 200 incoming telco PCMA"
  packets_of "$1"
}
refused_by_pstn() {  # NUMBER STATUS CAUSE EARLY
  calls_to "$1" uac_rejected STATUS="$2" CAUSE="$3" EARLY="$4"
  record_is "$3 $2 outgoing telco *"
}
cancelled() {
  calls_to 1003 uac_cancel
  wait_line "$work/exchange.log" "^call $(exchange_call) released cause 16" 60 || echo "the PSTN was not cleared"
  record_is "16 487 incoming telco *"
}
early_media() {
  calls_to 1005 uac_early_media
  record_is "16 200 incoming telco PCMA"
  [ "$(cdr packets_sent "calling = '$from'")" -gt 200 ] || echo "no packets before the answer"
}
dtmf_events() {
  calls_to 1006 uac_dtmf SPEAK=3500
  wait_line "$work/exchange.log" "^call $(exchange_call) digits 1259#" 60 || echo "the PSTN did not hear 1259#"
  record_is "16 200 incoming telco PCMA"
}
cleared_by_pstn() {
  calls_to 1007 uac_cleared
  record_is "16 200 outgoing telco PCMA"
}
offerless() {
  calls_to 1000 uac_offerless
  record_is "16 200 incoming telco PCMA"
  packets_of 20 90
}
hold() {
  calls_to 1000 uac_hold
  record_is "16 200 incoming telco PCMA"
}
lost_ack() {
  calls_to 1001 uac_lost_ack
  local answers
  answers=$(grep -c '^SIP/2.0 200' "$work/$case.uac_lost_ack.xml.msg")
  # 200 at 0, 500, 1500 ms (RFC 3261 13.3.1.4), and 200 to BYE.
  [ "$answers" -ge 4 ] || echo "200 came $answers times"
  record_is "16 200 incoming telco PCMA"
}
retransmitted() {
  calls_to 1001 uac_retransmitted
  local sent
  sent=$(grep -c '^INVITE' "$work/$case.uac_retransmitted.xml.msg")
  [ "$sent" -ge 2 ] || echo "INVITE was sent $sent times"
  same "SETUPs" "$(grep -c "setup from $from " "$work/exchange.log")" 1
  record_is "16 200 incoming telco PCMA"
}

calls_from_sip() {
  begin "1000 answers, echoes; RTP both ways" answered
  begin "1000 by TCP" answered -- -t t1
  [ -z "$ipv6" ] || begin "1000 over IPv6, signalling and RTP" over_ipv6
  begin "1000 in PCMU, transcoded" transcoded
  begin "ptime 10" with_ptime 10
  begin "ptime 30" with_ptime 30
  begin "1002 is busy: 486, cause 17" refused_by_pstn 1002 486 17 true
  begin "1003 rings; CANCEL, 487" cancelled
  begin "1004 announces in 183, then 404, cause 1" refused_by_pstn 1004 404 1 false
  begin "1008 is congested: 503, cause 34" refused_by_pstn 1008 503 34 true
  begin "1005 sends early media in 183, then answers" early_media
  begin "1006 hears RFC 4733 events as digits" dtmf_events
  begin "1007 clears: BYE with Reason" cleared_by_pstn
  begin "INVITE without an offer" offerless
  begin "hold and resume by re-INVITE" hold
  begin "200 is sent again until ACK" lost_ack
  begin "a retransmitted INVITE is one call" retransmitted
}

twenty() {
  calls_to 1000 uac_answered SPEAK=3000 -- -m 20 -r 20 -l 20
  until_true 60 twenty_records || echo "$(cdr "count(*)" "calling = '$from' and state = 'ended'") records"
  same "circuits" "$(cdr "count(distinct circuit), min(sip_status), max(packets_lost)" "calling = '$from'")" "20 200 0"
}
twenty_records() { [ "$(cdr "count(*)" "calling = '$from' and state = 'ended'")" -eq 20 ]; }
many_calls() {
  begin "twenty calls at a time" twenty
  settle
  check "idle after twenty calls" "$(tandem calls; tandem circuits)" idle
}
