#!/usr/bin/env bash
# The messages of RFC 4475 and RFC 5118, sent by UDP and TCP to a running gateway: a line for each with what the RFC
# demands and what came, then "N passed, 0 failed".
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"

write_config "$work/gateway.toml"
cat >>"$work/gateway.toml" <<EOF
[[peer]]
name = "torture"
address = "sip:127.0.0.2:5060;transport=udp"
EOF

table=$top/tests/vectors/torture.tsv
messages=$(grep -vc '^#' "$table")
: >"$work/lines"
while sent=$(wc -l <"$work/lines"); [ "$sent" -lt "$messages" ]; do
  start_gateway "$work/gateway.log"
  timeout 300 python3 "$here/torture_send.py" "$table" $sip_port "$sent" >"$work/some" 2>"$work/sender.err"
  cat "$work/some" "$work/sender.err"
  cat "$work/some" >>"$work/lines"
  [ -s "$work/some" ] || break
  kill -0 "$gateway_pid" || break
  [ "$(wc -l <"$work/lines")" -eq "$messages" ] || { kill "$gateway_pid"; wait "$gateway_pid"; }
done
passed=$(grep -c '^ok ' "$work/lines") failed=$(grep -c '^NOT OK ' "$work/lines")

check "all $messages were sent" "$((passed + failed)) were" test $((passed + failed)) -eq "$messages"
check "the gateway lives" "$(tail -n 5 "$work/gateway.log")" kill -0 "$gateway_pid"
no_call() { [ "$(tandem calls --json | jq '.calls | length')" = 0 ]; }
check "no call is left" "$(tandem calls)" until_true 60 no_call
summary
