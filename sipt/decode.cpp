#include "sipt/decode.h"

#include <algorithm>

#include "sipt/message.h"
#include "sipt/sdp.h"

namespace tandem::sip {
namespace {

/// What fits in a line: control characters, and blanks behind them, are one blank.
std::string one_line(std::string_view text) {
  std::string line;
  bool after_control = false;
  for (const char c : text) {
    const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    if (after_control && (control || c == ' ')) continue;
    line.push_back(control ? ' ' : c);
    after_control = control;
  }
  return line;
}

class Explainer {
 public:
  explicit Explainer(const Message& message) : message_(message) {}

  Explanation explain() {
    message_.is_request() ? request_line() : status_line();
    for (std::size_t i = 0; i < message_.header_count(); ++i) field(message_.header(i));
    body();
    return std::move(out_);
  }

 private:
  void add(std::string_view name, std::string_view value, std::string_view rfc, int depth) {
    out_.items.push_back({one_line(name), one_line(value), std::string(rfc),
                          static_cast<std::uint32_t>(message_.offset_of(value)), depth});
  }
  void part(std::string_view name, std::string_view value, std::string_view rfc) {
    if (!value.empty()) add(name, value, rfc, 1);
  }

  void request_line() {
    out_.summary = one_line(message_.method_text()) + " request";
    add("Method", message_.method_text(), "RFC 3261 7.1", 0);
    add("Request-URI", message_.request_uri(), "RFC 3261 8.1.1.1", 0);
    if (const auto uri = message_.uri()) uri_parts(*uri);
    add("SIP-Version", message_.version(), "RFC 3261 7.1", 0);
  }

  void status_line() {
    out_.summary = std::to_string(message_.status()) + " " + one_line(message_.phrase());
    if (const auto cseq = message_.cseq()) out_.summary += ", response to " + one_line(cseq->method_text);
    add("SIP-Version", message_.version(), "RFC 3261 7.2", 0);
    // the three digits stand right behind the version
    add("Status-Code", {message_.version().data() + message_.version().size() + 1, 3}, "RFC 3261 21", 0);
    add("Reason-Phrase", message_.phrase(), "RFC 3261 7.2", 0);
  }

  void uri_parts(const UriView& uri) {
    part("scheme", uri.scheme, "RFC 3261 19.1");
    part("user", uri.user, "RFC 3261 19.1.1");
    part("host", uri.host, "RFC 3261 19.1.1");
    params(uri.params, "RFC 3261 19.1.1");
  }

  void params(const ParamsView& list, std::string_view rfc) {
    for (ParamCursor param(list.text()); param.next();)
      add(param.name, param.value.value_or(param.name.substr(param.name.size())), rfc, 1);
  }

  void field(const HeaderField& field) {
    const auto& row = header_row(field.id);
    add(row.name.empty() ? field.name : row.name, field.value, row.rfc, 0);
    switch (field.id) {
      case HeaderId::via:
        for (ValueList list(field.value); const auto one = list.next();) via(*one, row.rfc);
        break;
      case HeaderId::from:
      case HeaderId::to:
        address(field.value, row.rfc);
        break;
      case HeaderId::contact:
      case HeaderId::route:
      case HeaderId::record_route:
      case HeaderId::p_asserted_identity:
        for (ValueList list(field.value); const auto one = list.next();) address(*one, row.rfc);
        break;
      case HeaderId::content_type:
        if (const auto type = split_media_type(field.value)) params(type->params, row.rfc);
        break;
      case HeaderId::reason:
        for (ValueList list(field.value); const auto one = list.next();) {
          part("protocol", trim(one->substr(0, one->find(';'))), row.rfc);
          params(ParamsView(one->substr(std::min(one->find(';'), one->size()))), row.rfc);
        }
        break;
      default:
        break;
    }
  }

  void via(std::string_view text, std::string_view rfc) {
    const auto via = split_via(text);
    if (!via) return;
    part("transport", via->transport, rfc);
    part("sent-by", via->host, rfc);
    params(via->params, rfc);
  }

  void address(std::string_view text, std::string_view rfc) {
    const auto address = split_address(text);
    if (!address) return;
    part("display name", address->display, rfc);
    part("URI", address->uri, "RFC 3261 19.1");
    params(address->params, rfc);
  }

  void body() {
    if (message_.body().empty()) return;
    const auto type = message_.content_type();
    if (!type || !type->is("application", "sdp")) {
      out_.items.push_back({"Body", std::to_string(message_.body().size()) + " octets", "RFC 3261 7.4",
                            static_cast<std::uint32_t>(message_.offset_of(message_.body())), 0});
      return;
    }
    for (auto rest = message_.body(); !rest.empty();) {
      const auto lf = std::min(rest.find('\n'), rest.size());
      const auto line = trim(rest.substr(0, lf));
      rest.remove_prefix(std::min(lf + 1, rest.size()));
      if (line.size() >= 2) add("SDP " + std::string(line.substr(0, 2)), line.substr(2), "RFC 8866 5", 0);
    }
  }

  const Message& message_;
  Explanation out_;
};

}  // namespace

Result<Explanation> describe(OctetView octets) {
  Message message;
  const auto parsed = message.parse(octets);
  if (message.is_response()) {
    if (const auto error = validate_response(message, parsed)) return std::unexpected(*error);
  } else if (const auto rejection = validate_request(message, parsed)) {
    return std::unexpected(rejection->error);
  }
  const auto type = message.content_type();
  if (type && type->is("application", "sdp") && !message.body().empty()) {
    if (const auto sdp = parse_sdp(message.body()); !sdp)
      return fail(sdp.error().code, message.offset_of(message.body()) + sdp.error().offset, sdp.error().where,
                  sdp.error().what);
  }
  return Explainer(message).explain();
}

std::string to_string(const Explanation& explanation) {
  std::size_t width = 0;
  for (const auto& item : explanation.items)
    width = std::max(width, item.name.size() + static_cast<std::size_t>(item.depth) * 2);
  width = std::min<std::size_t>(width, 24);
  std::string text = explanation.summary + "\n";
  for (const auto& item : explanation.items) {
    std::string name = std::string(static_cast<std::size_t>(item.depth) * 2, ' ') + item.name;
    if (name.size() < width) name.resize(width, ' ');
    text += "  " + name + "  " + item.value;
    if (!item.rfc.empty() && item.depth == 0) text += "  [" + item.rfc + "]";
    text += "\n";
  }
  return text;
}

}  // namespace tandem::sip
