// RFC 3261 7: the index of a message. The first thing wrong is noted, and reading goes on as far as it can.
#include "sipt/message.h"

#include "sipt/chars.h"
#include "sipt/scan.h"

namespace tandem::sip {
namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::string_view kRequestLine = "Request-Line";
constexpr std::string_view kStatusLine = "Status-Line";

constexpr std::array<std::string_view, 15> kMethods = {"",        "INVITE",   "ACK",     "BYE",   "CANCEL",
                                                       "OPTIONS", "REGISTER", "INFO",    "PRACK", "SUBSCRIBE",
                                                       "NOTIFY",  "UPDATE",   "MESSAGE", "REFER", "PUBLISH"};

std::size_t find_lf(std::string_view text, std::size_t from) {
  const auto at = find_any<'\n'>(text, from);
  return at == text.size() ? npos : at;
}

std::string_view without_cr(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

Method method_of(std::string_view text) {
  for (std::size_t i = 1; i < kMethods.size(); ++i)
    if (kMethods[i] == text) return static_cast<Method>(i);
  return Method::other;
}

std::string_view to_string(Method method) {
  return kMethods[static_cast<std::size_t>(method)];
}

void Message::note(Errc code, std::size_t offset, std::string_view where, std::string_view what) {
  if (!error_) error_ = Error{code, static_cast<std::uint32_t>(offset), where, what};
}

std::expected<void, Error> Message::parse(OctetView octets, Framing framing) {
  first_.fill(kNone);
  count_ = 0;
  status_ = 0;
  method_ = Method::other;
  method_text_ = request_uri_ = version_ = phrase_ = body_ = text_ = {};
  error_.reset();
  origin_ = as_text(octets).data();
  if (octets.size() > kMaxMessage)
    return fail(Errc::too_long, kMaxMessage, "message", "longer than 65535 octets");
  std::string_view text = as_text(octets);
  while (text.starts_with("\r\n")) text.remove_prefix(2);  // RFC 3261 7.5
  text_ = text;
  const auto lf = text.empty() ? npos : find_lf(text, 0);
  if (lf == npos) return fail(Errc::truncated, octets.size(), "start line", "no line end");
  parse_start_line(without_cr(text.substr(0, lf)));
  if (lf > kMaxHeaderLine) note(Errc::too_long, offset_of(text), "start line", "too long");
  delimit_body(parse_fields(lf + 1), framing);
  if (error_) return std::unexpected(*error_);
  return {};
}

void Message::parse_start_line(std::string_view line) {
  if (line.size() >= 4 && equal_ignoring_case(line.substr(0, 4), "SIP/")) return parse_status_line(line);
  std::size_t end = 0;
  while (end < line.size() && is(line[end], chars::kToken)) ++end;
  if (end == 0 || end == line.size() || line[end] != ' ')
    return note(Errc::malformed, offset_of(line) + end, kRequestLine, "no method");
  parse_request_line(line, end);
}

/// RFC 3261 7.1: Method SP Request-URI SP SIP-Version, single blanks.
void Message::parse_request_line(std::string_view line, std::size_t method_end) {
  auto end = line.size();
  while (end > 0 && line[end - 1] == ' ') --end;
  if (end < line.size())
    note(Errc::malformed, offset_of(line) + end, kRequestLine, "blank behind the version");
  const auto last = line.substr(0, end).rfind(' ');
  const auto version = line.substr(last + 1, end - last - 1);
  if (last <= method_end || version.size() < 4 || !equal_ignoring_case(version.substr(0, 4), "SIP/"))
    return note(Errc::malformed, offset_of(version), kRequestLine, "no SIP version");
  version_ = version;
  method_text_ = line.substr(0, method_end);
  method_ = method_of(method_text_);
  request_uri_ = line.substr(method_end + 1, last - method_end - 1);
  if (request_uri_.size() > kMaxRequestUri)
    note(Errc::too_long, offset_of(request_uri_), "Request-URI", "too long");
  const auto blank = find_any<' ', '\t'>(request_uri_, 0);
  if (blank != request_uri_.size())
    note(Errc::malformed, offset_of(request_uri_) + blank, kRequestLine,
         "blank in or around the Request-URI");
  if (request_uri_.empty()) note(Errc::malformed, offset_of(request_uri_), kRequestLine, "no Request-URI");
}

/// RFC 3261 7.2: SIP-Version SP Status-Code SP Reason-Phrase.
void Message::parse_status_line(std::string_view line) {
  const auto version_end = std::min(line.find(' '), line.size());
  const auto rest = line.substr(std::min(version_end + 1, line.size()));
  const auto code = to_number(rest.substr(0, 3), 699);
  const bool ends = rest.size() == 3 || (rest.size() > 3 && rest[3] == ' ');
  if (!ends || !code || *code < 100)
    return note(Errc::malformed, offset_of(line) + std::min(version_end + 1, line.size()), kStatusLine,
                "status is not 100 to 699");
  version_ = line.substr(0, version_end);
  status_ = static_cast<int>(*code);
  phrase_ = rest.substr(std::min<std::size_t>(4, rest.size()));
}

/// Gives the position of the body.
std::size_t Message::parse_fields(std::size_t at) {
  while (at < text_.size()) {
    if (text_[at] == '\n') return at + 1;
    if (text_[at] == '\r' && at + 1 < text_.size() && text_[at + 1] == '\n') return at + 2;
    auto lf = find_lf(text_, at);
    while (lf != npos && lf + 1 < text_.size() && (text_[lf + 1] == ' ' || text_[lf + 1] == '\t'))
      lf = find_lf(text_, lf + 1);  // RFC 3261 7.3.1: folded
    if (lf == npos) break;
    index_field(without_cr(text_.substr(at, lf - at)));
    at = lf + 1;
  }
  note(Errc::truncated, offset_of(text_) + text_.size(), "message", "no empty line behind the header fields");
  return text_.size();
}

/// RFC 3261 7.3.1: the name is a token; blanks may stand before the colon.
void Message::index_field(std::string_view line) {
  const auto at = offset_of(line);
  const auto colon = find_any<':'>(line, 0);
  auto name = line.substr(0, colon);
  while (name.ends_with(' ') || name.ends_with('\t')) name.remove_suffix(1);
  const auto id = header_id(name);
  if (id == HeaderId::other || colon == line.size()) {  // a known name is a token
    std::size_t end = 0;
    while (end < name.size() && is(name[end], chars::kToken)) ++end;
    if (end == 0) return note(Errc::malformed, at, "header field", "no name");
    if (end < name.size() || colon == line.size())
      return note(Errc::malformed, at + end, "header field", "no colon behind the name");
  }
  if (line.size() > kMaxHeaderLine || name.size() > 255)
    return note(Errc::too_long, at, "header field", "too long");
  if (count_ == kMaxHeaders) return note(Errc::too_long, at, "message", "too many header fields");

  const auto value = trim(line.substr(colon + 1));
  const auto index = count_++;
  Entry& entry = entries_[index];
  entry.name = static_cast<std::uint16_t>(line.data() - text_.data());
  entry.name_size = static_cast<std::uint8_t>(name.size());
  entry.value = static_cast<std::uint16_t>(value.data() - text_.data());
  entry.value_size = static_cast<std::uint16_t>(value.size());
  entry.id = id;
  entry.next = kNone;
  const auto row = static_cast<std::size_t>(id);
  (first_[row] == kNone ? first_[row] : entries_[last_[row]].next) = index;
  last_[row] = index;
}

/// RFC 3261 18.3.
void Message::delimit_body(std::size_t head, Framing framing) {
  body_ = text_.substr(head);
  const auto length = content_length();
  if (!length) {
    if (length.error().code != Errc::missing)
      note(length.error().code, length.error().offset, length.error().where, length.error().what);
    else if (framing == Framing::stream)
      note(Errc::missing, offset_of(text_) + head, "Content-Length", "mandatory on a stream");
    return;
  }
  if (*length > body_.size())
    return note(Errc::truncated, offset_of(value(HeaderId::content_length)), "Content-Length",
                "more than the octets that came");
  body_ = body_.substr(0, *length);
  text_ = text_.substr(0, head + *length);
}

HeaderField Message::header(std::size_t index) const {
  const Entry& entry = entries_[index];
  return {entry.id, name_of(entry), value_of(entry)};
}

std::string_view Message::value(HeaderId id) const {
  const auto at = first_[static_cast<std::size_t>(id)];
  return at == kNone ? std::string_view{} : value_of(entries_[at]);
}

std::optional<std::string_view> Message::value(std::string_view name) const {
  const auto id = header_id(name);
  for (auto at = first_[static_cast<std::size_t>(id)]; at != kNone; at = entries_[at].next)
    if (id != HeaderId::other || equal_ignoring_case(name_of(entries_[at]), name))
      return value_of(entries_[at]);
  return std::nullopt;
}

std::size_t Message::count(HeaderId id) const {
  std::size_t n = 0;
  for (auto at = first_[static_cast<std::size_t>(id)]; at != kNone; at = entries_[at].next) ++n;
  return n;
}

std::vector<std::string_view> Message::values(HeaderId id) const {
  std::vector<std::string_view> all;
  for_each(id, [&](std::string_view one) {
    all.push_back(one);
    return all.size() < kMaxValues;
  });
  return all;
}

bool Message::answerable() const {
  return is_request() && method_ != Method::ack && has(HeaderId::via);
}

Message Message::rebased(OctetView copy) const {
  Message other = *this;
  const std::string_view text = as_text(copy);
  const auto move = [&](std::string_view part) {
    if (part.data() == nullptr) return part;
    return text.substr(static_cast<std::size_t>(part.data() - text_.data()), part.size());
  };
  other.origin_ = text.data();
  other.text_ = text;
  other.method_text_ = move(method_text_);
  other.request_uri_ = move(request_uri_);
  other.version_ = move(version_);
  other.phrase_ = move(phrase_);
  other.body_ = move(body_);
  return other;
}

StoredMessage::StoredMessage(const Message& message)
    : octets_(message.octets().begin(), message.octets().end()),
      message_(std::make_unique<Message>(message.rebased(octets_))) {}

}  // namespace tandem::sip
