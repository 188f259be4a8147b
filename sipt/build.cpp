#include "sipt/build.h"

#include <algorithm>
#include <array>

#include "sipt/views.h"

namespace tandem::sip {
namespace {

struct Phrase {
  int status;
  std::string_view text;
};
// RFC 3261 21 and the IANA registry of response codes.
constexpr auto kPhrases = std::to_array<Phrase>({
    {100, "Trying"},
    {180, "Ringing"},
    {181, "Call Is Being Forwarded"},
    {182, "Queued"},
    {183, "Session Progress"},
    {199, "Early Dialog Terminated"},
    {200, "OK"},
    {202, "Accepted"},
    {204, "No Notification"},
    {300, "Multiple Choices"},
    {301, "Moved Permanently"},
    {302, "Moved Temporarily"},
    {305, "Use Proxy"},
    {380, "Alternative Service"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {407, "Proxy Authentication Required"},
    {408, "Request Timeout"},
    {410, "Gone"},
    {412, "Conditional Request Failed"},
    {413, "Request Entity Too Large"},
    {414, "Request-URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Unsupported URI Scheme"},
    {417, "Unknown Resource-Priority"},
    {420, "Bad Extension"},
    {421, "Extension Required"},
    {422, "Session Interval Too Small"},
    {423, "Interval Too Brief"},
    {428, "Use Identity Header"},
    {429, "Provide Referrer Identity"},
    {433, "Anonymity Disallowed"},
    {436, "Bad Identity Info"},
    {437, "Unsupported Credential"},
    {438, "Invalid Identity Header"},
    {439, "First Hop Lacks Outbound Support"},
    {440, "Max-Breadth Exceeded"},
    {469, "Bad Info Package"},
    {470, "Consent Needed"},
    {480, "Temporarily Unavailable"},
    {481, "Call/Transaction Does Not Exist"},
    {482, "Loop Detected"},
    {483, "Too Many Hops"},
    {484, "Address Incomplete"},
    {485, "Ambiguous"},
    {486, "Busy Here"},
    {487, "Request Terminated"},
    {488, "Not Acceptable Here"},
    {489, "Bad Event"},
    {491, "Request Pending"},
    {493, "Undecipherable"},
    {494, "Security Agreement Required"},
    {500, "Server Internal Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Server Time-out"},
    {505, "Version Not Supported"},
    {513, "Message Too Large"},
    {555, "Push Notification Service Not Supported"},
    {580, "Precondition Failure"},
    {600, "Busy Everywhere"},
    {603, "Decline"},
    {604, "Does Not Exist Anywhere"},
    {606, "Not Acceptable"},
    {607, "Unwanted"},
    {608, "Rejected"},
});

constexpr std::size_t kTypicalSize = 1024;  // octets; most messages are built without a second allocation

/// The topmost Via with received and rport filled in (RFC 3261 18.2.1, RFC 3581 4).
std::string amended_via(std::string_view top, const SocketAddress& source) {
  const auto via = split_via(top);
  if (!via) return std::string(top);
  std::string text(top.substr(0, top.size() - via->params.text().size()));
  while (!text.empty() && trim(text).size() != text.size()) text.pop_back();
  for (ParamCursor param(via->params.text()); param.next();) {
    if (equal_ignoring_case(param.name, "received")) continue;  // only we know
    text.append(";").append(param.name);
    if (equal_ignoring_case(param.name, "rport")) {
      text.append("=").append(std::to_string(source.port));
    } else if (param.value) {
      text.append("=").append(*param.value);
    }
  }
  const auto sent_by = parse_ip(via->host);
  const bool same = sent_by && sent_by->v6 == source.v6 && sent_by->ip == source.ip;
  if (!same || via->rport) text.append(";received=").append(source.host());
  return text;
}

}  // namespace

std::string_view reason_phrase(int status) {
  const auto find = [](int code) { return std::ranges::lower_bound(kPhrases, code, {}, &Phrase::status); };
  const auto row = find(status);
  if (row != kPhrases.end() && row->status == status) return row->text;
  if (status > 100 && status < 200)
    return find(183)->text;  // RFC 3261 8.1.3.2: unknown ones count as x00, 1xx as 183
  if (status < 100 || status > 699) return "Unknown";
  return find(status / 100 * 100)->text;
}

MessageBuilder MessageBuilder::request(std::string_view method, std::string_view uri) {
  MessageBuilder builder;
  builder.out_.reserve(kTypicalSize);
  builder.append_value(method);
  builder.append(" ");
  builder.append_value(uri);
  builder.append(" SIP/2.0\r\n");
  return builder;
}

MessageBuilder MessageBuilder::response(int status, std::string_view phrase) {
  MessageBuilder builder;
  builder.out_.reserve(kTypicalSize);
  builder.append("SIP/2.0 ");
  builder.append(std::to_string(status));
  builder.append(" ");
  builder.append_value(phrase.empty() ? reason_phrase(status) : phrase);
  builder.append("\r\n");
  return builder;
}

void MessageBuilder::append(std::string_view text) {
  const auto octets = as_octets(text);
  out_.insert(out_.end(), octets.begin(), octets.end());
}

void MessageBuilder::append_value(std::string_view text) {
  const auto start = static_cast<std::ptrdiff_t>(out_.size());
  append(text);
  std::replace_if(
      out_.begin() + start, out_.end(), [](Octet c) { return c == '\r' || c == '\n'; }, Octet{' '});
}

MessageBuilder& MessageBuilder::header(std::string_view name, std::string_view value) {
  append_value(name);
  append(": ");
  append_value(value);
  append("\r\n");
  return *this;
}

MessageBuilder& MessageBuilder::header(HeaderId id, std::string_view value) {
  return header(header_row(id).name, value);
}

MessageBuilder& MessageBuilder::header(HeaderId id, std::uint32_t value) {
  return header(id, std::to_string(value));
}

MessageBuilder& MessageBuilder::header(HeaderId id, const NameAddr& value) {
  return header(id, to_string(value));
}

MessageBuilder& MessageBuilder::header(HeaderId id, const std::vector<NameAddr>& values) {
  for (const auto& value : values) header(id, value);
  return *this;
}

MessageBuilder& MessageBuilder::cseq(std::uint32_t number, std::string_view method) {
  return header(HeaderId::cseq, std::to_string(number).append(" ").append(method));
}

MessageBuilder& MessageBuilder::via(Transport transport, const SocketAddress& sent_by,
                                    std::string_view branch) {
  std::string text(transport == Transport::tcp ? "SIP/2.0/TCP " : "SIP/2.0/UDP ");
  text.append(to_string(sent_by)).append(";branch=").append(branch).append(";rport");
  return header(HeaderId::via, text);
}

MessageBuilder& MessageBuilder::reasons(const std::vector<Reason>& values) {
  for (const auto& value : values) header(HeaderId::reason, to_string(value));
  return *this;
}

MessageBuilder& MessageBuilder::copy(const Message& from, HeaderId id) {
  if (!from.has(id)) return *this;
  for (std::size_t i = 0; i < from.header_count(); ++i)
    if (const auto field = from.header(i); field.id == id) header(id, field.value);
  return *this;
}

Octets MessageBuilder::finish() {
  append("Content-Length: 0\r\n\r\n");
  return std::move(out_);
}

Octets MessageBuilder::finish(std::string_view content_type, std::string_view body) {
  if (body.empty()) return finish();
  header(HeaderId::content_type, content_type);
  header(HeaderId::content_length, static_cast<std::uint32_t>(body.size()));
  append("\r\n");
  append(body);
  return std::move(out_);
}

MessageBuilder response_to(const Message& request, int status, std::string_view phrase,
                           std::string_view to_tag, const SocketAddress& source) {
  auto response = MessageBuilder::response(status, phrase);
  bool top = true;
  request.for_each(HeaderId::via, [&](std::string_view via) {
    if (top) {
      response.header(HeaderId::via, amended_via(via, source));
    } else {
      response.header(HeaderId::via, via);
    }
    top = false;
  });
  response.copy(request, HeaderId::from);
  const auto to = request.to();
  if (to && to->tag.empty() && !to_tag.empty()) {
    response.header(HeaderId::to, std::string(request.value(HeaderId::to)).append(";tag=").append(to_tag));
  } else {
    response.copy(request, HeaderId::to);
  }
  response.copy(request, HeaderId::call_id).copy(request, HeaderId::cseq);
  // RFC 3261 8.2.6.1; a final response to INVITE has waited for somebody and would lie about the way.
  if (status == 100 || request.method() != Method::invite) response.copy(request, HeaderId::timestamp);
  if (status > 100 && status < 300) response.copy(request, HeaderId::record_route);
  return response;
}

std::string date_text(std::chrono::sys_seconds time) {
  constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  const auto two = [](auto value) {
    const auto number = static_cast<unsigned>(value);
    return std::string(number < 10 ? "0" : "") + std::to_string(number);
  };
  std::string text = kDays[std::chrono::weekday(day).c_encoding()];
  text += ", " + two(static_cast<unsigned>(date.day())) + ' ';
  text += kMonths[static_cast<unsigned>(date.month()) - 1];
  text += ' ' + std::to_string(static_cast<int>(date.year())) + ' ';
  text += two(clock.hours().count()) + ':' + two(clock.minutes().count()) + ':';
  return text + two(clock.seconds().count()) + " GMT";
}

Flow response_flow(const Message& request, const Flow& flow) {
  Flow back = flow;
  const auto via = request.via();
  if (flow.transport == Transport::tcp || !via || via->rport) return back;
  back.remote.port = via->port == 0 ? 5060 : via->port;
  return back;
}

}  // namespace tandem::sip
