# Sourced by ss7.sh: the gateway between three exchanges, and no SIP: ISUP as of ITU on an E1, ISUP as of ANSI on a T1, and
# ISDN on an E1. A 7 in front of a number leads to the first, an 8 to the second, a 9 to the third.

tandem_config() {
  local file=$1 i type=(E1 T1 E1) trunk=(itu ansi isdn)
  {
    cat <<END
[gateway]
name = "tandem"
sip = { listen = ["udp:127.0.0.1:$sip_port"] }
rtp = { address = "127.0.0.1", ports = "32000-32999" }
cdr = "$work/cdr.sqlite"
control = "$work/control.sock"
END
    for i in 0 1 2; do
      cat <<END
[[span]]
name = "${trunk[i]}"
type = "${type[i]}"
local = "127.0.0.1:4100$((i + 1))"
remote = "127.0.0.1:5100$((i + 1))"
clock = "recovered"
playout_ms = 40
[[route]]
match = "^$((i + 7))1[0-9]+$"
to = ["${trunk[i]}"]
END
    done
    for i in itu ansi; do
      cat <<END
[[trunk]]
name = "$i"
signalling = "isup"
variant = "$i"
opc = "${ss7_near_pc[$i]}"
dpc = "${ss7_far_pc[$i]}"
circuits = [${circuits_of[$i]//e1-1/$i}]
links = [${links_of[$i]//e1-1/$i}]
END
    done
    cat <<END
[[trunk]]
name = "isdn"
signalling = "pri"
switch = "euroisdn"
side = "user"
spans = ["isdn"]
d_channel = "isdn:16"
END
  } >"$file"
}

# speaks FROM PREFIX: the caller hears its own speech back from 1000 behind the other trunk, and clears.
speaks() {
  local name=$1 call
  call=$(tell "$name" dial "${2}1000" from "$from" play "$work/speech.wav" record "$work/$from.wav")
  call=${call##* }
  hears "$name" "^call $call ringing" && hears "$name" "^call $call answered" && hears "$name" "^call $call played" || return
  tell "$name" hangup "$call" 16 >/dev/null
  hears "$name" "^call $call released cause 16"
  verdict "$work/speech.wav" "$work/$from.wav"
}
# fails_with FROM PREFIX: causes come back as they were.
fails_with() {
  local name=$1 row call
  for row in 1002:17 1008:34 1999:1 1003:16; do
    call=$(tell "$name" dial "$2${row%:*}" from "$from")
    call=${call##* }
    if [ "${row%:*}" = 1003 ]; then
      hears "$name" "^call $call ringing"
      tell "$name" hangup "$call" 16 >/dev/null
    fi
    hears "$name" "^call $call released cause ${row#*:}\$"
  done
}

tandem_calls() {
  local i name=(itu ansi isdn) from_to
  tandem_config "$work/gateway.toml"
  for i in itu ansi; do
    ss7_variant=$i
    [ "$i" = itu ] || ss7_near_port=41002 ss7_far_port=51002
    start_ss7 "$i" far master
  done
  background "$work/isdn.log" "$bin/exchange" --local 127.0.0.1:51003 --remote 127.0.0.1:41003 --type e1 --switch euroisdn \
    --side network --clock master --playout 40 --control "$work/isdn.sock"
  mark[isdn]=0
  start_gateway "$work/gateway.log"
  for i in itu ansi; do
    ss7_variant=$i
    in_turn "tandem: $i is aligned" aligned "$i"
  done
  in_turn "tandem: ISDN is up" hears isdn "^d-channel up"
  for from_to in "0 1" "1 2" "2 0" "1 0" "2 1" "0 2"; do
    local a=${from_to% *} b=${from_to#* }
    begin "${name[a]} to ${name[b]}: speech both ways" speaks "${name[a]}" $((b + 7))
    begin "${name[a]} to ${name[b]}: causes" fails_with "${name[a]}" $((b + 7))
    # Exchanges that both dial would meet on a circuit, and do not try again.
    settle
  done
  check "tandem: idle" "$(tandem calls; tandem circuits)" idle
  in_turn "tandem: and so say the far ends" all_idle itu ansi
  tandem trace --pcap "$work/tandem.pcapng" >/dev/null
}
