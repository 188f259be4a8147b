#include "sipt/sdp.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "sipt/chars.h"
#include "sipt/views.h"

namespace tandem::sip {
namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::array<std::string_view, 4> kDirections = {"sendrecv", "sendonly", "recvonly", "inactive"};

/// Takes words off a line one by one.
class Words {
 public:
  explicit Words(std::string_view text) : rest_(text) {}
  std::string_view next() {
    while (rest_.starts_with(' ')) rest_.remove_prefix(1);
    const auto word = rest_.substr(0, rest_.find(' '));
    rest_.remove_prefix(word.size());
    return word;
  }
  [[nodiscard]] bool done() const { return rest_.find_first_not_of(' ') == npos; }

 private:
  std::string_view rest_;
};

/// RFC 8866 5.2: digits, however many. What does not fit stands for the largest number: nothing here counts
/// on it.
bool read_digits(std::string_view text, std::uint64_t& value) {
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (read.ec == std::errc::result_out_of_range) value = std::numeric_limits<std::uint64_t>::max();
  return read.ec != std::errc::invalid_argument && read.ptr == end;
}

/// Reads an SDP line by line into the model.
class SdpReader {
 public:
  explicit SdpReader(std::string_view text) : text_(text) {}
  Result<Sdp> read();

 private:
  [[nodiscard]] std::unexpected<Error> bad(std::string_view at, std::string_view where, std::string_view what,
                                           Errc code = Errc::malformed) const {
    return fail(code, static_cast<std::size_t>(at.data() - text_.data()), where, what);
  }
  Result<void> line(char type, std::string_view value);
  Result<void> origin(std::string_view value);
  Result<SdpAddress> address(Words& words, std::string_view line, std::string_view where) const;
  Result<void> media(std::string_view value);
  Result<void> attribute(std::string_view value);
  Result<void> media_attribute(std::string_view name, std::string_view value, std::string_view whole);
  Result<void> rtpmap(std::string_view value);
  Result<void> keep(std::vector<std::string>& list, std::string_view value);
  SdpMedia* stream() { return sdp_.media.empty() ? nullptr : &sdp_.media.back(); }

