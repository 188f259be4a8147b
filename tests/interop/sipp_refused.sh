# Sourced by sipp.sh: requests that the gateway answers itself.

# headers CSEQ [LEAVE_OUT]: what any request has, less one header.
headers() {
  grep -v "^${2:--}:" <<EOF
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch];rport
From: <sip:$from@[local_ip]:[local_port]>;tag=[pid]t[call_number]
To: <sip:1000@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: $1
Contact: <sip:$from@[local_ip]:[local_port]>
Max-Forwards: 70
EOF
}
# request STATUS PHRASE REQUEST [-- OPTION...]: the request must get the status, in a line that has the phrase.
request() {
  local status=$1 phrase=$2 text=$3
  shift 3
  sipp_case one_request STATUS="$status" PHRASE="$phrase" REQUEST="$text" "$@"
}
# plain STATUS PHRASE METHOD [LEAVE_OUT] [EXTRA]: a request without a body.
plain() { request "$1" "$2" "$3 sip:1000@[remote_ip]:[remote_port] SIP/2.0
$(headers "7 $3" "${4:-}")${5:+
$5}
Content-Length: 0
"; }
# unmatched PHRASE COMMAND...: SIPp cannot match a response without the headers that were missing; what it logs decides.
unmatched() {
  local phrase=$1; shift
  "$@" >/dev/null
  grep -q "^SIP/2.0 400 $phrase" "$work/$case.one_request.xml.msg" || echo "no 400 $phrase"
}
# in_dialog METHOD: a request of a call that is none.
in_dialog() { request 481 "" "$1 sip:1000@[remote_ip]:[remote_port] SIP/2.0
$(headers "7 $1" To)
To: <sip:1000@[remote_ip]:[remote_port]>;tag=none
Content-Length: 0
"; }
bad_number() { request 404 "" "INVITE sip:letters@[remote_ip]:[remote_port] SIP/2.0
$(headers "1 INVITE")
Content-Length: 0
"; }
bad_version() { request 505 "" "OPTIONS sip:1000@[remote_ip]:[remote_port] SIP/3.0
$(headers "1 OPTIONS")
Content-Length: 0
"; }
bad_uri() { request 400 "Request-URI|Request-Line" "OPTIONS sip:1000@[remote_ip]:nothing SIP/2.0
$(headers "1 OPTIONS")
Content-Length: 0
"; }
bad_cseq() { request 400 CSeq "OPTIONS sip:1000@[remote_ip]:[remote_port] SIP/2.0
$(headers "seven OPTIONS")
Content-Length: 0
"; }
bad_length() { request 400 Content-Length "OPTIONS sip:1000@[remote_ip]:[remote_port] SIP/2.0
$(headers "1 OPTIONS")
Content-Length: 5000
"; }
refused() {  # STATUS KEY=VALUE... [-- OPTION...]
  local status=$1; shift
  sipp_case uac_refused STATUS="$status" "$@" -s 1000
  same "SETUPs" "$(grep -c "setup from $from " "$work/exchange.log")" 0
}
# The SDP in a multipart, with a part beside it that must be understood, or need not.
multipart() {  # STATUS DISPOSITION
  request "$1" "" "INVITE sip:letters@[remote_ip]:[remote_port] SIP/2.0
$(headers "1 INVITE")
Content-Type: multipart/mixed;boundary=edge
Content-Length: [len]

--edge
Content-Type: text/html
Content-Disposition: $2

<p>
--edge
Content-Type: application/sdp

v=0
o=sipp 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [local_ip]
t=0 0
m=audio 20000 RTP/AVP 8

--edge--
"; }
long_uri() { request 414 "" "OPTIONS sip:$(printf '1%.0s' {1..2100})@[remote_ip]:[remote_port] SIP/2.0
$(headers "1 OPTIONS")
Content-Length: 0
"; }
with_scheme() { request 416 "" "OPTIONS $1 SIP/2.0
$(headers "1 OPTIONS")
Content-Length: 0
"; }
no_hops() { request "$2" "" "$1 sip:letters@[remote_ip]:[remote_port] SIP/2.0
$(headers "1 $1" Max-Forwards)
Max-Forwards: 0
Content-Length: 0
"; }
# No bytes disturb: random ones, then an answer as before.
noise() {
  local i
  for i in $(seq 50); do head -c $((i * 20)) /dev/urandom >"/dev/udp/127.0.0.1/$sip_port"; done
  printf '\r\n\r\n' >"/dev/udp/127.0.0.1/$sip_port"
  plain 200 "" OPTIONS
}

refusals() {
  begin "OPTIONS: 200" plain 200 "" OPTIONS
  begin "random bytes, then OPTIONS: 200" noise
  begin "no CSeq: 400 with the reason" unmatched "Missing CSeq" plain 400 "" OPTIONS CSeq
  begin "no From: 400 with the reason" plain 400 "Missing From" OPTIONS From
  begin "no To: 400 with the reason" unmatched "Missing To" plain 400 "" OPTIONS To
  begin "CSeq without a number: 400 with the reason" unmatched "Bad CSeq" bad_cseq
  begin "Request-URI with a bad port: 400 with the reason" bad_uri
  begin "Content-Length beyond the datagram: 400 with the reason" bad_length
  begin "SIP/3.0: 505" bad_version
  begin "unknown method: 501" plain 501 "" FROBNICATE
  begin "method that is not served: 405" plain 405 "" SUBSCRIBE
  begin "Require of an unknown extension: 420" refused 420 HEADER="Require: time-travel" --
  begin "Accept without SDP: 406" refused 406 HEADER="Accept: text/plain" --
  begin "packed body: 415" refused 415 HEADER="Content-Encoding: gzip" --
  begin "multipart with a part that must be understood: 415" multipart 415 "render"
  begin "multipart with a part that need not be understood: taken up, 404" multipart 404 "render;handling=optional"
  begin "Request-URI of 2100 digits: 414" long_uri
  begin "Request-URI of another scheme: 416" with_scheme "mailto:nobody@example.com"
  begin "Request-URI that asks for TLS: 416" with_scheme "sips:1000@[remote_ip]:[remote_port]"
  begin "INVITE without hops: 483" no_hops INVITE 483
  begin "OPTIONS without hops: 200" no_hops OPTIONS 200
  begin "no codec in common: 488" refused 488 PT=18 CODEC=G729 --
  begin "letters as number: 404" bad_number
  begin "BYE of no call: 481" in_dialog BYE
  begin "CANCEL of no INVITE: 481" plain 481 "" CANCEL
  begin "INVITE from a stranger: 403" refused 403 -- -i 127.0.0.9
}
