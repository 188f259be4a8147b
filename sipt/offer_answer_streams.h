#pragma once
// What a stream of the peer's description comes to with our capabilities; our own stream as text.
#include "sipt/offer_answer.h"

namespace tandem::sip {

/// `where` of a refused description whose addresses are of the other version of IP.
inline constexpr std::string_view kOtherFamily = "c= protocol";

/// A stream of the peer that this side can serve; the numbers are the peer's. Errc::refused says in `where`
/// what does not fit: see refusal_warning().
Result<AudioSession> take_stream(const Sdp& sdp, const SdpMedia& media, const AudioCapabilities& ours);

/// o=, c= and t=, no stream.
Sdp our_description(const AudioCapabilities& ours);
/// The stream of our offer.
SdpMedia offered_stream(const AudioCapabilities& ours);
/// The stream of our answer to what take_stream() made of the offer.
SdpMedia answered_stream(const AudioSession& session, const AudioCapabilities& ours);
/// RFC 3264 6: refused, formats as offered.
SdpMedia refused_stream(const SdpMedia& offered);

/// make_answer() and accept_answer() on descriptions that have been read.
struct DescribedAnswer {
  Sdp sdp;
  AudioSession session;
};
Result<DescribedAnswer> describe_answer(const Sdp& offered, const AudioCapabilities& ours);
/// `place`: of our stream among the m= lines of our offer.
Result<AudioSession> read_answer(const Sdp& sdp, std::size_t place, const AudioCapabilities& ours);

/// The kind of a stream's payload type, by a=rtpmap or RFC 3551 6.
std::optional<AudioCodec> codec_of(const SdpMedia& media, std::uint8_t type);
std::optional<std::uint8_t> payload_type(std::string_view format);

}  // namespace tandem::sip
