#!/usr/bin/env bash
# A running gateway takes over changed files while SIPp calls through it: no call is lost, a file with an error changes
# nothing, a trunk that must be drained waits for its calls. Then the metrics are fetched. A line for each check, then
# "N passed, 0 failed".
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"

config=$work/gateway.toml
metrics_port=19464
reloads=24

# load CALLS MILLISECONDS OPTION...: calls to the echo from the peer "sipp", ten a second.
load() {
  local calls=$1 hold=$2; shift 2
  sipp "127.0.0.1:$sip_port" -sn uac -s 1000 -i 127.0.0.1 -p 15170 -mp 21000 -r 10 -m "$calls" -d "$hold" -nostdin \
    -timeout 120s -timeout_error -trace_err -error_file "$work/sipp.err" "$@" >"$work/sipp.out" 2>&1 </dev/null
}
# metrics: the page as Prometheus gets it.
metrics() {
  exec 5<>"/dev/tcp/127.0.0.1/$metrics_port" || return 1
  printf 'GET /metrics HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\n\r\n' >&5
  cat <&5
  exec 5>&-
}
in_calls() { [ "$(tandem calls --json | jq '.calls | length')" -ge "$1" ]; }
nothing_pending() { [ "$(tandem status --json | jq '.pending | length')" = 0 ]; }

write_config "$config"
sed -i "s/^\[gateway\]$/[gateway]\nmetrics = { listen = \"127.0.0.1:$metrics_port\" }\naudit_interval_s = 1/" "$config"
cp "$config" "$work/first.toml"
# What a reload may change at once: a peer, a route, a trunk's tables, the log.
sed -e 's/^name = "sipp"$/name = "sipp"\nptime_ms = 30/' -e 's/match = "^2000\$"/match = "^200[0-9]$"/' \
  -e 's/^hunt = "ascending"$/hunt = "ascending"\ncause_to_status = { 1 = 480 }/' \
  -e 's/^name = "interop"$/name = "interop"\nlog_level = "debug"/' "$work/first.toml" >"$work/second.toml"
start_exchange
start_gateway "$work/gateway.log"
wait_line "$work/exchange.log" "d-channel up" 60 || { cat "$work/exchange.log"; exit 1; }

load 150 800 & sipp_pid=$!
until_true 60 in_calls 5
good=0 listed=0
for ((i = 0; i < reloads; ++i)); do
  cp "$work/$([ $((i % 2)) = 0 ] && echo second || echo first).toml" "$config"
  lines=$(tandem reload 2>&1) && good=$((good + 1))
  [[ $lines == *"trunk telco: cause_to_status changed"*"peer sipp: ptime_ms changed"*"route 1: match changed"* ]] &&
    listed=$((listed + 1))
done
check "$reloads reloads under load are taken over" "$good of them; the last: $lines" [ "$good" = "$reloads" ]
check "each lists what changed" "$listed of them; the last: $lines" [ "$listed" = "$reloads" ]

sed 's/^hunt = .*/hunt = "sideways"/' "$work/first.toml" >"$config"
problem=$(tandem reload 2>&1) && problem="taken over: $problem"
line=$(grep -n sideways "$config" | cut -d: -f1)
check "a file with an error is refused by line and column" "$problem" \
  [ "${problem%%: hunt*}" = "$config:$line:8" ]
cp "$work/first.toml" "$config"
check "and has changed nothing" "$(tandem reload 2>&1)" [ "$(tandem reload 2>&1)" = "nothing has changed" ]

sed 's/match = "^2000\$"/match = "^20000$"/' "$work/first.toml" >"$config"
kill -HUP "$gateway_pid"
check "SIGHUP does the same" "$(tail -n 3 "$work/gateway.log")" \
  wait_line "$work/gateway.log" "reload: route 1: match changed" 60
wait "$sipp_pid"
sipp_status=$?
check "no call is lost" "sipp says $sipp_status: $(tail -qn 3 "$work/sipp.err" 2>/dev/null)" [ $sipp_status = 0 ]
all_recorded() { [ "$(cdr 'count(*)' "q850_cause = 16 and state = 'ended'")" = 150 ]; }
check "every call is recorded as answered and cleared" "$(cdr 'q850_cause, count(*)' 'true group by 1')" \
  until_true 60 all_recorded
check "nothing is left of them" "$(tandem calls; tandem circuits)" idle

load 1 4000 & sipp_pid=$!
until_true 60 in_calls 1
sed 's/^hunt = .*/hunt = "descending"/' "$work/first.toml" >"$config"
lines=$(tandem reload 2>&1)
check "what needs a drained trunk waits" "$lines" test "${lines#*trunk telco: hunt changed: waits until drained}" != "$lines"
status=$(tandem status)
check "and status says so" "$status" test "${status#*pending*trunk telco: hunt changed: waits until drained}" != "$status"
wait "$sipp_pid"
sipp_status=$?
check "the call in progress ends as it likes" "sipp says $sipp_status" [ $sipp_status = 0 ]
check "then the change is made" "$(tandem status)" until_true 60 nothing_pending
d_channel_up() { [ "$(tandem status --json | jq -r '.trunks[0].d_channel')" = up ]; }
check "the D channel comes up again" "$(tandem status)" until_true 60 d_channel_up
check "and calls go through" "$(tail -qn 3 "$work/sipp.err" 2>/dev/null)" load 1 500
check "on the other end of the span" "$(cdr circuit | tail -n 1)" [ "$(cdr circuit | tail -n 1)" = "e1-1:31" ]

ended='tandem_attempts_ended_total{party="telco",kind="trunk",direction="out",cause="16",sip_status="200"} 152'
all_counted() { page=$(metrics); grep -qF "$ended" <<<"$page"; }
check "metrics tell causes and statuses" "$(metrics | grep attempts_ended)" until_true 60 all_counted
page=$(metrics)
value() { sed -n "s/^$1 //p" <<<"$page" | tr -d '\r'; }
check "metrics count the attempts" "$(value tandem_call_attempts_total)" [ "$(value tandem_call_attempts_total)" = 152 ]
check "audits went on" "$(grep audit <<<"$page")" grep -q '^tandem_audit_repairs_total{' <<<"$page"
check "and repaired nothing" "$(grep audit <<<"$page")" \
  test "$(tr -d '\r' <<<"$page" | grep '^tandem_audit_repairs_total{' | grep -cv ' 0$')" = 0
summary
