#!/bin/bash
# Two test exchanges on libss7, joined by CESoPSN on loopback, ITU on an E1 and ANSI on a T1: links align, circuits are
# reset, calls cross both ways, circuits are blocked and reset, links fail and return. It proves the far side of
# tests/interop/ss7.sh, in which the gateway takes the place of one of them.   usage: ss7_exchange.sh [itu|ansi]
set -u
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_ss7.sh"

# answered FROM TO NUMBER [MORE...]: FROM's call $call is answered, on a circuit that both hold busy.
answered() {
  local from=$1 to=$2; shift 2
  mark_logs "$from" "$to"
  dials "$from" "$@" || return
  hears "$from" "^call $call answered" && hears "$to" "^call [0-9]+ answered"
}
# cleared FROM TO CAUSE_FROM CAUSE_TO: since the mark; and nothing is left.
cleared() {
  hears "$1" "^call [0-9]+ released cause $3\$"
  hears "$2" "^call [0-9]+ released cause $4\$"
  all_idle "$1" "$2"
}

calls_with_an_answer() {
  answered "$1" "$2" 1000 from 5550100 && hears "$2" "setup from 5550100 to 1000 slot" && hears "$1" "^call $call ringing"
  tell "$1" hangup "$call" 31 >/dev/null
  cleared "$1" "$2" 31 31
  answered "$1" "$2" 1007
  cleared "$1" "$2" 16 16
  answered "$1" "$2" 1010 && hears "$1" "^call $call party 5551010"
  tell "$1" hangup "$call" >/dev/null
  cleared "$1" "$2" 16 16
}
calls_without_answer() {
  local number cause
  for number in 1002:17 1008:34 7777:1; do
    mark_logs "$1" "$2"
    cause=${number#*:}
    dials "$1" "${number%:*}" && cleared "$1" "$2" "$cause" "$cause"
  done
  mark_logs "$1" "$2"
  dials "$1" 1003 from anonymous && hears "$1" "^call $call ringing" && hears "$2" "setup from anonymous to 1003"
  tell "$1" hangup "$call" >/dev/null
  cleared "$1" "$2" 16 16
}
announcements() {
  mark_logs "$1" "$2"
  dials "$1" 1004 && hears "$1" "^call $call progress"
  cleared "$1" "$2" 1 1
  answered "$1" "$2" 1005 && hears "$1" "^call $call progress"
  tell "$1" hangup "$call" >/dev/null
  cleared "$1" "$2" 16 16
}
audio_passes() {
  answered "$1" "$2" 1006
  tell "$1" send-dtmf "$call" '159*0#' >/dev/null
  hears "$2" 'digits 159\*0#'
  tell "$1" hangup "$call" >/dev/null
  cleared "$1" "$2" 16 16
}
redirected() {
  answered "$1" "$2" 1000 redirecting 5550199 && hears "$2" "redirecting 5550199"
  tell "$1" hangup "$call" >/dev/null
  cleared "$1" "$2" 16 16
}
suspended() {
  answered "$1" "$2" 1014 && hears "$1" "^call $call suspended network" && hears "$1" "^call $call resumed network"
  tell "$1" suspend "$call" user >/dev/null
  hears "$2" "suspended user"
  tell "$1" resume "$call" user >/dev/null
  hears "$2" "resumed user"
  tell "$1" hangup "$call" >/dev/null
  cleared "$1" "$2" 16 16
}
clear_channel() { # 64 kbit/s, bit for bit; ITU: libss7 asks for 3.1 kHz audio under ANSI
  answered "$1" "$2" 1011 bearer 64k && hears "$2" "64k"
  passes() { tell "$1" check-clear "$call" | grep -qE '^ok [0-9]{4,} good'; }
  until_true 60 passes "$1" || echo "$(tell "$1" check-clear "$call")"
  tell "$1" hangup "$call" >/dev/null
  cleared "$1" "$2" 16 16
}

blocking() {
  local slot
  mark_logs "$1" "$2"
  slot=$(slot_of "$1" 5)
  tell "$1" block 5 >/dev/null
  hears "$2" "^cic 5 blocked by the far end" && hears "$1" "^cic 5 blocked$"
  becomes "$1" 5 "idle blocked"
  becomes "$2" 5 "idle blocked-there"
  same "a call on the blocked circuit" "$(tell "$2" dial 1000 channel "$slot" 2>&1)" "error no free timeslot"
  tell "$1" unblock 5 >/dev/null
  hears "$2" "^cic 5 unblocked by the far end" && hears "$1" "^cic 5 unblocked$"
  all_idle "$1" "$2"
}
group_blocking() {
  mark_logs "$1" "$2"
  tell "$1" block 2-6 >/dev/null
  hears "$2" "^cic 2-6 group blocked by the far end$" && hears "$1" "^cic 2-6 group blocked$"
  becomes "$2" 4 "idle blocked-there"
  tell "$1" unblock 2-6 >/dev/null
  hears "$1" "^cic 2-6 group unblocked$"
  all_idle "$1" "$2"
  answered "$1" "$2" 1000 channel "$(slot_of "$1" 4)"
  tell "$1" block 2-6 hardware >/dev/null
  hears "$2" "^cic 2-6 group blocked by the far end hardware$" && hears "$1" "^cic 2-6 group blocked hardware$"
  hears "$1" "^call $call released" && hears "$2" "^call [0-9]+ released"
  tell "$1" unblock 2-6 hardware >/dev/null
  hears "$1" "^cic 2-6 group unblocked hardware$"
  all_idle "$1" "$2"
}
resets() {
  answered "$1" "$2" 1000 channel "$(slot_of "$1" 3)"
  tell "$1" reset 3 >/dev/null
  hears "$2" "^cic 3 reset by the far end" && hears "$1" "^cic 3 reset$"
  cleared "$1" "$2" 41 41
  answered "$1" "$2" 1000 channel "$(slot_of "$1" 3)"
  tell "$2" reset 1-11 >/dev/null
  hears "$1" "^cic 1-11 group reset by the far end" && hears "$2" "^cic 1-11 group reset$"
  cleared "$1" "$2" 41 41
}
unequipped() {
  mark_logs "$1" "$2"
  tell "$1" ucic 7 >/dev/null
  hears "$2" "^cic 7 is unequipped"
  becomes "$2" 7 "idle unequipped-there"
  tell "$2" reset 7 >/dev/null
  all_idle "$1" "$2"
}
dual_seizure() { # Q.764 2.9.1.4: IAMs cross, one call goes on
  local slot
  slot=$(slot_of "$1" 8)
  mark_logs "$1" "$2"
  tell "$1" dial 1000 channel "$slot" >/dev/null & tell "$2" dial 1000 channel "$slot" >/dev/null
  wait $!
  grep -qEm1 '[dD]ual seizure' <(tail -n "+$((mark[$1] + 1))" "$work/$1.log"; hears "$2" '[dD]ual seizure' >/dev/null; cat "$work/$2.log") ||
    echo "no dual seizure"
  hears "$1" "^call [0-9]+ answered" && hears "$2" "^call [0-9]+ answered"
  tell "$1" reset 8 >/dev/null
  all_idle "$1" "$2"
}
# One link fails and returns: calls stay, and new ones cross.
link_fails() {
  answered "$1" "$2" 1000
  local kept=$call
  mark_logs "$1" "$2"
  tell "$1" link down 0 >/dev/null
  hears "$1" "^link 0 down" && hears "$2" "^link 0 down"
  dials "$2" 1007 && hears "$2" "^call $call answered" && hears "$2" "^call $call released cause 16"
  tell "$1" link up 0 >/dev/null
  hears "$1" "^link 0 up" && hears "$2" "^link 0 up"
  hears "$1" "Changeback completed" && hears "$2" "Changeback completed"
  tell "$1" hangup "$kept" >/dev/null
  hears "$1" "^call $kept released cause 16"
  all_idle "$1" "$2"
}
link_inhibited() {
  mark_logs "$1" "$2"
  same "inhibition" "$(tell "$1" traffic lin 0)" ok
  answered "$2" "$1" 1000
  tell "$2" hangup "$call" >/dev/null
  cleared "$2" "$1" 16 16
  same "its end" "$(tell "$1" traffic lun 0)" ok
  hears "$1" "Changeback completed" && hears "$2" "Changeback completed"
}
span_fails() {
  mark_logs "$1" "$2"
  tell "$1" alarm ais >/dev/null
  hears "$2" "^alarm blue" && hears "$2" "^link 0 down" && hears "$2" "^link 1 down" && hears "$2" "^linkset down"
  tell "$1" alarm none >/dev/null
  aligned "$1" "$2"
  all_idle "$1" "$2"
  answered "$1" "$2" 1007
  cleared "$1" "$2" 16 16
}

case_of() { in_turn "$ss7_variant: $1" "${@:2}"; }
for ss7_variant in ${1:-itu ansi}; do
  start_ss7 far far master
  start_ss7 near near recovered
  case_of "links align, circuits are reset" aligned near far
  for ends in "near far" "far near"; do
    # shellcheck disable=SC2086
    {
      case_of "calls are answered and cleared, $ends" calls_with_an_answer $ends
      case_of "calls that are not answered, $ends" calls_without_answer $ends
      case_of "announcements before the answer, $ends" announcements $ends
      case_of "audio, $ends" audio_passes $ends
      case_of "a redirected call, $ends" redirected $ends
      case_of "suspend and resume, $ends" suspended $ends
      [ "$ss7_variant" = ansi ] || case_of "a clear channel, $ends" clear_channel $ends
      case_of "blocking, $ends" blocking $ends
      case_of "group blocking, $ends" group_blocking $ends
      case_of "resets, $ends" resets $ends
      case_of "an unequipped circuit, $ends" unequipped $ends
      case_of "dual seizure, $ends" dual_seizure $ends
    }
  done
  case_of "a link fails and returns, calls stay" link_fails near far
  case_of "a link is inhibited" link_inhibited near far
  case_of "the span fails and returns" span_fails near far
  kill "${pid_of[near]}" "${pid_of[far]}"
  wait "${pid_of[near]}" "${pid_of[far]}" 2>/dev/null
  for end in near far; do mv "$work/$end.log" "$work/$end.$ss7_variant.log"; done
done
for wrong in "--opc 1" "--opc 1 --dpc 1" "--opc 1 --dpc 16384" "--opc 1 --dpc 2 --link 0:32" "--opc 1 --dpc 2 --link 0:16,0:16" \
  "--opc 1 --dpc 2 --link 0:16 --cics 1:0:16-17" "--opc 1 --dpc 2 --link 0:16 --cics 1:0" "--opc 1 --dpc 2 --link 0:16 --variant uk"; do
  # shellcheck disable=SC2086
  check "refused: $wrong" "it started" eval '! "$bin/exchange" --signalling ss7 $wrong </dev/null >"$work/wrong.log" 2>&1 && grep -q "exchange: --" "$work/wrong.log"'
done
summary
