# Sourced by sipp.sh: offers in every place, forks, redirections, digits by INFO, and peers that lie. The scenarios are
# made by sipp_scenario.py.

# called_so SCENARIO [NUMBER [RECORD]]: SIPp calls, and the record is that of a call that ended well.
called_so() {
  calls_to "${2:-1000}" "$1"
  record_is "${3:-16 200 incoming telco PCMA}"
}
refused_so() {  # SCENARIO STATUS
  calls_to 1000 "$1"
  record_is "* $2 gateway * *"
}
held_so() {
  called_so "$1"
  local told
  told=$(tandem trace "$(cdr call "calling = '$from'")" | grep -Ec "CPG.*remote (hold|retrieval)")
  [ "$told" -eq 2 ] || echo "the other side was told $told times, not of hold and return"
}
info_digits() {
  calls_to 1006 info_digits
  wait_line "$work/exchange.log" "^call $(exchange_call) digits 1259#" 60 || echo "the PSTN did not hear 1259#"
  record_is "16 200 incoming telco PCMA"
}
services_sent() {
  called_so services
  grep -q "setup from $from .* redirecting 5557 .*uui hi" "$work/exchange.log" ||
    echo "the PSTN saw $(grep "setup from $from " "$work/exchange.log")"
}
features_from_sip() {
  begin "hold by sendonly, resume" held_so hold_sendonly
  begin "hold by inactive, resume" held_so hold_inactive
  begin "hold by 0.0.0.0, resume" held_so hold_zeros
  begin "UPDATE holds and resumes" called_so update
  begin "Require: 100rel: 183 comes reliably, PRACK" called_so prack 1005
  begin "PRACK for an unknown response: 481" called_so prack_unknown 1003 "16 487 incoming telco *"
  begin "digits by INFO are heard in the PSTN" info_digits
  begin "INFO of another type: 415, the call goes on" called_so info_unknown
  begin "re-INVITE to PCMU and back" called_so codec_change
  begin "re-INVITE to another port" called_so address_change
  begin "re-INVITE without a common codec: 488, the call goes on" called_so refused_change
  begin "session timer: refreshed by the caller" called_so timer
  begin "an offer in UPDATE before the answer" called_so update_early 1005 "16 200 incoming telco PCMU"
  begin "session timer below 90 s: 422 with Min-SE" calls_to 1000 timer_small
  begin "CLEARMODE: a data call" called_so clearmode 1000 "16 200 incoming telco CLEARMODE"
  begin "no common codec: 488, Warning 305" refused_so no_codec 488
  begin "no audio: 488, Warning 304" refused_so no_audio 488
  begin "40 m= lines: one answer for each" called_so forty_streams
  begin "payload types that collide" called_so colliding_types
  begin "BYE before ACK" called_so bye_before_ack
  begin "Timestamp comes back in the 100" called_so timestamp
  begin "the answer has Date" called_so date
  begin "the answer has Organization" called_so organization
  begin "P-Early-Media to a caller that lists it" called_so early_media_said 1005
  begin "BYE goes to the Contact of the re-INVITE" called_so target_refresh 1007 "16 200 outgoing telco PCMA"
  begin "Diversion and User-to-User reach the PSTN" services_sent
}

# pbx7 takes a call so; the PSTN sees CAUSE.
rung_so() {  # SCENARIO CAUSE
  rings 7 "$1" &
  pbx=$!
  dial 2107 || return
  comes answered
  released "$2"
  wait "$pbx"
}
reliable() {
  rings 7 reliable &
  pbx=$!
  dial 2107 || return
  comes progress
  exchange "hangup $call 16" >/dev/null
  released 16
  wait "$pbx"
}
redirected() {
  rings 8 accepts -- -mp 24000 &
  local other=$!
  rings 7 redirects TARGET="Contact: <sip:2108@127.0.0.1:$((pbx_port + 8))>" &
  pbx=$!
  dial 2107 || return
  comes answered
  released 16
  wait "$pbx" "$other"
}
# Its ports are those of one peer, so these go one after the other.
from_pstn_in_turn() {
  local row
  for row in "forks 16" "storms 16" "changes_mind 16" "answers_twice 16" "asks_again 16"; do
    # shellcheck disable=SC2086
    rung_so $row | sed "s/^/${row% *}: /"
  done
  reliable | sed "s/^/reliable: /"
}
# The PSTN's redirection and user-user information are in the INVITE.
diverted() {
  rings 7 diverted &
  pbx=$!
  dial 2107 redirecting 5557 uui hi || return
  comes answered
  released 16
  wait "$pbx"
}
# 181, 182 and 199 are no answer and no end; the PSTN sees only that it rings.
tells_much() {
  rings 7 tells_much &
  pbx=$!
  dial 2107 || return
  comes ringing; comes answered
  released 16
  wait "$pbx"
}
# Wherever else it sends the call, the PSTN is told (RFC 3398 8.2.6.1: cause 23).
redirected_away() {
  rings 7 redirects TARGET="Contact: <sip:2108@203.0.113.1>" &
  pbx=$!
  dial 2107 || return
  released 23
  wait "$pbx"
}
# The PSTN puts the call on hold, and the re-INVITE that says so meets one of the peer's.
glare() {  # SCENARIO
  rings 7 "$1" &
  pbx=$!
  dial 2107 || return
  comes answered
  exchange "notify $call hold" >/dev/null
  released 16
  wait "$pbx"
}
answers_cancelled() {
  rings 7 answers_cancelled &
  pbx=$!
  dial 2107 || return
  comes ringing
  exchange "hangup $call 16" >/dev/null
  released 16
  wait "$pbx"
  record_is "16 487 incoming telco *"
}
features_from_pstn() {
  in_turn "forks, storms, second thoughts, 100rel: the PSTN sees one call each" from_pstn_in_turn
  in_turn "181, 182, 199 and 180 before the answer" tells_much
  in_turn "Diversion, History-Info and User-to-User of the PSTN's" diverted
  in_turn "302 to another peer is followed" redirected
  in_turn "302 to a stranger is not" redirected_away
  in_turn "200 after CANCEL: ACK and BYE" answers_cancelled
  in_turn "glare: the peer says 491, the hold comes again" glare glare_theirs
  in_turn "glare: both say 491, the hold comes again" glare glare_ours
}
