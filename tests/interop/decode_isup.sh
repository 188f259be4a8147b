#!/bin/bash
# decode_isup.sh: `tandem decode isup` as people and programs use it.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
tandem=${TANDEM_BIN:-$here/../../build/release/bin}/tandem
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0
# expect NAME STATUS TEXT ARGUMENTS...: the exit status, and what stands somewhere in the output.
expect() {
  local name=$1 status=$2 text=$3 got=0
  shift 3
  "$tandem" decode isup "$@" >"$work/out" 2>&1 || got=$?
  if [ "$got" = "$status" ] && grep -q -F -- "$text" "$work/out"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAILED: $name: exit $got"
    head -n 10 "$work/out"
  fi
}
iam=01006000 iam+=0a03 iam+=0206 iam+=0483100100 iam+=0a0483130201 iam+=3d010f00
expect "a summary" 0 "IAM 100 <- 201" "$iam"
expect "a field by name, value, its name" 0 "one satellite circuit" "${iam/0100/0101}"
expect "the clause" 0 "Q.763 3.80" "$iam"
expect "ANSI" 0 "Circuit validation test" --variant ansi ec
expect "ANSI's types are not known to ITU-T" 0 "not known" --variant itu ec
expect "ETSI" 0 "REL cause 16" --variant etsi 0c0200028090
expect "the CIC" 0 "CIC 33" --cic 210012
expect "a malformed one: octet, parameter, clause" 1 "octet 3: CauseIndicators: its length goes past the end (Q.764 2.9.5)" \
  0c020001
expect "octets count from the CIC" 1 "octet 5: CauseIndicators" --cic 21000c020001
expect "nothing" 1 "octet 0: MessageType" ""
expect "no hex" 1 "neither a file nor hex" xyz
expect "no such variant" 105 "--variant" --variant bell "$iam"
printf '\x0c\x02\x00\x02\x80\x91' >"$work/rel"
expect "a file of octets" 0 "cause 17 user busy" "$work/rel"
echo "0c 02 00 02 80 91" >"$work/rel.hex"
expect "a file of hex" 0 "cause 17 user busy" "$work/rel.hex"
expect "a directory" 1 "is a directory" "$work"
expect "an empty device" 1 "empty, where a message was expected" /dev/null
expect "a device without end" 1 "more than a message can be" /dev/zero
expect "ETSI leaves out what is of national use" 0 "national use: not of EN 300 356-1" --variant etsi 2e
expect "the bits above the CIC" 0 "CIC 33, spare bits 10" --cic 21a012
(
  cd "$work"
  printf '\x0c\x02\x00\x02\x80\x91' >12
  "$tandem" decode isup 12 >out 2>err
)
if grep -q "RSC" "$work/out" && grep -q "read as hex" "$work/err"; then
  passed=$((passed + 1))
else
  failed=$((failed + 1))
  echo "FAILED: hex goes before a file of that name, and says so"
fi
json=$("$tandem" decode isup --json --cic "2100$iam" |
  jq -r '[.type, .cic, .parameters[6].name, .parameters[6].clause, .parameters[6].fields[0].value] | join(" ")')
if [ "$json" = "IAM 33 HopCounter Q.763 3.80 15" ]; then
  passed=$((passed + 1))
else
  failed=$((failed + 1))
  echo "FAILED: JSON: $json"
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
