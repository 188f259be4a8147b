# Sourced by pri.sh: its cases. $near, $span and $side are those of the gateway.

# ladder: what the trace says of the call of this case.
ladder() {
  local number
  number=$(cdr "max(call)" "calling = '$from'")
  [ -n "$number" ] && tandem trace "$number"
}
# shows PATTERN WHAT: the ladder holds it.
shows() { ladder | grep -qE "$1" || echo "the trace shows no $2"; }

answered_by_pstn() {
  calls_to 1000 uac_answered SPEAK=300
  record_is "16 200 incoming telco PCMA"
}
cleared_here() {
  calls_to 1007 uac_cleared
  record_is "16 200 outgoing telco PCMA"
}
connected_party() {  # a connected number is in CONNECT, and in what the SIP side is told
  calls_to 1010 uac_answered SPEAK=300
  record_is "16 200 incoming telco PCMA"
  shows 5551010 "connected number"
}
early_tones() {
  calls_to 1005 uac_early_media
  record_is "16 200 incoming telco PCMA"
}
inband_disconnect() {  # DISCONNECT with progress indicator 8: its tones are heard until the caller has had enough
  calls_to 1017 uac_answered SPEAK=3000
  record_is "16 200 incoming telco PCMA"
  shows "DISCONNECT.*cause 16" "DISCONNECT with tones"
}
tones_before_answer() {  # ... and before the answer they are early media
  calls_to 1015 tones_cancelled
  record_is "16 487 incoming telco *"
  shows "DISCONNECT.*cause 21 PI 8" "DISCONNECT with tones"
}
charged() {  # advice of charge at the end of the call (ETS 300 182)
  calls_to 1013 uac_cleared
  record_is "16 200 outgoing telco PCMA"
  same "charge" "$(cdr charge "calling = '$from'")" "12 units"
}
user_information() {  # in SETUP, and back in DISCONNECT (Q.957.1); BYE has it
  calls_to 1012 uui_returned
  record_is "16 200 outgoing telco PCMA"
}
no_user_information() {  # the SETUP had none: there is none to return
  calls_to 1012 uac_cleared
  record_is "16 200 outgoing telco PCMA"
  ! grep -i '^User-to-User' "$work/$case.uac_cleared.xml.msg" || echo "BYE has User-to-User"
}
last_words() {  # in BYE, and in DISCONNECT
  calls_to 1000 uui_sent
  record_is "16 200 incoming telco PCMA"
  wait_line "$work/exchange.log" "^call $(exchange_call) released cause 16 uui bye" 60 || echo "the PSTN sees no user-user information"
}
told_of_hold() {
  local number
  number=$(exchange_call)
  wait_line "$work/exchange.log" "^call $number notify 121" 60 || echo "the PSTN is not told of the hold"
  wait_line "$work/exchange.log" "^call $number notify 122" 60 || echo "the PSTN is not told of the retrieval"
}
held_by_sip() {  # NOTIFY, and not HOLD, which would give up the channel; only ETSI's has words for it (Q.931 4.5.22)
  calls_to 1001 hold_sendonly
  told_of_hold
  record_is "16 200 incoming telco PCMA"
}
music_while_held() {  # of the trunk's: SIP sends nothing meanwhile
  recorded &
  local recorder=$!
  calls_to 1001 hold_long
  wait "$recorder"
  [ "$near" != euroisdn ] || told_of_hold
  record_is "16 200 incoming telco PCMA"
  verdict "$work/music.wav" "$work/$from.wav"
}
held_there() {  # NOTIFY: remote hold and retrieval; the SIP side has them as offers (RFC 3398 9.1)
  calls_to 1014 far_end_holds
  record_is "16 200 incoming telco PCMA"
}
music_from_there() {  # SIP is held, and hears its peer's music
  calls_to 1010 hears_hold &
  local sipp=$! number
  wait_line "$work/exchange.log" "setup from $from " 60 || { echo "no SETUP came"; return; }
  number=$(exchange_call)
  until_true 60 test -e "$work/$case.result.listens" || echo "no answer"
  exchange "notify $number hold" >/dev/null
  until_true 60 test -e "$work/$case.result" || echo "SIP heard nothing"
  verdict "$work/music.wav" "$work/$case.result"
  exchange "notify $number retrieve" >/dev/null
  wait "$sipp"
  record_is "16 200 incoming telco PCMA"
}
third_party() {  # the connected party changes in the call (ETS 300 369-1, connected line update)
  calls_to 1016 uac_answered SPEAK=600
  record_is "16 200 incoming telco PCMA"
  shows 5551016 "connected number"
}
no_channel() {  # SETUP names no channel: the gateway's first answer does (Q.931 5.2.3.1)
  rings 6 uas_answers &
  local pbx=$!
  dial 2106 channel none || return
  comes answered
  exchange "hangup $call 16" >/dev/null
  released 16
  wait $pbx
}
setup_elements() {  # the exchange calls itself by way of the gateway; libpri says what each SETUP holds
  local also=
  prefers && also=" preferred"
  dial 1000 redirecting 5557 subaddress 4321 keypad '*12' || return
  comes answered
  grep -E "^call [0-9]+ setup from $from to 1000 .* redirecting 5557 .*subaddress 4321 keypad \\*12$also" \
    "$work/exchange.log" >/dev/null || echo "the PSTN saw $(grep "setup from $from to " "$work/exchange.log")"
  exchange "hangup $call 16" >/dev/null
  released 16
}
original_number() {  # who was called first: in the diverting leg information 2 (ETS 300 207-1, ISO/IEC 13873)
  calls_to 1000 diverted_twice
  grep -qE "^call [0-9]+ setup from $from to 1000 .* redirecting 5557 .*original 5556" "$work/exchange.log" ||
    echo "the PSTN saw $(grep "setup from $from to " "$work/exchange.log")"
}
handed_over() {  # a call that comes and goes on the trunk: the exchange is asked to join its two, and clears them (ETS 300 369-1)
  exchange "transfers accepted" >/dev/null
  dial 1000 || return
  comes answered
  wait_line "$work/exchange.log" "^call [0-9]+ is joined with call" 30 || echo "the exchange is not asked"
  exchange "transfers refused" >/dev/null
  released 16
  record_is "16 - incoming telco *" "q850_cause, '-', released_by, trunk, '-'"
}
transferred() {  # one party at the exchange has two calls: to SIP, and to another by the gateway; it leaves those two alone
  rings 6 uas_answers &
  local pbx=$! first third
  dial 2106 || return
  comes answered
  first=$call
  dial 1000 || return
  comes answered
  third=$(sed -nE "s/^call ([0-9]+) setup from $from to 1000 .*/\1/p" "$work/exchange.log")
  exchange "transfer $first $call" >/dev/null
  released 16
  call=$first
  released 16
  kill -0 $pbx || echo "the SIP side's call is over"
  exchange "hangup $third 16" >/dev/null
  wait $pbx
}
from_pstn() {
  rings 1 uas_answers &
  local pbx=$!
  dial 2101 name "Anna" || return
  comes ringing; comes answered
  exchange "hangup $call 16" >/dev/null
  released 16
  wait $pbx
  record_is "16 200 incoming telco PCMA"
  grep -q '^From: *"*Anna' "$work/$case.uas_answers.xml.msg" || echo "INVITE has no name"
}
diverted_by_pbx() {  # 181 with History-Info: the caller is told where its call goes, and that the called party is busy (1)
  rings 7 forwards &
  local pbx=$!
  dial 2107 || return
  comes "diverted to 5552107 reason 1"; comes ringing; comes answered
  released 16
  wait $pbx
}
cleared_by_pbx() {
  rings 2 uas_clears &
  local pbx=$!
  dial 2102 || return
  comes answered
  released 31
  wait $pbx
}
refused_by_pbx() {
  rings 3 uas_rejects STATUS=486 &
  local pbx=$!
  dial 2103 || return
  released 17
  wait $pbx
}
digit_by_digit() {
  rings 4 uas_answers &
  local pbx=$!
  dial 2 overlap yes || return
  comes "wants digits"
  exchange "more $call 10" >/dev/null
  exchange "more $call 4#" >/dev/null
  comes answered
  exchange "hangup $call 16" >/dev/null
  released 16
  wait $pbx
}
digits_passed_on() {  # SETUP, then INFORMATION, from the PSTN and back to it (Q.931 5.1.3)
  dial 10 overlap yes || return
  comes "wants digits"
  exchange "more $call 0" >/dev/null
  exchange "more $call 0" >/dev/null
  comes answered
  local back
  back=$(sed -nE "s/^call ([0-9]+) setup from $from to 10 .*/\1/p" "$work/exchange.log")
  grep -q "^call ${back:-none} more digits: 1000" "$work/exchange.log" || echo "the digits did not come one by one: $(grep "from $from" "$work/exchange.log")"
  exchange "hangup $call 16" >/dev/null
  released 16
  until_true 60 record_of_call || echo "no record"
  same "number sent" "$(cdr "called_sent, from_name, to_name" "calling = '$from'")" "1000 telco telco"
}
clear_channel() {  # SIPp sends each RTP packet back; every octet must be the one that was sent
  rings 5 uas_clearmode -- -rtp_echo &
  local pbx=$!
  dial 2105 bearer 64k || return
  comes answered
  until_true 60 octets_came_back || echo "the exchange says $(exchange "check-clear $call")"
  exchange "hangup $call 16" >/dev/null
  released 16
  wait $pbx
}
clear_from_sip() {  # there and back: nothing of it may change
  calls_to 1011 clear_octets
  until_true 60 test -s "$work/$case.result"
  local octets
  read -r octets _ <"$work/$case.result"
  [ "$octets" -ge 8000 ] || echo "$octets octets came back in a row"
  record_is "16 200 incoming telco CLEARMODE"
  grep -q "setup from $from .* 64k" "$work/exchange.log" || echo "the PSTN saw $(grep "setup from $from " "$work/exchange.log")"
}
octets_came_back() {
  local good
  good=$(exchange "check-clear $call" | sed -nE 's/^ok ([0-9]+) good.*/\1/p')
  [ "${good:-0}" -gt 4000 ]
}
restarts() {
  exchange "restart 5" >/dev/null
  wait_line "$work/exchange.log" "^restarted slot 5" 60 || echo "RESTART of the exchange is not acknowledged"
  tandem reset telco 6 >/dev/null
  wait_line "$work/exchange.log" "^restart slot 6" 60 || echo "the exchange sees no RESTART"
  until_true 60 no_calls || echo "a circuit is not idle"
}
twice_out() { [ "$(grep -c '^service slot 3 out' "$work/exchange.log")" -ge 2 ]; }
services() {
  tandem block telco 3 >/dev/null
  wait_line "$work/exchange.log" "^service slot 3 out" 60 || echo "the exchange sees no SERVICE"
  tandem unblock telco 3 >/dev/null
  # libpri's event of NI-1 has no status: the second one says "out" as well.
  if [ "$near" = ni1 ]; then
    until_true 60 twice_out || echo "the exchange sees no second SERVICE"
  else
    wait_line "$work/exchange.log" "^service slot 3 in" 60 || echo "the exchange does not see it back in service"
  fi
  exchange "service 4 out" >/dev/null
  until_true 60 blocked_by s1:4 remote || echo "timeslot 4 is not out of service"
  exchange "service 4 in" >/dev/null
  until_true 60 blocked_by s1:4 "" || echo "timeslot 4 is not in service again"
}
blocked_by() { [ "$(tandem circuits --json | jq -r ".circuits[] | select(.circuit == \"$1\") | .blocked")" = "$2" ]; }
