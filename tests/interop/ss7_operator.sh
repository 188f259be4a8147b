#!/usr/bin/env bash
# What operators see and do of a gateway with an ISUP trunk, against libss7, ITU and ANSI: links and circuits are listed,
# links taken out of use and put back, circuits blocked, unblocked and reset by CIC and by timeslot, queried and checked,
# metrics fetched. A line for each check, then "N passed, 0 failed".
#   ss7_operator.sh [itu|ansi]   only this
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
. "$here/lib_ss7.sh"
metrics_port=19465

declare -A circuits_of=([itu]='{ span = "e1-1", timeslots = "1-15,17-30", first_cic = 1 }'
  [ansi]='{ span = "e1-1", timeslots = "1-11", first_cic = 1 }, { span = "e1-1", timeslots = "12-22", first_cic = 101 }')
declare -A links_of=([itu]='{ span = "e1-1", timeslot = 16, slc = 0 }, { span = "e1-1", timeslot = 31, slc = 1 }'
  [ansi]='{ span = "e1-1", timeslot = 24, slc = 0 }, { span = "e1-1", timeslot = 23, slc = 1 }')
# As `tandem` shows them: a link, a circuit, the timeslot of a link, the trunk; a CIC of the far end to be blocked.
declare -A link_row=([itu]='0-25-0 +0 +e1-1:16' [ansi]='1-1-2 +0 +e1-1:24') circuit_row=([itu]='e1-1:17 +17' [ansi]='e1-1:12 +101')
declare -A link_slot=([itu]=e1-1:31 [ansi]=e1-1:23) trunk_row=([itu]='itu +0-12-4 to 0-25-0' [ansi]='ansi +1-1-1 to 1-1-2')
declare -A far_cic=([itu]=12 [ansi]=102) circuits=([itu]=29 [ansi]=22)

write_config() {
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
links = [${links_of[$ss7_variant]}]
circuits = [${circuits_of[$ss7_variant]}]
[[peer]]
name = "sipp"
address = "sip:127.0.0.1:15170;transport=udp"
[[route]]
to = ["telco"]
END
}

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
  local links rows status
  links=$(tandem links) rows=$(tandem circuits) status=$(tandem status)
  grep -qE "^telco +${link_row[$ss7_variant]} +carrying +in service" <<<"$links" || echo "links: $links"
  grep -qE '^trunk +circuit +cic +state' <<<"$rows" || echo "circuits have no CIC: $(head -n 1 <<<"$rows")"
  grep -qE "^telco +${circuit_row[$ss7_variant]} +idle" <<<"$rows" || echo "circuits: $rows"
  grep -qE "^telco +${link_slot[$ss7_variant]} +- +link" <<<"$rows" || echo "no timeslot of a link: $rows"
  grep -qE "^telco +isup +${trunk_row[$ss7_variant]} +up" <<<"$status" || echo "status: $status"
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
  tell exchange block "${far_cic[$ss7_variant]}" >/dev/null
  expect_blocked "${far_cic[$ss7_variant]}" remote
  tell exchange unblock "${far_cic[$ss7_variant]}" >/dev/null
  expect_blocked "${far_cic[$ss7_variant]}" ""
}
resetting() {
  mark_logs exchange
  tandem reset telco 3 >/dev/null || echo "refused"
  hears exchange "^cic 3 reset by the far end"
  tandem reset telco 1-11 >/dev/null || echo "refused"
  hears exchange "^cic 1-11 group reset by the far end"
  all_idle exchange
}
# Q.764 2.8.3: both ends say what they think of a circuit.
queried() {
  local said
  mark_logs exchange
  said=$(tandem query telco 2-4 --json | jq -c '[.circuits[] | [.cic, .result, .here, .there]]')
  [ "$said" = '[[2,"same","idle","idle"],[3,"same","idle","idle"],[4,"same","idle","idle"]]' ] || echo "2-4: $said"
  hears exchange "^cic 2-4 queried by the far end"
  tandem block telco 5 >/dev/null
  expect_blocked 5 local
  said=$(tandem query telco 5 --json | jq -r '.circuits[0] | .here + "; " + .there')
  [ "$said" = "idle, blocked by itself; idle, blocked by the other" ] || echo "blocked: $said"
  tandem unblock telco 5 >/dev/null
  expect_blocked 5 ""
  said=$(tandem query telco 2)
  grep -qE '^e1-1:2 +2 +same|^2 +e1-1:2 +same' <<<"$said" || echo "text: $said"
}
# Q.764 2.1.8: CCR; the far end loops, the tone comes back.
checked() {
  local said
  mark_logs exchange
  said=$(tandem check telco 6 --json | jq -r '.circuits[0].result')
  [ "$said" = passed ] || echo "the check says '$said'"
  hears exchange "^loop on slot"
  hears exchange "^loop off slot"
  all_idle exchange
}
all_circuits_idle() { [ "$(tandem status --json | jq '.trunks[0].idle')" = "${circuits[$ss7_variant]}" ]; }
metrics() {
  local page
  until_true 60 all_circuits_idle || echo "not idle: $(tandem circuits | grep -v ' idle  *- ')"
  page=$(exec 5<>"/dev/tcp/127.0.0.1/$metrics_port" && printf 'GET /metrics HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\n\r\n' >&5 && cat <&5)
  for line in 'tandem_link_state{linkset="telco",slc="0",state="carrying"} 1' 'tandem_trunk_up{trunk="telco",signalling="isup"} 1' \
    'tandem_circuits{trunk="telco",state="idle"}'" ${circuits[$ss7_variant]}"; do
    grep -qF "$line" <<<"$page" || echo "no $line"
  done
  grep -qE '^tandem_link_msus_total\{linkset="telco",slc="1",what="sent"\} [1-9]' <<<"$page" || echo "no MSUs of link 1"
  ! grep -q 'tandem_d_channel_up{trunk="telco"}' <<<"$page" || echo "an ISUP trunk has a D channel"
}

for ss7_variant in ${@:-itu ansi}; do
  label=$ss7_variant
  write_config
  start_ss7 exchange far master
  start_gateway "$work/gateway.log"
  in_turn "$label: links come up" all_up
  in_turn "$label: circuits are reset" aligned exchange
  in_turn "$label: links, circuits and status are listed" tables
  in_turn "$label: a link is deactivated and activated" deactivated
  in_turn "$label: a link is inhibited and uninhibited" inhibited
  in_turn "$label: what is not there is refused" refused
  in_turn "$label: circuits are blocked by CIC and by timeslot" blocking
  in_turn "$label: the far end blocks" far_blocking
  in_turn "$label: circuits are queried" queried
  in_turn "$label: a circuit is checked for continuity" checked
  in_turn "$label: circuits are reset" resetting
  in_turn "$label: metrics tell of links and of the trunk" metrics
  stop_all
  pids=()
done
summary
