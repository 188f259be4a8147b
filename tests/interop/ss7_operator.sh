#!/usr/bin/env bash
# What operators see and do of a gateway with an ISUP trunk, against libss7: links and circuits are listed, links taken
# out of use and put back, circuits blocked, unblocked and reset by CIC and by timeslot, metrics fetched. A line for each
# check, then "N passed, 0 failed".
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
. "$here/lib_ss7.sh"
metrics_port=19465

cat >"$work/gateway.toml" <<END
[gateway]
name = "ss7"
metrics = { listen = "127.0.0.1:$metrics_port" }
sip = { listen = ["udp:127.0.0.1:$sip_port"] }
rtp = { address = "127.0.0.1", ports = "32000-32999" }
cdr = "$work/cdr.sqlite"
control = "$work/control.sock"
[[span]]
name = "e1-1"
type = "E1"
local = "127.0.0.1:$ss7_near_port"
remote = "127.0.0.1:$ss7_far_port"
clock = "recovered"
playout_ms = 40
[[trunk]]
name = "telco"
signalling = "isup"
opc = "${ss7_near_pc[itu]}"
dpc = "${ss7_far_pc[itu]}"
links = [{ span = "e1-1", timeslot = 16, slc = 0 }, { span = "e1-1", timeslot = 31, slc = 1 }]
circuits = [{ span = "e1-1", timeslots = "1-15,17-30", first_cic = 1 }]
[[peer]]
name = "sipp"
address = "sip:127.0.0.1:15170;transport=udp"
[[route]]
to = ["telco"]
END

# link_is SLC FIELD VALUE, of `tandem links`.
link_value() { tandem links --json | jq -r ".links[] | select(.slc == $1) | .$2"; }
link_is() { [ "$(link_value "$1" "$2")" = "$3" ]; }
expect_link() { until_true 60 link_is "$@" || echo "link $1: $2 is '$(link_value "$1" "$2")', not '$3'"; }
blocked_of() { tandem circuits --json | jq -r ".circuits[] | select(.cic == $1) | .blocked"; }
blocked_is() { [ "$(blocked_of "$1")" = "$2" ]; }
expect_blocked() { until_true 60 blocked_is "$@" || echo "CIC $1: blocked is '$(blocked_of "$1")', not '$2'"; }

all_up() {
  expect_link 0 state carrying
  expect_link 1 state carrying
  expect_link 0 level_2 "in service"
  hears exchange "^linkset up"
}
tables() {
  local links circuits status
  links=$(tandem links) circuits=$(tandem circuits) status=$(tandem status)
  grep -qE '^telco +0-25-0 +0 +e1-1:16 +carrying +in service' <<<"$links" || echo "links: $links"
  grep -qE '^trunk +circuit +cic +state' <<<"$circuits" || echo "circuits have no CIC: $(head -n 1 <<<"$circuits")"
  grep -qE '^telco +e1-1:17 +17 +idle' <<<"$circuits" || echo "circuits: $circuits"
  grep -qE '^telco +e1-1:31 +- +link' <<<"$circuits" || echo "no timeslot of a link: $circuits"
  grep -qE '^telco +isup +itu +0-12-4 to 0-25-0 +up' <<<"$status" || echo "status: $status"
  [ "$(link_value 0 msus_sent)" -gt 0 ] || echo "no MSU was sent"
  ! tandem status | grep -q "d channel" || echo "status speaks of D channels"
}
deactivated() {
  mark_logs exchange
  tandem link deactivate telco 0 >/dev/null || echo "refused"
  expect_link 0 state deactivated
  hears exchange "^link 0 down"
  expect_link 1 state carrying
  tandem link activate telco 0 >/dev/null || echo "refused"
  expect_link 0 state carrying
  hears exchange "^link 0 up"
}
inhibited() { # Q.704 10: aligned, yet without traffic
  tandem link inhibit telco 1 >/dev/null || echo "refused"
  expect_link 1 inhibited local
  expect_link 1 level_2 "in service"
  expect_link 1 state available
  tandem link uninhibit telco 1 >/dev/null || echo "refused"
  expect_link 1 inhibited ""
  expect_link 1 state carrying
}
refused() { # what is not there
  local said
  said=$(tandem link activate telco 7 2>&1) && echo "SLC 7 is there"
  [[ $said == *"no link with SLC 7"* ]] || echo "SLC 7: $said"
  said=$(tandem link activate nowhere 0 2>&1) && echo "linkset nowhere is there"
  [[ $said == *"no linkset 'nowhere'"* ]] || echo "nowhere: $said"
  said=$(tandem link sing telco 0 2>&1) && echo "a link sings"
  said=$(tandem block telco 200 2>&1) && echo "CIC 200 is there"
  [[ $said == *CIC* ]] || echo "CIC 200: $said"
}
blocking() {
  mark_logs exchange
  tandem block telco 5 >/dev/null || echo "refused"
  hears exchange "^cic 5 blocked by the far end" || hears exchange "^cic 5-5 group blocked by the far end"
  expect_blocked 5 local
  expect_blocked 6 ""
  tandem block telco e1-1:8-10 >/dev/null || echo "refused by timeslot"
  hears exchange "^cic 8-10 group blocked by the far end"
  expect_blocked 9 local
  tandem unblock telco >/dev/null
  expect_blocked 5 ""
  expect_blocked 9 ""
  all_idle exchange
}
far_blocking() {
  tell exchange block 12 >/dev/null
  expect_blocked 12 remote
  tell exchange unblock 12 >/dev/null
  expect_blocked 12 ""
}
resetting() {
  mark_logs exchange
  tandem reset telco 3 >/dev/null || echo "refused"
  hears exchange "^cic 3 reset by the far end"
  tandem reset telco 1-11 >/dev/null || echo "refused"
  hears exchange "^cic 1-11 group reset by the far end"
  all_idle exchange
}
all_circuits_idle() { [ "$(tandem status --json | jq '.trunks[0].idle')" = 29 ]; }
metrics() {
  local page
  until_true 60 all_circuits_idle || echo "not idle: $(tandem circuits | grep -v ' idle  *- ')"
  page=$(exec 5<>"/dev/tcp/127.0.0.1/$metrics_port" && printf 'GET /metrics HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\n\r\n' >&5 && cat <&5)
  for line in 'tandem_link_state{linkset="telco",slc="0",state="carrying"} 1' 'tandem_trunk_up{trunk="telco",signalling="isup"} 1' \
    'tandem_circuits{trunk="telco",state="idle"} 29'; do
    grep -qF "$line" <<<"$page" || echo "no $line"
  done
  grep -qE '^tandem_link_msus_total\{linkset="telco",slc="1",what="sent"\} [1-9]' <<<"$page" || echo "no MSUs of link 1"
  ! grep -q 'tandem_d_channel_up{trunk="telco"}' <<<"$page" || echo "an ISUP trunk has a D channel"
}

start_ss7 exchange far master
start_gateway "$work/gateway.log"
in_turn "links come up" all_up
in_turn "circuits are reset" aligned exchange
in_turn "links, circuits and status are listed" tables
in_turn "a link is deactivated and activated" deactivated
in_turn "a link is inhibited and uninhibited" inhibited
in_turn "what is not there is refused" refused
in_turn "circuits are blocked by CIC and by timeslot" blocking
in_turn "the far end blocks" far_blocking
in_turn "circuits are reset" resetting
in_turn "metrics tell of links and of the trunk" metrics
summary
