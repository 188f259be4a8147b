#!/usr/bin/env bash
# Sets up everything, then shows calls between SIP, ISDN and SS7 crossing the gateway and stays up for yours.
#   ./run.sh          places the calls, then waits for softphones until Ctrl-C
#   ./run.sh --once   places the calls and exits: 0 only if all carried intelligible audio both ways
set -euo pipefail
cd "$(dirname "$0")"
. .ci/setup

once=false
case "${1:-}" in
  "") ;;
  --once) once=true ;;
  *) sed -n '2,4p' "$0"; exit 2 ;;
esac

install $packages_build $packages_demo
build release tandem exchange audio-verdict
bin=$PWD/build/release/bin
run=$PWD/run
sip_port=5060 phone_port=5070
. tests/interop/processes.sh
trap stop_all EXIT
trap 'exit 130' INT TERM

fail() {
  echo "FAILED: $*" >&2
  for log in "$run"/*.log; do echo "--- $log" >&2; tail -n 15 "$log" >&2; done
  exit 1
}
# wait_for FILE PATTERN SECONDS WHAT: until a line of the file matches.
wait_for() {
  wait_line "$1" "$2" "$3" || fail "$4 did not come within $3 s"
}

rm -rf "$run"; mkdir -p "$run"
say "making speech"
make_speech "$run/speech1.wav" "This is the softphone. Good morning. My voice goes out by S I P, and comes back from the telephone network."
make_speech "$run/speech2.wav" "This is the telephone network. I am calling the softphone through the gateway, and this is how I sound." en-us+f3

say "starting the exchanges (far sides of the E1s: ISDN, SS7) and the gateway"
background "$run/exchange.log" "$bin/exchange" --local 127.0.0.1:50001 --remote 127.0.0.1:40001 --type e1 \
  --switch euroisdn --side network --clock master --playout 40 --control "$run/exchange.sock" --announcement "$run/speech2.wav"
background "$run/ss7.log" "$bin/exchange" --local 127.0.0.1:50002 --remote 127.0.0.1:40002 --type e1 \
  --signalling ss7 --opc 200 --dpc 100 --link 0:16,0:31 --cics 1:0:1-15,17:0:17-30 --clock master --playout 40 \
  --control "$run/ss7.sock"
background "$run/tandem.log" "$bin/tandem" run config/demo.toml
wait_for "$run/tandem.log" "is ready" 10 "the gateway"
wait_for "$run/exchange.log" "d-channel up" 20 "the D channel"
"$bin/tandem" status

# verdict NAME REFERENCE RECORDING
verdicts=0
verdict() {
  printf '  %-34s ' "$1"
  "$bin/audio-verdict" "$2" "$3" || verdicts=1
  printf '  %-34s %s\n' "" "$3"
}
# heard NAME: the phone's recording of the last call, moved to run/NAME.
heard() { phone_heard "$run/phone" "$run/$1" || fail "the phone recorded nothing"; }

say "call 1: SIP to 1000 on the PSTN, which echoes"
phone_config "$run/phone" "$run/speech1.wav" $phone_port
phone_dials "$run/phone" "sip:1000@127.0.0.1:$sip_port" "$run/phone1.log"
phone=$last_pid
# The phone hangs up at the end of its speech.
wait_for "$run/exchange.log" "call 1 released" 40 "the end of call 1"
kill "$phone" 2>/dev/null || true
heard echo.wav
"$bin/tandem" trace
verdict "softphone -> PSTN -> softphone" "$run/speech1.wav" "$run/echo.wav"

say "call 2: the PSTN calls the softphone, 2000"
phone_waits "$run/phone" "$run/phone2.log" || fail "the phone did not start"
phone=$last_pid
"$bin/exchange" --ask "$run/exchange.sock" "dial 2000 from 5551234 play $run/speech2.wav record $run/pstn.wav"
wait_for "$run/exchange.log" "call 2 answered" 15 "the answer"
wait_for "$run/exchange.log" "call 2 released" 40 "the end of call 2"
kill "$phone" 2>/dev/null || true
heard softphone.wav
"$bin/tandem" trace
verdict "PSTN -> softphone" "$run/speech2.wav" "$run/softphone.wav"
verdict "softphone -> PSTN" "$run/speech1.wav" "$run/pstn.wav"

say "call 3: SIP to 1000 behind SS7, which echoes; call 4 meanwhile: from there to 1000 on the ISDN"
wait_for "$run/ss7.log" "linkset up" 60 "the SS7 links"
wait_for "$run/ss7.log" "^cic 17-30 group reset by the far end" 20 "the reset of the circuits"
wait_for "$run/ss7.log" "^cic 17-30 group reset$" 20 "the acknowledgement of a reset"
phone_dials "$run/phone" "sip:71000@127.0.0.1:$sip_port" "$run/phone3.log"
phone=$last_pid
"$bin/exchange" --ask "$run/ss7.sock" "dial 1000 from 5557777 play $run/speech2.wav record $run/tandem.wav"
wait_for "$run/ss7.log" "^call [0-9]+ setup from .* to 71000" 15 "call 3"
ss7_call() { sed -nE "s/^call ([0-9]+) $1 .*/\1/p" "$run/ss7.log"; }
call4=$(ss7_call dial)
wait_for "$run/ss7.log" "^call $call4 played" 40 "the end of what call 4 says"
"$bin/exchange" --ask "$run/ss7.sock" "hangup $call4"
wait_for "$run/ss7.log" "^call $call4 released" 10 "the end of call 4"
wait_for "$run/ss7.log" "^call $(ss7_call setup) released" 40 "the end of call 3"
kill "$phone" 2>/dev/null || true
heard ss7.wav
"$bin/tandem" trace
verdict "softphone -> SS7 -> softphone" "$run/speech1.wav" "$run/ss7.wav"
verdict "SS7 -> ISDN -> SS7" "$run/speech2.wav" "$run/tandem.wav"
[ $verdicts -eq 0 ] || fail "the audio of a call is not what was sent"
echo
echo "all calls carried their speech both ways; what was heard is in $run"
$once && exit 0

cat <<EOF

The gateway is up. Dial in with any softphone on this machine, G.711, no registration:
  sip:1000@127.0.0.1:$sip_port   the PSTN answers and echoes      1003   rings, never answers
  sip:1001@127.0.0.1:$sip_port   milliwatt tone                   1004   unallocated, announcement
  sip:1002@127.0.0.1:$sip_port   busy                             1006   reads back your DTMF digits
With a 7 in front, as in 71000, the same behind SS7.
Look at it from another terminal:
  build/release/bin/tandem status | calls | circuits | links | spans | trace
Ctrl-C ends it.
EOF
wait "${pids[1]}"
