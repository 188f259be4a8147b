#!/bin/bash
# cesopsn_tshark.sh [CES_PACKETS]: lets Wireshark judge every packet that a CESoPSN span sends.
# Passes when each is decoded as CESoPSN with the expected L, M, R, LEN, sequence and payload, and no error.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
generator=${1:-$here/../../build/release/bin/ces_packets}
command -v tshark >/dev/null || { echo "tshark is missing: apt-get install tshark"; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$generator" "$work/ces.pcap" "$work/expected"
decode() { tshark -r "$work/ces.pcap" -d udp.port==50001,pwcesopsn "$@" 2>"$work/stderr"; }

decode -T fields -E separator=' ' -e pwcesopsn.cw.lm -e pwcesopsn.cw.rbit -e pwcesopsn.cw.length \
  -e pwcesopsn.cw.seqno -e pwcesopsn.payload.len >"$work/fields"
# What tshark prints as hexadecimal, and a payload that was left out, as ces_packets writes them.
awk '{ sub(/^0x/, "", $1); print $1 + 0, $2 + 0, $3, $4, $5 + 0 }' "$work/fields" >"$work/decoded"
# L without payload is remarked on as saving bandwidth; anything else that Wireshark remarks on is a fault.
decode -T fields -e frame.number -e _ws.expert.message |
  awk -F '\t' '$2 != "" && $2 != "CESoPSN payload: omitted to conserve bandwidth"' >"$work/remarks"
decode -Y '_ws.malformed || !pwcesopsn' >"$work/malformed"

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
    head -n 10 "$work/out"
  fi
}
count=$(wc -l <"$work/expected")
check "there are packets" test "$count" -gt 1000
check "$count packets are decoded as expected" diff "$work/expected" "$work/decoded"
check "Wireshark remarks on nothing" diff /dev/null "$work/remarks"
check "nothing is malformed, and all is CESoPSN" diff /dev/null "$work/malformed"
check "a packet with each of the flags was seen" \
  test "$(cut -d ' ' -f 1,2 "$work/decoded" | sort -u | wc -l)" -eq 6
check "the sequence goes round" grep -q -E '^0 . . 0 ' "$work/decoded"
check "a LEN below 64 was seen with data" grep -q -E '^0 0 52 [0-9]+ 48$' "$work/decoded"
echo "$count packets: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
