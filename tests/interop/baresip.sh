#!/usr/bin/env bash
# baresip.sh [E1|T1]: a softphone (baresip) calls 1000, which echoes, and is called by the PSTN; what both ends hear is
# judged. On a T1 the gateway is the network side and the laws differ (A-law on RTP, mu-law on the timeslots).
set -uo pipefail
. "$(dirname "$0")/lib.sh"

span=${1:-E1}
phone_port=15170
make_speech "$work/speech1.wav" "This is the softphone. My voice comes back from the telephone network."
make_speech "$work/speech2.wav" "This is the telephone network, calling the softphone through the gateway." en-us+f3
start_pair

# heard NAME REFERENCE RECORDING
heard() {
  local text
  if text=$("$bin/audio-verdict" "$2" "$3" 2>&1); then ok "$1: $text"; else not_ok "$1" "$text"; fi
}

phone_config "$work/phone" "$work/speech1.wav" $phone_port
phone_dials "$work/phone" "sip:1000@127.0.0.1:$sip_port" "$work/phone1.log"
wait_line "$work/exchange.log" "call 1 released cause 16" 40 || not_ok "call 1" "the phone does not hang up"
kill "$last_pid"
phone_heard "$work/phone" "$work/echo.wav" || not_ok "call 1" "no recording"
heard "softphone -> PSTN -> softphone" "$work/speech1.wav" "$work/echo.wav"
check "idle" "$(tandem calls)" idle

phone_waits "$work/phone" "$work/phone2.log" || not_ok "call 2" "the phone is not ready"
exchange "dial 2000 from 5551234 play $work/speech2.wav record $work/pstn.wav" >/dev/null
wait_line "$work/exchange.log" "call 2 answered" 60 || not_ok "call 2" "the phone does not answer"
wait_line "$work/exchange.log" "call 2 released cause 16" 40 || not_ok "call 2" "the phone does not hang up"
kill "$last_pid"
phone_heard "$work/phone" "$work/softphone.wav" || not_ok "call 2" "no recording"
heard "PSTN -> softphone" "$work/speech2.wav" "$work/softphone.wav"
heard "softphone -> PSTN" "$work/speech1.wav" "$work/pstn.wav"
check "idle again" "$(tandem calls)" idle
summary
