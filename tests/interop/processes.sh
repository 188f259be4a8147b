# Sourced by run.sh and by tests/interop/lib.sh: processes in the background, and a phone made of baresip.

pids=()
stop_all() {
  local pid
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
}

# background LOG COMMAND...: runs until the script ends; its pid in $last_pid.
background() {
  local log=$1; shift
  : >"$log"  # there before it is read
  "$@" >"$log" 2>&1 </dev/null &
  last_pid=$!
  pids+=("$last_pid")
}

# wait_line FILE PATTERN SECONDS: until a line matches.
wait_line() { timeout "$3" grep -qE -m1 "$2" <(tail -n +1 -s 0.05 -f "$1" 2>/dev/null); }

# make_speech FILE.wav TEXT [VOICE]: 8 kHz, 16 bit, with silence around.
make_speech() {
  espeak-ng -s 150 -v "${3:-en}" -w "$1.raw.wav" "$2"
  sox -V1 "$1.raw.wav" -r 8000 -c 1 -b 16 "$1" gain -n -6 pad 0.5 1.5
  rm "$1.raw.wav"
}

# phone_config DIR SPEECH PORT: a phone made of baresip: plays SPEECH in each call, keeps what it hears and what it
# said in DIR.
phone_config() {
  local modules
  modules=$(dirname "$(find /usr/lib -path '*baresip/modules/g711.so' | head -n 1)")
  mkdir -p "$1"
  cat >"$1/config" <<EOF
poll_method epoll
sip_listen 127.0.0.1:$3
net_interface 127.0.0.1
rtp_ports $(($3 + 10000))-$(($3 + 10020))
audio_source aufile,$2
audio_player aubridge,sink
audio_alert aufile,/dev/null
ausrc_srate 8000
auplay_srate 8000
ausrc_channels 1
auplay_channels 1
audio_txmode thread
module_path $modules
module g711.so
module aufile.so
module aubridge.so
module sndfile.so
snd_path $1
module_tmp account.so
module_app menu.so
EOF
  echo "<sip:2000@127.0.0.1:$3>;regint=0;answermode=auto;audio_codecs=PCMA/8000/1" >"$1/accounts"
  : >"$1/contacts"
}
# phone_dials DIR ADDRESS LOG, phone_waits DIR LOG: the phone calls, or waits for a call; it hangs up at the end of
# its speech. Its pid in $last_pid.
phone_dials() { background "$3" baresip -f "$1" -e "/dial $2" -t 60; }
phone_waits() {
  background "$2" baresip -f "$1" -t 60
  wait_line "$2" "baresip is ready" 60
}
# phone_heard DIR FILE: the recording of the phone's last call becomes FILE; fails when there is none.
phone_heard() {
  local dump
  dump=$(find "$1" -name 'dump-*-dec.wav' | sort | tail -n 1)
  [ -n "$dump" ] || return 1
  mv "$dump" "$2"
  rm -f "$1"/dump-*
}
