#!/usr/bin/env bash
# The gateway as an SS7 exchange against libss7, which the test exchange runs: ITU on an E1, ANSI on a T1, SIPp on the
# SIP side. A line for each check, then "N passed, 0 failed". tshark judges every message of the gateway.
#   ss7.sh [itu|ansi|tandem...]   only these
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
. "$here/lib_ss7.sh"
. "$here/sipp_lib.sh"
. "$here/sipp_calls.sh"
. "$here/sipp_pstn.sh"
. "$here/sipp_operator.sh"
. "$here/ss7_calls.sh"
. "$here/ss7_circuits.sh"
. "$here/ss7_faults.sh"
. "$here/ss7_links.sh"
. "$here/ss7_tandem.sh"

# Mostly waiting: where networks of their own can be had, the variants run side by side.
side_by_side() {
  local parts=(itu ansi tandem) out part passed=0 failed=0 line
  out=$(mktemp -d)
  printf '%s\n' "${parts[@]}" |
    xargs -P 3 -I{} unshare -n bash -c 'ip link set lo up; "$1" "$2" >"$3/$2" 2>&1' _ "$here/ss7.sh" {} "$out"
  for part in "${parts[@]}"; do
    grep -vE '^[0-9]+ passed, [0-9]+ failed$' "$out/$part"
    line=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$out/$part") || { echo "NOT OK  $part: it did not come to its end"; line='0 passed, 1 failed'; }
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

# The circuits and links of lib_ss7.sh, in the words of the configuration.
declare -A circuits_of=(
  [itu]='{ span = "e1-1", timeslots = "1-15", first_cic = 1 }, { span = "e1-1", timeslots = "17-30", first_cic = 17 }'
  [ansi]='{ span = "e1-1", timeslots = "1-11", first_cic = 1 }, { span = "e1-1", timeslots = "12-22", first_cic = 101 }')
declare -A links_of=(
  [itu]='{ span = "e1-1", timeslot = 16, slc = 0 }, { span = "e1-1", timeslot = 31, slc = 1 }'
  [ansi]='{ span = "e1-1", timeslot = 24, slc = 0 }, { span = "e1-1", timeslot = 23, slc = 1 }')

# write_config FILE [LINE...]: further lines of the trunk.
write_config() {
  local file=$1 i; shift
  {
    cat <<END
[gateway]
name = "ss7"
sip = { listen = ["udp:127.0.0.1:$sip_port"] }
rtp = { address = "127.0.0.1", ports = "32000-32999", jitter_min_ms = 60 }
cdr = "$work/cdr.sqlite"
control = "$work/control.sock"
[[span]]
name = "e1-1"
type = "${ss7_type[$ss7_variant]^^}"
local = "127.0.0.1:$ss7_near_port"
remote = "127.0.0.1:$ss7_far_port"
clock = "recovered"
playout_ms = 40
[[trunk]]
name = "telco"
signalling = "isup"
variant = "$ss7_variant"
opc = "${ss7_near_pc[$ss7_variant]}"
dpc = "${ss7_far_pc[$ss7_variant]}"
circuits = [${circuits_of[$ss7_variant]}]
links = [${links_of[$ss7_variant]}]
END
    printf '%s\n' "$@"
    for i in 1 2 3 4 5 6 7 8 9; do
      cat <<END
[[peer]]
name = "pbx$i"
address = "sip:127.0.0.1:$((pbx_port + i));transport=udp"
[[route]]
from = "telco"
match = "^210$i$"
to = ["pbx$i"]
END
    done
    cat <<END
[[peer]]
name = "sipp"
address = "sip:127.0.0.1:15170;transport=udp"
[[route]]
match = "^1[0-9]+$"
to = ["telco"]
END
  } >"$file"
}
start_pair() {
  write_config "$work/gateway.toml"
  start_ss7 exchange far master --debug yes
  start_gateway "$work/gateway.log"
}

# --- tshark judges ---------------------------------------------------------------------------------------------

judge() {
  tshark -r "$1" -o "mtp3.standard:${ss7_variant^^}" -o "isup.variant:${ss7_variant^^} Standard" "${@:2}" 2>"$work/tshark.err"
}
# well_formed FILE: all that Wireshark remarks of MTP and ISUP.
well_formed() {
  local count name
  judge "$1" -Y "mtp3 && !isup && !mtp3mg && !mtp3_sltm" | head -n 3
  # The far end is libss7, whose ANSI messages about links have no SLC (T1.111.4 15).
  judge "$1" -Y "(_ws.malformed || _ws.expert.severity >= warning) && !(mtp3mg && mtp3.opc == 65794)" -T fields -e frame.number -e _ws.col.Info -e _ws.expert.message | head -n 3
  count=$(judge "$1" -Y isup | wc -l)
  [ "$count" -gt 40 ] || echo "only $count ISUP messages"
  # As Wireshark names them, those of both ends.
  judge "$1" -Y "isup || mtp3mg" -T fields -e _ws.col.Info | cut -d ' ' -f 1 | sort -u >"$work/names"
  for name in IAM ACM CPG ANM REL RLC SUS RES BLO BLA UBL UBLA CGB CGBA CGU CGUA RSC GRS GRA UCIC SLTM SLTA; do
    grep -qx "$name" "$work/names" || echo "no $name"
  done
}
judged() {
  tandem trace --pcap "$work/$ss7_variant.pcapng" >/dev/null
  well_formed "$work/$ss7_variant.pcapng"
}

# --- all of it -------------------------------------------------------------------------------------------------

make_speech "$work/speech.wav" "One two."
sox -V1 "$work/speech.wav" -t al "$work/speech.al"

for part in ${@:-itu ansi tandem}; do
  ss7_variant=$part
  if [ "$part" = tandem ]; then
    tandem_calls
    continue
  fi
  start_pair
  in_turn "$ss7_variant: links align, circuits are reset both ways" aligned exchange
  calls_both_ways
  circuits_both_ways
  in_turn "$ss7_variant: Wireshark finds all of it well-formed" judged  # a restarted gateway has no memory of it
  links_and_processes
  check "$ss7_variant: idle" "$(tandem calls; tandem circuits; tell exchange circuits)" idle
  in_turn "$ss7_variant: and so says the far end" all_idle exchange
  stop_all
  pids=()
done
summary
