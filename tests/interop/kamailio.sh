#!/usr/bin/env bash
# Kamailio as a record-routing stateful proxy between SIPp or baresip and the gateway, by UDP, by TCP and from one to the
# other; forks; a strict router. The PSTN is the test exchange. A line for each case, then "N passed, 0 failed".
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
. "$here/sipp_lib.sh"
. "$here/sipp_pstn.sh"  # rings, dial, comes, released

proxy_port=16060
modules=$(dirname "$(find /usr/lib -path '*kamailio/modules/tm.so' | head -n 1)")

# What the digits of a number tell the proxy:
#   1NNN    the gateway by UDP            71NNN   the gateway by TCP
#   2P0NN   port 153NN by UDP             2P1NN   port 153NN by TCP      (P: how the gateway reaches the proxy)
#   2P2NN   forked to ports 153NN and 153NN + 1
#   31NNNMM forked to number 1NNN of the gateway and to port 153MM
proxy_config() {
  cat <<EOF
debug=1
log_stderror=yes
fork=yes
children=2
tcp_children=2
auto_aliases=no
listen=udp:127.0.0.1:$proxy_port
listen=tcp:127.0.0.1:$proxy_port
mpath="$modules"
loadmodule "pv.so"
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "maxfwd.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "xlog.so"
loadmodule "corex.so"
modparam("rr", "enable_double_rr", 1)
modparam("tm", "fr_inv_timer", 60000)

request_route {
  if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }
  if (is_method("CANCEL")) { if (t_check_trans()) t_relay(); exit; }
  if (has_totag()) {
    if (loose_route()) { t_relay(); exit; }
    if (is_method("ACK")) { if (t_check_trans()) t_relay(); exit; }
    sl_send_reply("404", "Not Here");
    exit;
  }
  if (!t_newtran()) exit;
  record_route();
  if (\$rU =~ "^1[0-9]{3}\$") {
    rewritehostport("127.0.0.1:$sip_port");
    \$du = "sip:127.0.0.1:$sip_port;transport=udp";
  } else if (\$rU =~ "^71[0-9]{3}\$") {
    strip(1);
    rewritehostport("127.0.0.1:$sip_port");
    \$du = "sip:127.0.0.1:$sip_port;transport=tcp";
  } else if (\$rU =~ "^2[0-9][01][0-9]{2}\$") {
    \$var(to) = "127.0.0.1:153" + \$(rU{s.substr,3,2});
    if (\$rU =~ "^2[0-9]1") \$du = "sip:" + \$var(to) + ";transport=tcp";
    else \$du = "sip:" + \$var(to) + ";transport=udp";
  } else if (\$rU =~ "^2[0-9]2[0-9]{2}\$") {
    \$var(next) = 15301 + \$(rU{s.substr,3,2}{s.int});
    \$ru = "sip:" + \$rU + "@127.0.0.1:153" + \$(rU{s.substr,3,2});
    \$var(other) = "sip:" + \$rU + "@127.0.0.1:" + \$var(next);
    append_branch("\$var(other)");
  } else if (\$rU =~ "^31[0-9]{5}\$") {
    \$var(other) = "sip:" + \$rU + "@127.0.0.1:153" + \$(rU{s.substr,5,2});
    \$ru = "sip:" + \$(rU{s.substr,1,4}) + "@127.0.0.1:$sip_port";
    append_branch("\$var(other)");
  } else {
    t_reply("404", "Not Found");
    exit;
  }
  t_relay();
}
EOF
}

