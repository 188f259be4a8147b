#!/usr/bin/env bash
# tshark judges all that leaves the gateway: calls by UDP, by TCP and from the PSTN, with speech and digits, taken by
# `tandem trace --pcap`, which needs no privilege to capture. Prints a line for each check, then "N passed, 0 failed".
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
. "$here/sipp_lib.sh"

make_speech "$work/speech.wav" "One two three."
sox -V1 "$work/speech.wav" -t al "$work/speech.al"
start_pair

# 1000 echoes, so the digits that SIP sends come back in band and leave as events. Each call lasts so that RTCP goes.
begin "a call by UDP, with digits" calls_to 1000 uac_dtmf SPEAK=6500
begin "a call by TCP" calls_to 1001 uac_answered SPEAK=2500 -- -t t1
begin "a busy number" calls_to 1002 uac_rejected STATUS=486 CAUSE=17
begin "a call from the PSTN" sipp_case uas_clears -- -p $((pbx_port + 2))
exchange "dial 2102 from 5559999" >/dev/null
settle
check "idle" "$(tandem calls)" idle

pcap=$work/all.pcapng
tandem trace --pcap "$pcap" >/dev/null
judge() {
  tshark -r "$pcap" -d udp.port==41001,pwcesopsn -d tcp.port==$sip_port,sip -o ip.check_checksum:TRUE \
    -o udp.check_checksum:TRUE -o tcp.check_checksum:TRUE "$@" 2>"$work/tshark.err"
}
# seen NAME FILTER [AT_LEAST]: frames that the filter passes.
seen() {
  local count
  count=$(judge -Y "$2" | wc -l)
  check "$1 ($count)" "only $count frames pass '$2'" test "$count" -ge "${3:-1}"
}
# none NAME FILTER: no frame passes.
none() {
  judge -Y "$2" >"$work/frames"
  check "$1" "$(wc -l <"$work/frames") frames, as $(head -n 2 "$work/frames" | tr '\n' ';')" test ! -s "$work/frames"
}

from_us="udp.srcport == $sip_port || tcp.srcport == $sip_port"
rtp_from_us="udp.srcport >= 32000 && udp.srcport < 33000"

seen "SIP by UDP" "sip && udp" 15
seen "SIP by TCP" "sip && tcp" 6
seen "SDP" "sdp" 6
seen "Q.931 over LAPD" "lapd && q931" 20
seen "RTP" "rtp && $rtp_from_us" 400
seen "RFC 4733 events from the gateway" "rtpevent && $rtp_from_us" 15
seen "RTCP from the gateway, SR with SDES" "rtcp.pt == 200 && rtcp.pt == 202 && $rtp_from_us"
seen "RTCP BYE from the gateway" "rtcp.pt == 203 && $rtp_from_us"
seen "CESoPSN" "pwcesopsn" 500

none "every frame is decoded to its end" "!(sip || lapd || rtp || rtcp || pwcesopsn)"
none "nothing is malformed" "_ws.malformed"
none "checksums are right" "ip.checksum.status == 0 || udp.checksum.status == 0 || tcp.checksum.status == 0"
# Wireshark's remarks, less those that say nothing against a message.
judge -T fields -e frame.number -e _ws.expert.message |
  awk -F '\t' '$2 != ""' >"$work/remarks"
check "Wireshark remarks on nothing" "$(head -n 3 "$work/remarks" | tr '\n' ';')" test ! -s "$work/remarks"

none "SIP from the gateway has its mandatory headers" \
  "sip && ($from_us) && !(sip.Via && sip.From && sip.To && sip.Call-ID && sip.CSeq && sip.Content-Length)"
none "its INVITE and 200 to INVITE have Contact and Allow" \
  "($from_us) && (sip.Method == INVITE || (sip.Status-Code == 200 && sip.CSeq.method == INVITE)) && !(sip.Contact && sip.Allow)"
seen "486 with the cause in Reason" "($from_us) && sip.Status-Code == 486 && sip.reason_cause_q850 == 17"

# Q.931 3.1.14, as sent: bearer, channel and both numbers.
setup=$(judge -Y "q931.message_type == 0x05 && q931.called_party_number.digits == \"1000\"" -T fields -E separator=' ' \
  -e q931.information_transfer_capability -e q931.uil1 -e q931.channel.number -e q931.calling_party_number.digits)
check "SETUP: 3.1 kHz audio or speech, A-law, channel, number" "it is '$setup'" \
  eval '[[ "$setup" =~ ^0x(00|10)\ 0x03\ [0-9]+\ 555[0-9]+$ ]]'
none "each DISCONNECT says why" "q931.message_type == 0x45 && !q931.cause_value"
seen "DISCONNECT with cause 31 from SIP's Reason" "q931.message_type == 0x45 && q931.cause_value == 31"

# RTP: sequence without gaps; timestamps go on by 160 a packet; an event keeps its timestamp, its duration grows, and its
# end comes three times (RFC 4733 2.5.1).
judge -Y "rtp && $rtp_from_us" -T fields -E separator=' ' -e rtp.ssrc -e rtp.seq -e rtp.timestamp -e rtp.marker \
  -e rtp.p_type -e rtpevent.event_id -e rtpevent.duration -e rtpevent.end_of_event >"$work/rtp"
cat >"$work/rtp.awk" <<'EOF'
function bad(what) { print "packet " $2 " of " $1 ": " what }
{ event = $5 == 101 }
$1 in seq && $2 != (seq[$1] + 1) % 65536 { bad("sequence after " seq[$1]) }
!($1 in seq) && !$4 { bad("no marker on the first") }
{ since = $1 in audio ? ($3 - audio[$1] + 4294967296) % 4294967296 : 160 }
!event && (since % 160 || (last[$1] == 8 && since != 160)) { bad("timestamp " $3 " after " audio[$1]) }
event && start[$1] != $3 { if (!$4) bad("no marker on an event"); start[$1] = $3; length_[$1] = 0; ends = 0; events++ }
event && ($7 < length_[$1] || (ends && $7 != length_[$1])) { bad("duration " $7 " after " length_[$1]) }
event { length_[$1] = $7; ends += $8; if ($8 && ends == 3) ended++ }
!event { audio[$1] = $3 }
{ seq[$1] = $2; last[$1] = $5 }
END { if (events != 5 || ended != 5) print events + 0 " events, " ended + 0 " with three ends" }
EOF
awk -f "$work/rtp.awk" "$work/rtp" >"$work/rtp.bad"
check "RTP and its five events are in order" "$(head -n 3 "$work/rtp.bad" | tr '\n' ';')" test ! -s "$work/rtp.bad"

tandem trace "$(cdr call "calling = '5550001'")" >"$work/ladder"
for word in INVITE SETUP ANM "digit . from RTP" "DISCONNECT|RELEASE" BYE; do
  check "the ladder shows $word" "$(cat "$work/ladder")" grep -qE "$word" "$work/ladder"
done
summary
