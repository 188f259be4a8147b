#!/usr/bin/env bash
# Sets up everything, then shows two calls crossing the gateway and stays up for yours.
#   ./run.sh          places the calls, then waits for softphones until Ctrl-C
#   ./run.sh --once   places the calls and exits: 0 only if both carried intelligible audio both ways
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
pids=()
stop_all() {
  local pid
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
}
trap stop_all EXIT
trap 'exit 130' INT TERM

fail() {
  echo "FAILED: $*" >&2
  for log in "$run"/*.log; do echo "--- $log" >&2; tail -n 15 "$log" >&2; done
  exit 1
}
# wait_for FILE PATTERN SECONDS WHAT: until a line of the file matches.
wait_for() {
  timeout "$3" grep -qE -m1 "$2" <(tail -n +1 -s 0.1 -f "$1") || fail "$4 did not come within $3 s"
}
# background LOG COMMAND...: started in the background, stopped with this script.
background() {
  local log=$1; shift
  : >"$log"
  "$@" >>"$log" 2>&1 </dev/null &
  pids+=($!)
}

rm -rf "$run"; mkdir -p "$run/phone"
say "making speech"
espeak-ng -s 150 -w "$run/raw1.wav" "This is the softphone. Good morning. My voice goes out by S I P, and comes back from the telephone network."
espeak-ng -s 150 -v en-us+f3 -w "$run/raw2.wav" "This is the telephone network. I am calling the softphone through the gateway, and this is how I sound."
for i in 1 2; do sox -V1 "$run/raw$i.wav" -r 8000 -c 1 -b 16 "$run/speech$i.wav" gain -n -6 pad 0.5 1.5; rm "$run/raw$i.wav"; done

say "starting the exchange (far side of the E1) and the gateway"
background "$run/exchange.log" "$bin/exchange" --local 127.0.0.1:50001 --remote 127.0.0.1:40001 --type e1 \
  --switch euroisdn --side network --clock master --playout 40 --control "$run/exchange.sock" --announcement "$run/speech2.wav"
background "$run/tandem.log" "$bin/tandem" run config/demo.toml
wait_for "$run/tandem.log" "is ready" 10 "the gateway"
wait_for "$run/exchange.log" "d-channel up" 20 "the D channel"
"$bin/tandem" status

# A phone made of baresip: plays SPEECH in each call, keeps what it hears and what it said in run/phone.
phone_config() {
  cat >"$run/phone/config" <<EOF
poll_method epoll
sip_listen 127.0.0.1:$phone_port
net_interface 127.0.0.1
rtp_ports 15070-15090
audio_source aufile,$1
audio_player aubridge,sink
audio_alert aufile,/dev/null
ausrc_srate 8000
auplay_srate 8000
ausrc_channels 1
auplay_channels 1
audio_txmode thread
module_path $(dirname "$(find /usr/lib -path '*baresip/modules/g711.so' | head -n 1)")
module g711.so
module aufile.so
module aubridge.so
module sndfile.so
snd_path $run/phone
module_tmp account.so
module_app menu.so
EOF
  echo "<sip:2000@127.0.0.1:$phone_port>;regint=0;answermode=auto;audio_codecs=PCMA/8000/1" >"$run/phone/accounts"
  : >"$run/phone/contacts"
}
# verdict NAME REFERENCE RECORDING
verdicts=0
verdict() {
  printf '  %-34s ' "$1"
  "$bin/audio-verdict" "$2" "$3" || verdicts=1
  printf '  %-34s %s\n' "" "$3"
}
# heard NAME: the phone's recording of the last call, moved to run/NAME.
heard() {
  local dump
  dump=$(find "$run/phone" -name 'dump-*-dec.wav' | sort | tail -n 1)
  [ -n "$dump" ] || fail "the phone recorded nothing"
  mv "$dump" "$run/$1"
  rm -f "$run"/phone/dump-*
}

say "call 1: SIP to 1000 on the PSTN, which echoes"
phone_config "$run/speech1.wav"
background "$run/phone1.log" baresip -f "$run/phone" -e "/dial sip:1000@127.0.0.1:$sip_port" -t 60
phone=$!
# The phone hangs up at the end of its speech.
wait_for "$run/exchange.log" "call 1 released" 40 "the end of call 1"
kill "$phone" 2>/dev/null || true
heard echo.wav
"$bin/tandem" trace
verdict "softphone -> PSTN -> softphone" "$run/speech1.wav" "$run/echo.wav"

say "call 2: the PSTN calls the softphone, 2000"
background "$run/phone2.log" baresip -f "$run/phone" -t 60
phone=$!
wait_for "$run/phone2.log" "baresip is ready" 10 "the phone"
"$bin/exchange" --ask "$run/exchange.sock" "dial 2000 from 5551234 play $run/speech2.wav record $run/pstn.wav"
wait_for "$run/exchange.log" "call 2 answered" 15 "the answer"
wait_for "$run/exchange.log" "call 2 released" 40 "the end of call 2"
kill "$phone" 2>/dev/null || true
heard softphone.wav
"$bin/tandem" trace
verdict "PSTN -> softphone" "$run/speech2.wav" "$run/softphone.wav"
verdict "softphone -> PSTN" "$run/speech1.wav" "$run/pstn.wav"
[ $verdicts -eq 0 ] || fail "the audio of a call is not what was sent"
echo
echo "both calls carried their speech both ways; what was heard is in $run"
$once && exit 0

cat <<EOF

The gateway is up. Dial in with any softphone on this machine, G.711, no registration:
  sip:1000@127.0.0.1:$sip_port   the PSTN answers and echoes      1003   rings, never answers
  sip:1001@127.0.0.1:$sip_port   milliwatt tone                   1004   unallocated, announcement
  sip:1002@127.0.0.1:$sip_port   busy                             1006   reads back your DTMF digits
Look at it from another terminal:
  build/release/bin/tandem status | calls | circuits | spans | trace
Ctrl-C ends it.
EOF
wait "${pids[1]}"
