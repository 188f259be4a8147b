// RFC 3264 with RFC 6337, RFC 4733 (telephone-event), RFC 3605 (a=rtcp), RFC 3551 (static payload types).
#include "sipt/offer_answer.h"

#include <algorithm>

#include "sipt/sdp.h"
#include "sipt/views.h"

namespace tandem::sip {
namespace {

constexpr std::uint8_t kOurEventType = 101;  // dynamic (RFC 3551 3); the number most gear uses

std::uint8_t static_type(Law law) {
  return law == Law::a ? 8 : 0;  // RFC 3551 6
}
std::string_view encoding(Law law) {
  return law == Law::a ? "PCMA" : "PCMU";
}

bool maps_to(const SdpRtpmap& map, std::string_view name) {
  return equal_ignoring_case(map.encoding, name) && map.rate == kSampleRate && map.channels == 1;
}

std::optional<std::uint8_t> payload_type(std::string_view format) {
  const auto number = to_number(format, 127);
  if (!number) return std::nullopt;
  return static_cast<std::uint8_t>(*number);
}

std::optional<Law> law_of(const SdpMedia& media, std::uint8_t type) {
  if (const auto* map = media.rtpmap(type)) {
    if (maps_to(*map, "PCMA")) return Law::a;
    if (maps_to(*map, "PCMU")) return Law::mu;
    return std::nullopt;
  }
  // RFC 3264 5.1, RFC 3551 6: static types need no rtpmap
  if (type == static_type(Law::a)) return Law::a;
  if (type == static_type(Law::mu)) return Law::mu;
  return std::nullopt;
}

/// The first format, in the peer's order, that is one of ours.
bool choose_law(const SdpMedia& media, const AudioCapabilities& ours, AudioSession& session) {
  for (const auto& format : media.formats) {
    const auto type = payload_type(format);
    const auto law = type ? law_of(media, *type) : std::nullopt;
    if (!law || std::ranges::find(ours.laws, *law) == ours.laws.end()) continue;
    session.law = *law;
    session.payload_type = *type;
    return true;
  }
  return false;
}

std::optional<std::uint8_t> event_type(const SdpMedia& media) {
  for (const auto& format : media.formats) {
    const auto type = payload_type(format);
    const auto* map = type ? media.rtpmap(*type) : nullptr;
    if (map != nullptr && maps_to(*map, "telephone-event")) return type;
  }
  return std::nullopt;
}

/// What is sent to the peer: its a=ptime, as near as 10, 20 or 30 ms come to it (RFC 3264 6.1, RFC 8866 6.4).
int choose_ptime(const Sdp& sdp, const SdpMedia& media, int ours) {
  const auto& session = sdp.attributes;
  const auto wish = media.attributes.ptime ? media.attributes.ptime : session.ptime;
  const auto limit = media.attributes.maxptime ? media.attributes.maxptime : session.maxptime;
  const int upper = std::min(wish.value_or(ours), limit.value_or(wish.value_or(ours)));
  return upper >= 30 ? 30 : upper >= 20 ? 20 : 10;
}

Result<SocketAddress> parse_address(const SdpAddress& address, std::uint16_t port) {
  auto ip = parse_ip(address.host.substr(0, address.host.find('/')), port);
  if (!ip || ip->v6 != address.v6) return fail(Errc::unsupported, 0, "c=", "not an address of its type");
  return ip;
}

/// RFC 1112 4, RFC 919 7, RFC 4291 2.7. One leg's audio goes to one place: an offer must not make it go to
/// many.
bool unicast(const SocketAddress& address) {
  const auto first = address.ip[0];
  return address.v6 ? first != 0xff : first < 224;
}

/// Addresses and directions; false when the stream cannot be reached.
bool take_transport(const Sdp& sdp, const SdpMedia& media, const AudioCapabilities& ours,
                    AudioSession& session) {
  const auto& connection = media.connection ? media.connection : sdp.connection;
  if (!connection) return false;
  const auto rtp = parse_address(*connection, media.port);
  if (!rtp || rtp->v6 != ours.local.v6 || !unicast(*rtp)) return false;
  session.remote_rtp = session.remote_rtcp = *rtp;
  // RFC 3550 11: the next port; there is none above 65535
  session.remote_rtcp.port = static_cast<std::uint16_t>(media.port == 65535 ? 0 : media.port + 1);
  if (media.rtcp) {
    session.remote_rtcp.port = media.rtcp->port;
    if (media.rtcp->address) {
      const auto rtcp = parse_address(*media.rtcp->address, media.rtcp->port);
      if (rtcp && rtcp->v6 == ours.local.v6 && unicast(*rtcp)) session.remote_rtcp = *rtcp;
    }
  }
  const auto direction =
      media.attributes.direction.value_or(sdp.attributes.direction.value_or(Direction::sendrecv));
  session.receive = direction == Direction::sendrecv || direction == Direction::sendonly;
  // RFC 3264 8.4: 0.0.0.0 is the hold of RFC 2543
  session.send =
      (direction == Direction::sendrecv || direction == Direction::recvonly) && !rtp->unspecified();
  return true;
}

/// A stream of the peer that this side can serve.
std::optional<AudioSession> take_stream(const Sdp& sdp, const SdpMedia& media,
                                        const AudioCapabilities& ours) {
  AudioSession session;
  if (media.type != "audio" || media.protocol != "RTP/AVP" || media.port == 0) return std::nullopt;
  if (!choose_law(media, ours, session) || !take_transport(sdp, media, ours, session)) return std::nullopt;
  session.ptime_ms = choose_ptime(sdp, media, ours.ptime_ms);
  if (ours.telephone_event) session.send_event_type = event_type(media);
  return session;
}

Direction our_direction(const AudioSession& session) {
  if (session.send) return session.receive ? Direction::sendrecv : Direction::sendonly;
  return session.receive ? Direction::recvonly : Direction::inactive;
}

Sdp our_description(const AudioCapabilities& ours) {
  Sdp sdp;
  const SdpAddress address{ours.local.v6, ours.local.host()};
  sdp.origin = {"-", ours.session_id, ours.session_version, address};
  sdp.connection = address;
  return sdp;
}

void add_format(SdpMedia& media, std::uint8_t type, std::string_view name) {
  media.formats.push_back(std::to_string(type));
  media.rtpmaps.push_back({type, std::string(name), kSampleRate, 1});
}

void add_events(SdpMedia& media, std::uint8_t type) {
  add_format(media, type, "telephone-event");
  media.fmtps.push_back({type, "0-15"});  // RFC 4733 2.4.1: the DTMF events
}

SdpMedia our_answer(const AudioSession& session, const AudioCapabilities& ours) {
  SdpMedia media;
  media.port = ours.local.port;
  add_format(media, session.payload_type, encoding(session.law));
  if (session.receive_event_type) add_events(media, *session.receive_event_type);
  media.attributes.ptime = session.ptime_ms;
  media.attributes.direction = our_direction(session);
  return media;
}

/// RFC 3264 6: refused, formats as offered.
SdpMedia refusal(const SdpMedia& offered) {
  SdpMedia media;
  media.type = offered.type;
  media.protocol = offered.protocol;
  media.formats = offered.formats;
  return media;
}

}  // namespace

std::string make_offer(const AudioCapabilities& capabilities) {
  Sdp sdp = our_description(capabilities);
  SdpMedia media;
  media.port = capabilities.local.port;
  for (const auto law : capabilities.laws) add_format(media, static_type(law), encoding(law));
  if (capabilities.telephone_event) add_events(media, kOurEventType);
  media.attributes.ptime = capabilities.ptime_ms;
  media.attributes.direction = Direction::sendrecv;
  sdp.media.push_back(std::move(media));
  return to_string(sdp);
}

Result<Answer> make_answer(std::string_view offer, const AudioCapabilities& capabilities) {
  const auto offered = parse_sdp(offer);
  if (!offered) return std::unexpected(offered.error());
  Sdp sdp = our_description(capabilities);
  sdp.times = offered->times;  // RFC 3264 6: as in the offer
  std::optional<AudioSession> session;
  for (const auto& media : offered->media) {
    auto taken = session ? std::nullopt : take_stream(*offered, media, capabilities);
    if (!taken) {
      sdp.media.push_back(refusal(media));
      continue;
    }
    // RFC 3264 6.1: the offer's numbers are kept, so events come and go with the same one
    taken->receive_event_type = taken->send_event_type;
    session = taken;
    sdp.media.push_back(our_answer(*session, capabilities));
  }
  if (!session) return fail(Errc::refused, 0, "m=", "no audio stream with a codec of ours");
  return Answer{to_string(sdp), *session};
}

Result<AudioSession> accept_answer(std::string_view answer, const AudioCapabilities& capabilities) {
  const auto sdp = parse_sdp(answer);
  if (!sdp) return std::unexpected(sdp.error());
  if (sdp->media.empty()) return fail(Errc::missing, answer.size(), "m=", "is missing");  // RFC 3264 6
  auto session = take_stream(*sdp, sdp->media.front(), capabilities);
  if (!session) return fail(Errc::refused, 0, "m=", "stream refused, or no codec of ours");
  if (session->send_event_type) session->receive_event_type = kOurEventType;
  return *session;
}

}  // namespace tandem::sip