  std::string_view text_;
  Sdp sdp_;
};

Result<Sdp> SdpReader::read() {
  sdp_.times.clear();
  if (text_.size() > kMaxSdp) return fail(Errc::too_long, kMaxSdp, "SDP", "longer than 32768 octets");
  bool first = true;
  bool has_origin = false;
  for (auto rest = text_; !rest.empty();) {
    const auto lf = std::min(rest.find('\n'), rest.size());
    auto one = rest.substr(0, lf);
    rest.remove_prefix(std::min(lf + 1, rest.size()));
    if (one.ends_with('\r')) one.remove_suffix(1);
    if (one.empty() && trim(rest).empty()) break;  // empty lines at the end
    if (one.size() < 2 || one[1] != '=' || !is(one[0], chars::kAlpha))
      return bad(one, "SDP", "line is not type=value");
    if (one.find('\0') != npos) return bad(one, "SDP", "NUL in a line");
    if (first && one.substr(0, 3) != "v=0") return bad(one, "v=", "description does not start with v=0");
    first = false;
    has_origin = has_origin || one[0] == 'o';
    if (auto done = line(one[0], one.substr(2)); !done) return std::unexpected(done.error());
  }
  if (first) return fail(Errc::missing, 0, "v=", "is missing");
  if (!has_origin) return fail(Errc::missing, text_.size(), "o=", "is missing");
  if (sdp_.times.empty()) sdp_.times = {"0 0"};
  return std::move(sdp_);
}

Result<void> SdpReader::line(char type, std::string_view value) {
  switch (type) {
    case 'o':
      return origin(value);
    case 's':
      if (stream() == nullptr) sdp_.session_name = value;
      return {};
    case 'c': {
      Words words(value);
      auto read = address(words, value, "c=");
      if (!read) return std::unexpected(read.error());
      // RFC 8866 5.7: several c= lines of a stream are multicast layers; the first counts
      auto& place = stream() != nullptr ? stream()->connection : sdp_.connection;
      if (!place) place = std::move(*read);
      return {};
    }
    case 'b':
      return keep(stream() != nullptr ? stream()->bandwidths : sdp_.bandwidths, value);
    case 't':
      return keep(sdp_.times, value);
    case 'm':
      return media(value);
    case 'a':
      return attribute(value);
    default:
      return {};
  }
}

Result<void> SdpReader::keep(std::vector<std::string>& list, std::string_view value) {
  if (list.size() == kMaxSdpAttributes) return bad(value, "SDP", "too many lines of a kind", Errc::too_long);
  list.emplace_back(value);
  return {};
}

Result<SdpAddress> SdpReader::address(Words& words, std::string_view whole, std::string_view where) const {
  if (words.next() != "IN") return bad(whole, where, "network type is not IN");
  const auto type = words.next();
  if (type != "IP4" && type != "IP6") return bad(whole, where, "address type is not IP4 or IP6");
  const auto host = words.next();
  if (host.empty() || !words.done()) return bad(whole, where, "no single address");
  return SdpAddress{type == "IP6", std::string(host)};
}

Result<void> SdpReader::origin(std::string_view value) {
  Words words(value);
  const auto user = words.next();
  if (user.empty()) return bad(value, "o=", "no user name");
  SdpOrigin origin;
  origin.username = user;
  const auto id = words.next();
  const auto version = words.next();
  if (!read_digits(id, origin.session_id)) return bad(id, "o=", "session id is not a number");
  if (!read_digits(version, origin.session_version))
    return bad(version, "o=", "session version is not a number");
  auto read = address(words, value, "o=");
  if (!read) return std::unexpected(read.error());
  origin.address = std::move(*read);
  sdp_.origin = std::move(origin);
  return {};
}

Result<void> SdpReader::media(std::string_view value) {
  if (sdp_.media.size() == kMaxSdpMedia) return bad(value, "m=", "too many streams", Errc::too_long);
  SdpMedia media;
  Words words(value);
  media.type = words.next();
  const auto ports = words.next();
  const auto slash = std::min(ports.find('/'), ports.size());
  const auto port = to_number(ports.substr(0, slash), 65535);
  const auto count = slash == ports.size() ? 1 : to_number(ports.substr(slash + 1), 65535);
  if (media.type.empty() || !port || !count || *count == 0) return bad(ports, "m=", "port is not 0 to 65535");
  media.port = static_cast<std::uint16_t>(*port);
  media.port_count = static_cast<std::uint16_t>(*count);
  media.protocol = words.next();
  if (media.protocol.empty()) return bad(ports, "m=", "no protocol");
  for (auto format = words.next(); !format.empty(); format = words.next()) {
    if (media.formats.size() == kMaxSdpFormats) return bad(format, "m=", "too many formats", Errc::too_long);
    media.formats.emplace_back(format);
  }
  if (media.formats.empty()) return bad(ports, "m=", "no format");
  sdp_.media.push_back(std::move(media));
  return {};
}

Result<void> SdpReader::attribute(std::string_view value) {
  auto& attributes = stream() != nullptr ? stream()->attributes : sdp_.attributes;
  const auto colon = std::min(value.find(':'), value.size());
  const auto name = value.substr(0, colon);
  const auto argument = value.substr(std::min(colon + 1, value.size()));
  if (colon == value.size()) {
    if (const auto* found = std::ranges::find(kDirections, name); found != kDirections.end()) {
      attributes.direction = static_cast<Direction>(found - kDirections.begin());
      return {};
    }
  } else if (name == "ptime" || name == "maxptime") {
    // A packet time that cannot be read is a wish that cannot be met.
    if (const auto ms = to_number(trim(argument), 10000); ms && *ms > 0)
      (name == "ptime" ? attributes.ptime : attributes.maxptime) = static_cast<int>(*ms);
    return {};
  } else if (stream() != nullptr && (name == "rtpmap" || name == "fmtp" || name == "rtcp")) {
    auto read = media_attribute(name, argument, value);
    // What a stream of another kind says of itself is no reason to refuse the audio beside it.
    if (read || read.error().code != Errc::malformed || stream()->type == "audio") return read;
  }
  return keep(attributes.other, value);
}

Result<void> SdpReader::media_attribute(std::string_view name, std::string_view value,
                                        std::string_view whole) {
  if (name == "rtpmap") return rtpmap(value);
  Words words(value);
  const auto first = words.next();
  if (name == "rtcp") {
    const auto port = to_number(first, 65535);
    if (!port) return bad(first, "a=rtcp", "port is not 0 to 65535");
    SdpRtcp rtcp{static_cast<std::uint16_t>(*port), {}};
    if (!words.done()) {
      auto read = address(words, value, "a=rtcp");
      if (!read) return std::unexpected(read.error());
      rtcp.address = std::move(*read);
    }
    stream()->rtcp = std::move(rtcp);
    return {};
  }
  const auto payload_type = to_number(first, 127);
  if (!payload_type) return keep(stream()->attributes.other, whole);  // a format that is no payload type
  if (stream()->fmtps.size() == kMaxSdpAttributes) return bad(whole, "a=fmtp", "too many", Errc::too_long);
  const auto behind = static_cast<std::size_t>(first.data() - value.data()) + first.size();
  auto parameters = value.substr(behind);
  while (parameters.starts_with(' ')) parameters.remove_prefix(1);
  stream()->fmtps.push_back({static_cast<std::uint8_t>(*payload_type), std::string(parameters)});
  return {};
}

/// RFC 8866 6.6: "<payload type> <encoding>/<clock rate>[/<channels>]".
Result<void> SdpReader::rtpmap(std::string_view value) {
  if (stream()->rtpmaps.size() == kMaxSdpAttributes)
    return bad(value, "a=rtpmap", "too many", Errc::too_long);
  Words words(value);
  const auto payload_type = to_number(words.next(), 127);
  if (!payload_type) return bad(value, "a=rtpmap", "payload type is not 0 to 127");
  const auto format = words.next();
  const auto slash = std::min(format.find('/'), format.size());
  auto rate_text = format.substr(std::min(slash + 1, format.size()));
  SdpRtpmap map{static_cast<std::uint8_t>(*payload_type), std::string(format.substr(0, slash)), 0, 1};
  if (const auto second = rate_text.find('/'); second != npos) {
    const auto channels = to_number(rate_text.substr(second + 1), 255);
    if (!channels || *channels == 0) return bad(format, "a=rtpmap", "channels are not 1 to 255");
    map.channels = *channels;
    rate_text = rate_text.substr(0, second);
  }
  const auto rate = to_number(rate_text, 1000000000);
  if (map.encoding.empty() || !rate) return bad(value, "a=rtpmap", "no encoding/rate");
  map.rate = *rate;
  stream()->rtpmaps.push_back(std::move(map));
  return {};
}

class SdpWriter {
 public:
  std::string write(const Sdp& sdp) {
    line("v=", "0");
    const auto& o = sdp.origin;
    line("o=", o.username + " " + std::to_string(o.session_id) + " " + std::to_string(o.session_version) +
                   " " + address(o.address));
    line("s=", sdp.session_name);
    if (sdp.connection) line("c=", address(*sdp.connection));
    for (const auto& bandwidth : sdp.bandwidths) line("b=", bandwidth);
    for (const auto& time : sdp.times) line("t=", time);
    attributes(sdp.attributes);
    for (const auto& media : sdp.media) stream(media);
    return std::move(out_);
  }

