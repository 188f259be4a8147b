#pragma once
// An INVITE with SDP of exactly 894 octets, for benches and the proof that parsing allocates nothing.
#include <string_view>

namespace tandem {

inline constexpr std::string_view kSampleInvite =
    "INVITE sip:+493012345678@gw1.example.net:5060;transport=udp SIP/2.0\r\n"
    "Via: SIP/2.0/UDP 198.51.100.17:5060;branch=z9hG4bKnashds8f00d77a1b;rport\r\n"
    "Max-Forwards: 70\r\n"
    "From: \"Alice Example\" <sip:+442079460123@carrier.example.org>;tag=1928301774\r\n"
    "To: <sip:+493012345678@gw1.example.net;user=phone>\r\n"
    "Call-ID: a84b4c76e66710d8f1e2@198.51.100.17\r\n"
    "CSeq: 314159 INVITE\r\n"
    "Contact: <sip:+442079460123@198.51.100.17:5060;transport=udp>\r\n"
    "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE\r\n"
    "Supported: 100rel, timer\r\n"
    "P-Asserted-Identity: <sip:+442079460123@carrier.example.org>\r\n"
    "User-Agent: Example-SBC/7.2.10\r\n"
    "Content-Type: application/sdp\r\n"
    "Content-Length: 243\r\n"
    "\r\n"
    "v=0\r\n"
    "o=- 2890844526 2890844526 IN IP4 198.51.100.17\r\n"
    "s=call\r\n"
    "c=IN IP4 198.51.100.17\r\n"
    "t=0 0\r\n"
    "m=audio 49172 RTP/AVP 8 0 101\r\n"
    "a=rtpmap:8 PCMA/8000\r\n"
    "a=rtpmap:0 PCMU/8000\r\n"
    "a=rtpmap:101 telephone-event/8000\r\n"
    "a=fmtp:101 0-15\r\n"
    "a=ptime:20\r\n"
    "a=sendrecv\r\n";
static_assert(kSampleInvite.size() == 894);

}  // namespace tandem