# The gateway reaches the proxy by UDP for 20NNN and 22NNN, by TCP for 21NNN.
gateway_config() {
  write_config "$work/plain.toml"
  head -n -3 "$work/plain.toml"  # less the route of all numbers, which must be the last
  local transport
  for transport in udp tcp; do
    cat <<EOF
[[peer]]
name = "proxy-$transport"
address = "sip:127.0.0.1:$proxy_port;transport=$transport"
[[route]]
from = "telco"
match = "^2$([ $transport = udp ] && echo '[02]' || echo 1)[0-9]{3}$"
to = ["proxy-$transport"]
EOF
  done
  tail -n 3 "$work/plain.toml"
}
# shellcheck disable=SC2119
start_all() {
  gateway_config >"$work/gateway.toml"
  proxy_config >"$work/kamailio.cfg"
  background "$work/kamailio.log" kamailio -f "$work/kamailio.cfg" -DD -E -m 64 -M 8 -w "$work" -Y "$work"
  until_true 60 accepts $proxy_port || { cat "$work/kamailio.log"; exit 1; }
  start_exchange
  start_gateway "$work/gateway.log"
  wait_line "$work/exchange.log" "d-channel up" 60 || { cat "$work/exchange.log"; exit 1; }
}
accepts() { (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# --- calls from SIP --------------------------------------------------------------------------------------------

# by_proxy NUMBER SCENARIO [KEY=VALUE...] [-- OPTION...]: SIPp calls by the proxy.
by_proxy() {
  local gateway_port=$sip_port
  sip_port=$proxy_port
  calls_to "$@"
  sip_port=$gateway_port
}
caller_clears() { by_proxy "$@"; record_is "16 200 incoming telco PCMA"; }
pstn_clears() { by_proxy "$1" proxy_uac_cleared "${@:2}"; record_is "16 200 outgoing telco PCMA"; }
caller_cancels() {
  by_proxy "$@"
  record_is "16 487 incoming telco *"
}
refused() {
  by_proxy 1002 uac_rejected STATUS=486 CAUSE=17
  record_is "17 486 outgoing telco *"
}
# The headers make it larger than a datagram should be; the proxy takes it by TCP and hands it on by TCP.
large() {
  by_proxy 71001 proxy_uac HEADER="X-Large: $(printf 'x%.0s' {1..1800})" -- -t t1
  record_is "16 200 incoming telco PCMA"
}

# --- calls from the PSTN ---------------------------------------------------------------------------------------

# answers NN SCENARIO [OPTION...]: SIPp takes a call at port 153NN.
answers() { local port=153$1 scenario=$2; shift 2; sipp_case "$scenario" -- -p "$port" "$@"; }
# listening NN: until SIPp does at port 153NN, as the proxy asks for a connection only once.
listening() {
  local port; port=$(printf ':%04X 0' "153$1")
  until_true 60 grep -q "$port" /proc/net/udp /proc/net/tcp || echo "nobody at port 153$1"
}
pstn_calls() {  # NUMBER [OPTION...]
  local number=$1; shift
  answers "${number:3}" proxy_uas "$@" &
  pbx=$!
  listening "${number:3}"
  dial "$number" || return
  comes answered
  wait_line "$work/$case.proxy_uas.xml.msg" "^CSeq: 11 ACK" 60 || echo "the callee's re-INVITE is not answered"
  exchange "hangup $call 16" >/dev/null
  released 16
  wait "$pbx"
  record_is "16 200 incoming telco PCMA"
}
callee_clears() {
  local number=$1; shift
  answers "${number:3}" proxy_uas_clears "$@" &
  pbx=$!
  listening "${number:3}"
  dial "$number" || return
  comes answered
  released 16
  wait "$pbx"
  record_is "16 200 outgoing telco PCMA"
}
pstn_gives_up() {
  answers "${1:3}" uas_cancelled &
  pbx=$!
  listening "${1:3}"
  dial "$1" || return
  comes ringing
  exchange "hangup $call 16" >/dev/null
  released 16
  wait "$pbx"
  record_is "16 *incoming telco *"  # the 487 may come after the PSTN has ended the call
}

# --- forks -----------------------------------------------------------------------------------------------------

# Two early dialogs of one INVITE of the gateway: early media in one, the answer in the other.
forked_for_the_pstn() {
  answers 40 fork_loses & local loser=$!
  case=${case}9 answers 41 fork_wins & local winner=$!
  listening 40; listening 41
  dial 22240 || return
  comes answered
  wait "$loser"
  exchange "hangup $call 16" >/dev/null
  released 16
  wait "$winner"
  record_is "16 200 incoming telco PCMA"
}
# The gateway is one branch: it rings until the other answers, or answers itself.
gateway_loses() {
  case=${case}9 answers 50 fork_wins & local winner=$!
  listening 50
  by_proxy 3100350 proxy_uac_plain
  wait "$winner"
  record_is "16 487 incoming telco *"
}
gateway_wins() {
  case=${case}9 answers 51 fork_loses & local loser=$!
  listening 51
  by_proxy 3100151 proxy_uac
  wait "$loser"
  record_is "16 200 incoming telco PCMA"
}

strict_router() {
  calls_to 1007 strict_router
  record_is "16 200 outgoing telco PCMA"
}

# --- a phone ---------------------------------------------------------------------------------------------------

phone() {
  make_speech "$work/speech.wav" "This call goes through a proxy, and its echo comes back."
  phone_config "$work/phone" "$work/speech.wav" 15170
  phone_dials "$work/phone" "sip:1000@127.0.0.1:$proxy_port" "$work/phone.log"
  wait_line "$work/exchange.log" "from 2000 to 1000" 60 || { echo "no SETUP of the phone"; return; }
  wait_line "$work/exchange.log" "^call $(sed -nE 's/^call ([0-9]+) setup from 2000 to 1000.*/\1/p' "$work/exchange.log") released cause 16" 40 ||
    echo "the phone does not hang up"
  kill "$last_pid"
  phone_heard "$work/phone" "$work/echo.wav" || { echo "no recording"; return; }
  local text
  text=$("$bin/audio-verdict" "$work/speech.wav" "$work/echo.wav" 2>&1) || echo "audio: $text"
}

start_all

begin "SIP calls: udp, proxy, udp" caller_clears 1001 proxy_uac
begin "SIP calls: tcp, proxy, tcp" caller_clears 71001 proxy_uac -- -t t1
begin "SIP calls: udp, proxy, tcp" caller_clears 71001 proxy_uac
begin "SIP calls: tcp, proxy, udp" caller_clears 1001 proxy_uac -- -t t1
begin "SIP calls, the PSTN clears: udp, proxy, udp" pstn_clears 1007
begin "SIP calls, the PSTN clears: tcp, proxy, tcp" pstn_clears 71007 -- -t t1
begin "SIP calls, the PSTN clears: udp, proxy, tcp" pstn_clears 71007
begin "SIP calls, the PSTN clears: tcp, proxy, udp" pstn_clears 1007 -- -t t1
begin "SIP calls and cancels: udp, proxy, udp" caller_cancels 1003 uac_cancel
begin "SIP calls and cancels: tcp, proxy, udp" caller_cancels 1003 uac_cancel -- -t t1
begin "SIP calls a busy number" refused
begin "a large INVITE by TCP" large
settle
check "idle after the calls from SIP" "$(tandem calls; tandem circuits)" idle

begin "the PSTN calls, re-INVITE of the callee: udp, proxy, udp" pstn_calls 20011
begin "the PSTN calls, re-INVITE of the callee: tcp, proxy, tcp" pstn_calls 21112 -t t1
begin "the PSTN calls, re-INVITE of the callee: udp, proxy, tcp" pstn_calls 20113 -t t1
begin "the PSTN calls, re-INVITE of the callee: tcp, proxy, udp" pstn_calls 21014
begin "the PSTN calls, SIP clears: udp, proxy, udp" callee_clears 20021
begin "the PSTN calls, SIP clears: tcp, proxy, tcp" callee_clears 21122 -t t1
begin "the PSTN calls, SIP clears: udp, proxy, tcp" callee_clears 20123 -t t1
begin "the PSTN calls, SIP clears: tcp, proxy, udp" callee_clears 21024
begin "the PSTN gives up: udp, proxy, udp" pstn_gives_up 20031
begin "the PSTN gives up: tcp, proxy, udp" pstn_gives_up 21032
settle
check "idle after the calls from the PSTN" "$(tandem calls; tandem circuits)" idle

begin "a fork of the gateway's call: two early dialogs" forked_for_the_pstn
begin "the gateway is one branch and is cancelled" gateway_loses
begin "the gateway is one branch and answers" gateway_wins
begin "a strict router" strict_router
settle
in_turn "a phone, with speech" phone
check "idle at the end" "$(tandem calls; tandem circuits)" idle
summary