 private:
  void line(std::string_view type, std::string_view value) { out_.append(type).append(value).append("\r\n"); }
  static std::string address(const SdpAddress& a) { return (a.v6 ? "IN IP6 " : "IN IP4 ") + a.host; }

  void attributes(const SdpAttributes& a) {
    for (const auto& other : a.other) line("a=", other);
    if (a.ptime) line("a=ptime:", std::to_string(*a.ptime));
    if (a.maxptime) line("a=maxptime:", std::to_string(*a.maxptime));
    if (a.direction) line("a=", to_string(*a.direction));
  }

  void stream(const SdpMedia& media) {
    std::string head = media.type + " " + std::to_string(media.port);
    if (media.port_count != 1) head += "/" + std::to_string(media.port_count);
    head += " " + media.protocol;
    for (const auto& format : media.formats) head += " " + format;
    line("m=", head);
    if (media.connection) line("c=", address(*media.connection));
    for (const auto& bandwidth : media.bandwidths) line("b=", bandwidth);
    for (const auto& map : media.rtpmaps)
      line("a=rtpmap:", std::to_string(map.payload_type) + " " + map.encoding + "/" +
                            std::to_string(map.rate) +
                            (map.channels == 1 ? "" : "/" + std::to_string(map.channels)));
    for (const auto& fmtp : media.fmtps)
      line("a=fmtp:", std::to_string(fmtp.payload_type) + " " + fmtp.parameters);
    if (media.rtcp)
      line("a=rtcp:", std::to_string(media.rtcp->port) +
                          (media.rtcp->address ? " " + address(*media.rtcp->address) : ""));
    attributes(media.attributes);
  }

  std::string out_;
};

}  // namespace

std::string_view to_string(Direction direction) {
  return kDirections[static_cast<std::size_t>(direction)];
}

const SdpRtpmap* SdpMedia::rtpmap(unsigned payload_type) const {
  const auto found =
      std::ranges::find_if(rtpmaps, [&](const auto& map) { return map.payload_type == payload_type; });
  return found == rtpmaps.end() ? nullptr : &*found;
}

Result<Sdp> parse_sdp(std::string_view text) {
  return SdpReader(text).read();
}

std::string to_string(const Sdp& sdp) {
  return SdpWriter().write(sdp);
}

}  // namespace tandem::sip
