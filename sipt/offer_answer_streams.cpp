// RFC 3264, RFC 3389 (CN), RFC 3551 (static payload types), RFC 3605 (a=rtcp), RFC 4040 (CLEARMODE),
// RFC 4733 (telephone-event).
#include "sipt/offer_answer_streams.h"

#include <algorithm>

#include "sipt/views.h"

namespace tandem::sip {
namespace {

constexpr std::uint8_t kComfortNoise = 13;  // RFC 3551 6
constexpr int kShortest = 10;               // ms; packets are made of blocks of 10 ms
constexpr int kLongest = 60;

std::uint8_t static_type(Law law) {
  return law == Law::a ? 8 : 0;  // RFC 3551 6
}
std::string_view encoding(AudioCodec codec) {
  switch (codec) {
    case AudioCodec::pcma:
      return "PCMA";
    case AudioCodec::pcmu:
      return "PCMU";
    case AudioCodec::clearmode:
      break;
  }
  return "CLEARMODE";
}
AudioCodec codec_of(Law law) {
  return law == Law::a ? AudioCodec::pcma : AudioCodec::pcmu;
}

bool maps_to(const SdpRtpmap& map, std::string_view name) {
  return equal_ignoring_case(map.encoding, name) && map.rate == kSampleRate && map.channels == 1;
}

bool can(const AudioCapabilities& ours, AudioCodec codec) {
  if (codec == AudioCodec::clearmode) return ours.clearmode;
  return std::ranges::any_of(ours.laws, [&](Law law) { return codec_of(law) == codec; });
}

/// The formats, in the peer's order, that are ours: of one kind, as no call changes between sound and bits.
std::vector<AudioFormat> common_formats(const SdpMedia& media, const AudioCapabilities& ours) {
  std::vector<AudioFormat> found;
  std::bitset<128> seen;  // a number that stands twice counts once
  for (const auto& format : media.formats) {
    const auto type = payload_type(format);
    if (!type || seen[*type]) continue;
    seen.set(*type);
    const auto codec = codec_of(media, *type);
    if (!codec || !can(ours, *codec)) continue;
    const bool clear = *codec == AudioCodec::clearmode;
    if (!found.empty() && clear != (found.front().codec == AudioCodec::clearmode)) continue;
    if (found.size() < kMaxAudioFormats) found.push_back({*type, *codec});
  }
  return found;
}

/// RFC 4733 2.4.1: the events named hold the keys of a telephone, 0 to 11. No a=fmtp: 0 to 15.
bool holds_keys(const SdpMedia& media, std::uint8_t type) {
  const auto fmtp = std::ranges::find_if(media.fmtps, [&](const auto& f) { return f.payload_type == type; });
  if (fmtp == media.fmtps.end()) return true;
  std::bitset<12> keys;
  std::string_view rest = fmtp->parameters;
  while (!rest.empty()) {
    const auto comma = std::min(rest.find(','), rest.size());
    const auto item = trim(rest.substr(0, comma));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
    const auto dash = std::min(item.find('-'), item.size());
    const auto first = to_number(item.substr(0, dash), 255);
    const auto last = dash == item.size() ? first : to_number(item.substr(dash + 1), 255);
    if (!first || !last) continue;
    for (auto key = *first; key <= *last && key < keys.size(); ++key) keys.set(key);
  }
  return keys.all();
}

/// The events of our clock rate: a stream may offer them at several (RFC 4733 2.6, RFC 7007).
std::optional<std::uint8_t> event_type(const SdpMedia& media) {
  for (const auto& format : media.formats) {
    const auto type = payload_type(format);
    const auto* map = type ? media.rtpmap(*type) : nullptr;
    if (map != nullptr && maps_to(*map, "telephone-event") && holds_keys(media, *type)) return type;
  }
  return std::nullopt;
}

bool has_comfort_noise(const SdpMedia& media) {
  const auto* map = media.rtpmap(kComfortNoise);
  return (map == nullptr || maps_to(*map, "CN")) &&
         std::ranges::find(media.formats, std::to_string(kComfortNoise)) != media.formats.end();
}

/// What is sent to the peer: its a=ptime, as near as multiples of 10 ms come to it without being longer
/// (RFC 3264 6.1, RFC 8866 6.4).
int choose_ptime(const Sdp& sdp, const SdpMedia& media, const AudioCapabilities& ours) {
  const auto& session = sdp.attributes;
  const auto wish = media.attributes.ptime ? media.attributes.ptime : session.ptime;
  const auto limit = media.attributes.maxptime ? media.attributes.maxptime : session.maxptime;
  const int upper =
      std::min({wish.value_or(ours.ptime_ms), limit.value_or(kLongest), ours.maxptime_ms, kLongest});
  return std::max(upper / kShortest * kShortest, kShortest);
}

/// RFC 1112 4, RFC 919 7, RFC 4291 2.7. One leg's audio goes to one place: an offer must not make it go to
/// many.
bool unicast(const SocketAddress& address) {
  const auto first = address.ip[0];
  return address.v6 ? first != 0xff : first < 224;
}

Result<SocketAddress> reachable(const SdpAddress& address, std::uint16_t port, bool v6) {
  auto ip = parse_ip(address.host.substr(0, address.host.find('/')), port);
  if (!ip || ip->v6 != address.v6) return fail(Errc::refused, 0, "c= name", "not an address of its type");
  if (ip->v6 != v6) return fail(Errc::refused, 0, kOtherFamily, "not the address family of this side");
  if (!unicast(*ip)) return fail(Errc::refused, 0, "c= multicast", "one call's audio goes to one place");
  return ip;
}

Result<void> take_transport(const Sdp& sdp, const SdpMedia& media, const AudioCapabilities& ours,
                            AudioSession& session) {
  const auto& connection = media.connection ? media.connection : sdp.connection;
  if (!connection) return fail(Errc::refused, 0, "c= name", "is missing");
  const auto rtp = reachable(*connection, media.port, ours.local.v6);
  if (!rtp) return std::unexpected(rtp.error());
  session.remote_rtp = session.remote_rtcp = *rtp;
  // RFC 3550 11: the next port; there is none above 65535
  session.remote_rtcp.port = static_cast<std::uint16_t>(media.port == 65535 ? 0 : media.port + 1);
  if (media.rtcp) {
    session.remote_rtcp.port = media.rtcp->port;
    if (media.rtcp->address)
      if (const auto rtcp = reachable(*media.rtcp->address, media.rtcp->port, ours.local.v6))
        session.remote_rtcp = *rtcp;
  }
  const auto theirs =
      media.attributes.direction.value_or(sdp.attributes.direction.value_or(Direction::sendrecv));
  const auto sends = [](Direction d) { return d == Direction::sendrecv || d == Direction::sendonly; };
  const auto receives = [](Direction d) { return d == Direction::sendrecv || d == Direction::recvonly; };
  session.receive = sends(theirs) && receives(ours.direction);
  // RFC 3264 8.4: 0.0.0.0 is the hold of RFC 2543; RFC 6157 4.1 says :: is its like
  session.send = receives(theirs) && sends(ours.direction) && !rtp->unspecified();
  return {};
}

Direction direction_of(const AudioSession& session) {
  if (session.send) return session.receive ? Direction::sendrecv : Direction::sendonly;
  return session.receive ? Direction::recvonly : Direction::inactive;
}

void add_format(SdpMedia& media, std::uint8_t type, std::string_view name) {
  media.formats.push_back(std::to_string(type));
  media.rtpmaps.push_back({type, std::string(name), kSampleRate, 1});
}
void add_events(SdpMedia& media, std::uint8_t type) {
  add_format(media, type, "telephone-event");
  media.fmtps.push_back({type, "0-15"});  // RFC 4733 2.4.1: the DTMF events
}

SdpMedia our_stream(const AudioCapabilities& ours, int ptime, Direction direction) {
  SdpMedia media;
  media.port = ours.local.port;
  media.attributes.ptime = ptime;
  media.attributes.maxptime = ours.maxptime_ms;
  media.attributes.direction = direction;
  return media;
}

}  // namespace

std::optional<std::uint8_t> payload_type(std::string_view format) {
  const auto number = to_number(format, 127);
  if (!number) return std::nullopt;
  return static_cast<std::uint8_t>(*number);
}

std::optional<AudioCodec> codec_of(const SdpMedia& media, std::uint8_t type) {
  if (const auto* map = media.rtpmap(type)) {
    for (const auto codec : {AudioCodec::pcma, AudioCodec::pcmu, AudioCodec::clearmode})
      if (maps_to(*map, encoding(codec))) return codec;
    return std::nullopt;
  }
  // RFC 3264 5.1, RFC 3551 6: static types need no rtpmap
  if (type == static_type(Law::a)) return AudioCodec::pcma;
  if (type == static_type(Law::mu)) return AudioCodec::pcmu;
  return std::nullopt;
}

Result<AudioSession> take_stream(const Sdp& sdp, const SdpMedia& media, const AudioCapabilities& ours) {
  if (media.type != "audio") return fail(Errc::refused, 0, "m=", "no audio");
  if (media.protocol != "RTP/AVP") return fail(Errc::refused, 0, "m= protocol", "not RTP/AVP");
  if (media.port == 0) return fail(Errc::refused, 0, "m=", "port 0");
  AudioSession session;
  session.receive_types = common_formats(media, ours);
  if (session.receive_types.empty()) return fail(Errc::refused, 0, "m= formats", "no codec of ours");
  session.codec = session.receive_types.front().codec;
  session.law = session.codec == AudioCodec::pcmu ? Law::mu : Law::a;
  session.payload_type = session.receive_types.front().payload_type;
  if (auto taken = take_transport(sdp, media, ours, session); !taken) return std::unexpected(taken.error());
  session.ptime_ms = choose_ptime(sdp, media, ours);
  if (session.codec == AudioCodec::clearmode) return session;  // RFC 4040 1: nothing but its octets
  if (ours.telephone_event) session.send_event_type = event_type(media);
  session.comfort_noise = ours.comfort_noise && has_comfort_noise(media);
  return session;
}

Sdp our_description(const AudioCapabilities& ours) {
  Sdp sdp;
  const SdpAddress address{ours.local.v6, ours.local.host()};
  sdp.origin = {"-", ours.session_id, ours.session_version, address};
  sdp.connection = address;
  return sdp;
}

SdpMedia offered_stream(const AudioCapabilities& ours) {
  auto media = our_stream(ours, ours.ptime_ms, ours.direction);
  if (ours.clearmode) add_format(media, ours.clearmode_type, encoding(AudioCodec::clearmode));
  for (const auto law : ours.laws) add_format(media, static_type(law), encoding(codec_of(law)));
  if (ours.laws.empty()) return media;
  if (ours.comfort_noise) add_format(media, kComfortNoise, "CN");
  if (ours.telephone_event) add_events(media, ours.event_type);
  return media;
}

SdpMedia answered_stream(const AudioSession& session, const AudioCapabilities& ours) {
  auto media = our_stream(ours, session.ptime_ms, direction_of(session));
  add_format(media, session.payload_type, encoding(session.codec));
  if (session.comfort_noise) add_format(media, kComfortNoise, "CN");
  if (session.receive_event_type) add_events(media, *session.receive_event_type);
  return media;
}

SdpMedia refused_stream(const SdpMedia& offered) {
  SdpMedia media;
  media.type = offered.type;
  media.protocol = offered.protocol;
  media.formats = offered.formats;
  return media;
}

}  // namespace tandem::sip
