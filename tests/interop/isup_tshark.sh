#!/bin/bash
# isup_tshark.sh [ISUP_MESSAGES]: lets Wireshark judge ISUP messages of every type, ITU-T and ANSI.
# Passes when each is decoded with the parameters and values that were encoded, and nothing is remarked on.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
generator=${1:-$here/../../build/release/bin/isup_messages}
command -v tshark >/dev/null || { echo "tshark is missing: apt-get install tshark"; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$generator" "$here/../vectors/isup/messages.tsv" "$work"

passed=0
failed=0
check() { # NAME COMMAND...
  local name=$1
  shift
  if "$@" >"$work/out" 2>&1; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAILED: $name"
    head -n 20 "$work/out"
  fi
}

# What Wireshark notes of good messages; of EXM it knows the code only.
cat >"$work/notes" <<'EOF'
No optional parameters are possible with this message type
Status subfield is not present with this message type
Format is a national matter
No further dissection of APM-user information field
EOF
for variant in itu ansi; do
  cause=isup.cause_indicator
  [ "$variant" = itu ] || cause=ansi_isup.cause_indicator
  decode() { tshark -r "$work/$variant.pcap" -o "mtp3.standard:${variant^^}" -o "isup.variant:${variant^^} Standard" "$@" 2>"$work/stderr"; }
  decode -T fields -E separator=/t -E occurrence=a -E aggregator=, \
    -e isup.message_type -e isup.cic -e isup.called -e isup.calling -e isup.connected_number \
    -e isup.redirection_number -e isup.original_called_number -e isup.subsequent_number -e "$cause" \
    -e isup.transmission_medium_requirement -e isup.event_ind -e isup.range_indicator -e isup.hop_counter \
    -e isup.cgs_message_type -e isup.satellite_indicator -e isup.parameter_type |
    sed -E 's/^([0-9]+),[0-9]+/\1/; s/(\t|,)0$/\1/; s/,$//' >"$work/$variant.decoded"  # without the end of the optional part
  decode -T fields -E occurrence=a -E aggregator='|' -Y 'isup.message_type != 237' -e _ws.expert.message |
    tr '|' '\n' | grep -v -x -F -e '' -f "$work/notes" >"$work/$variant.remarks" || true
  decode -Y '_ws.malformed || !isup' >"$work/$variant.malformed"
  check "$variant: the messages are what was encoded" diff "$work/$variant.expected" "$work/$variant.decoded"
  check "$variant: Wireshark remarks on nothing" diff /dev/null "$work/$variant.remarks"
  check "$variant: nothing is malformed, and all is ISUP" diff /dev/null "$work/$variant.malformed"
done
check "there are messages of every type" test "$(cut -f 1 "$work"/*.expected | sort -u | wc -l)" -ge 50
echo "$(cat "$work"/*.expected | wc -l) messages: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
