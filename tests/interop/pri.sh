#!/usr/bin/env bash
# Every switch type of libpri, the gateway as either side, against the test exchange (libpri used directly), with SIPp
# on the SIP side; then NFAS. A line for each check, then "N passed, 0 failed". tshark judges every frame.
#   pri.sh [SWITCH...]   only these; nfas is one of them
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
. "$here/sipp_lib.sh"
. "$here/sipp_calls.sh"
. "$here/sipp_pstn.sh"
. "$here/pri_cases.sh"
wanted=" ${*:-all} "

# Mostly waiting: where networks of their own can be had, the switch types run side by side, four at a time.
side_by_side() {
  local types=(national ni1 dms100 4ess 5ess euroisdn qsig nfas) out type passed=0 failed=0 line
  out=$(mktemp -d)
  printf '%s\n' "${types[@]}" |
    xargs -P 4 -I{} unshare -n bash -c 'ip link set lo up; "$1" "$2" >"$3/$2" 2>&1' _ "$here/pri.sh" {} "$out"
  for type in "${types[@]}"; do
    grep -vE '^[0-9]+ passed, [0-9]+ failed$' "$out/$type"
    line=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$out/$type") || { echo "NOT OK  $type: it did not come to its end"; line='0 passed, 1 failed'; }
    passed=$((passed + ${line%% *})) line=${line#*, } failed=$((failed + ${line%% *}))
  done
  rm -r "$out"
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ]
}
if [ $# -eq 0 ] && unshare -n ip link set lo up 2>/dev/null; then
  stop_all
  side_by_side
  exit
fi

# --- what joins the two ----------------------------------------------------------------------------------------

# near SWITCH, span E1 or T1, side of the gateway, spans 1 or 2.
declare -A other_side=([user]=network [network]=user)
near=euroisdn side=user spans=1
# has_service: the switch type has SERVICE messages (T1.607).
has_service() { [[ "$near" != @(euroisdn|qsig) ]]; }
# prefers: the gateway's SETUP says which channel is preferred, not which alone will do (Q.931 4.5.13).
prefers() { [ "$side" = network ]; }
# passes_on: digits go on to the exchange one by one; else they are collected.
passes_on() { [ "$side" = user ]; }
write_config() {
  local i d=${d_timeslot[$span]} names='"s1"' clock=master overlap=collect
  passes_on && overlap=pass-on
  [ "$side" = user ] && clock=recovered
  {
    cat <<EOF
[gateway]
name = "pri"
sip = { listen = ["udp:127.0.0.1:$sip_port"] }
rtp = { address = "127.0.0.1", ports = "32000-32999", jitter_min_ms = 60 }
cdr = "$work/cdr.sqlite"
control = "$work/control.sock"
EOF
    for ((i = 1; i <= spans; i++)); do
      [ $i -gt 1 ] && names+=", \"s$i\""
      cat <<EOF
[[span]]
name = "s$i"
type = "$span"
local = "127.0.0.1:4100$i"
remote = "127.0.0.1:5100$i"
clock = "$clock"
playout_ms = 40
EOF
    done
    cat <<EOF
[[trunk]]
name = "telco"
signalling = "pri"
switch = "$near"
side = "$side"
spans = [$names]
d_channel = "s1:$d"
hunt = "ascending"
overlap = "$overlap"
overlap_sending = $(passes_on && echo true || echo false)
exclusive = $(prefers && echo false || echo true)
transfer = $([ "$near" = euroisdn ] && echo true || echo false)
hold_music = "$work/music.wav"
service_messages = $(has_service && echo true || echo false)
EOF
    [ "$spans" -gt 1 ] && echo "backup_d_channel = \"s2:$d\""
    for i in 1 2 3 4 5 6 7; do
      cat <<EOF
[[peer]]
name = "pbx$i"
address = "sip:127.0.0.1:$((pbx_port + i));transport=udp"
hold_music = "$work/music.wav"
[[route]]
from = "telco"
match = "^210$i$"
to = ["pbx$i"]
EOF
    done
    cat <<EOF
[[peer]]
name = "sipp"
address = "sip:127.0.0.1:15170;transport=udp"
[[route]]
match = "^1[0-9]+$"
to = ["telco"]
EOF
  } >"$1"
}
start_exchange() {
  local clock=recovered more=()
  [ "$side" = user ] && clock=master
  [ "$spans" -gt 1 ] && more=(--add 127.0.0.1:51002,127.0.0.1:41002,1 --backup yes)
  background "$work/exchange.log" "$bin/exchange" --local 127.0.0.1:51001 --remote 127.0.0.1:41001 \
    --type "${span,,}" --switch "$near" --side "${other_side[$side]}" --clock $clock --playout 40 \
    --service "$(has_service && echo yes || echo no)" --overlap "$(passes_on && echo yes || echo no)" \
    --announcement "$work/short.wav" --control "$work/exchange.sock" "${more[@]}"
}
stop_pair() {
  stop_all
  pids=()
}

# --- pairs -----------------------------------------------------------------------------------------------------

pcaps=()
keep_frames() {
  tandem trace --pcap "$work/$1.pcapng" >/dev/null
  pcaps+=("$work/$1.pcapng")
}

pair() {
  near=$1 span=$2 side=$3 spans=1
  local label="$1 $2 $3"
  [[ "$wanted" == *" all "* || "$wanted" == *" $1 "* ]] || return
  start_pair
  begin "$label: answered, cleared by SIP" answered_by_pstn
  begin "$label: busy" refused_by_pstn 1002 486 17 true
  begin "$label: unallocated" refused_by_pstn 1999 404 1 true
  begin "$label: rings; CANCEL" cancelled
  begin "$label: early media, then answer" early_tones
  if [ "$near $side" = "euroisdn user" ]; then
    begin "$label: cleared without user-user information" no_user_information
    begin "$label: another connected party" third_party
    begin "$label: held and retrieved there" held_there
    begin "$label: music while held from there" music_from_there
  fi
  if [ "$near" != qsig ]; then  # ISO/IEC 11572 has no user-user information
    begin "$label: cleared with user-user information" user_information
    begin "$label: SIP clears with user-user information" last_words
  fi
  [ "$near" = euroisdn ] && begin "$label: held and resumed by SIP" held_by_sip
  [[ "$near $span" == "euroisdn E1" || "$near $side" == "national network" ]] && begin "$label: music while held" music_while_held
  begin "$label: cleared by the PSTN" cleared_here
  begin "$label: connected number" connected_party
  begin "$label: DISCONNECT with tones" inband_disconnect
  begin "$label: DISCONNECT with tones before the answer" tones_before_answer
  begin "$label: from the PSTN, with a name" from_pstn
  begin "$label: from the PSTN, cleared by SIP" cleared_by_pbx
  begin "$label: from the PSTN, busy" refused_by_pbx
  if [[ "$near" == @(euroisdn|qsig) ]]; then  # ETS 300 207-1, ISO/IEC 13873: libpri has it for no others
    begin "$label: from the PSTN, diverted by SIP" diverted_by_pbx
    [ "$side" = user ] && begin "$label: original called number" original_number
  fi
  begin "$label: digit by digit" digit_by_digit
  passes_on && begin "$label: digits passed on to the PSTN" digits_passed_on
  begin "$label: clear channel" clear_channel
  begin "$label: clear channel from SIP" clear_from_sip
  [ "$near $side" = "euroisdn user" ] && begin "$label: advice of charge" charged
  begin "$label: from the PSTN, without a channel" no_channel
  begin "$label: all that a SETUP may hold, through the gateway" setup_elements
  settle
  if [ "$near" = euroisdn ]; then  # libpri is asked by ETSI's words alone
    in_turn "$label: handed over to the exchange" handed_over
    in_turn "$label: joined for the exchange" transferred
  fi
  in_turn "$label: RESTART both ways" restarts
  has_service && in_turn "$label: SERVICE both ways" services
  check "$label: idle" "$(tandem calls; tandem circuits)" idle
  keep_frames "${label// /-}"
  stop_pair
}

on_the_second() {
  answered_by_pstn
  same "circuit" "$(cdr circuit "calling = '$from'")" "s2:*"
}
an_answered_call() { tandem calls | grep -q " answered "; }
long_call() { calls_to 1000 uac_answered SPEAK=30000; }
nfas() {  # SWITCH
  near=$1 span=T1 side=user spans=2
  [[ "$wanted" == *" all "* || "$wanted" == *" nfas "* ]] || return
  start_pair
  wait_line "$work/exchange.log" "^backup d-channel up" 60 || not_ok "nfas $near: backup" "$(cat "$work/exchange.log")"
  tandem block telco s1:1-23 >/dev/null
  begin "nfas $near: a call on the other span" on_the_second
  settle
  begin "nfas $near: a call that outlives the primary D channel" long_call
  until_true 60 an_answered_call
  exchange "dchannel down 0" >/dev/null
  check "nfas $near: the gateway sees the loss" "$(tandem circuits)" until_true 40 blocked_by s1:24 down
  check "nfas $near: the exchange sees the loss" "no" wait_line "$work/exchange.log" "^d-channel down" 60
  begin "nfas $near: a call to the PSTN by the backup" answered_by_pstn
  begin "nfas $near: a call from the PSTN by the backup" cleared_by_pbx
  settle
  check "nfas $near: idle" "$(tandem calls; tandem circuits)" idle
  keep_frames "nfas-$near"
  stop_pair
}

make_speech "$work/speech.wav" "One two."
sox -V1 "$work/speech.wav" -t al "$work/speech.al"
make_speech "$work/music.wav" "Please hold the line, we are with you soon."
sox -V1 -n -r 8000 -c 1 -b 16 "$work/short.wav" synth 0.6 sine 440 gain -10

for each in user network; do
  for type in national ni1 dms100 4ess 5ess euroisdn qsig; do pair "$type" T1 $each; done
  pair euroisdn E1 $each
done
for type in national dms100 5ess; do nfas $type; done

for pcap in "${pcaps[@]}"; do
  # tshark has one table of operations for ETSI and QSIG: ETSI's 19 (ETS 300 207-1) it takes for another.
  but=lapd; [[ "$pcap" == */euroisdn-* ]] && but="!qsig"
  # What the exchange's own libpri sends (its AOC-E, for one) is not ours to judge.
  tshark -r "$pcap" -Y "lapd && $but && (_ws.malformed || _ws.expert.severity >= error)" -T fields -e _ws.col.Source \
    -e frame.number -e _ws.col.Info 2>/dev/null | grep -v '^Remote' >"$work/frames"
  count=$(tshark -r "$pcap" -Y q931 2>/dev/null | wc -l)
  check "$(basename "$pcap" .pcapng): $count Q.931 frames, none malformed" "$(head -n 3 "$work/frames" | tr '\n' ';')" \
    test "$count" -gt 10 -a ! -s "$work/frames"
  [[ "$pcap" == */nfas-* ]] && continue
  # What tshark reads in the SETUP that setup_elements had the gateway send; Q.931 4.5.13: which channel, and whether
  # only that.
  exclusive=1; [[ "$pcap" == *-network.pcapng ]] && exclusive=0
  tshark -r "$pcap" -Y 'q931.message_type == 0x05 && q931.keypad_facility' -T fields -E separator='|' \
    -e _ws.col.Source -e q931.keypad_facility -e q931.party_subaddr -e q931.channel.exclusive 2>/dev/null |
    grep '^Local' >"$work/frames"
  check "$(basename "$pcap" .pcapng): SETUP with keypad, sub-address, channel" "$(<"$work/frames")" \
    grep -qE "^Local[^|]*\\|\\*12\\|(34333231|4321|34:33:32:31)\\|$exclusive" "$work/frames"
done
summary
