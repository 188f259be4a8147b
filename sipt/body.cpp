#include "sipt/body.h"

#include <algorithm>
#include <optional>
#include <string>

namespace tandem::sip {
namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::size_t kMaxBoundary = 70;  // RFC 2046 5.1.1

/// A body, or a part of one.
struct Part {
  std::string_view type = "text/plain";  // RFC 2046 5.2
  std::string_view disposition = {}, encoding = {}, transfer_encoding = {}, id = {};
  std::string_view content = {};
};

/// RFC 3261 20.11: what says nothing must be understood.
bool is_optional(const Part& part) {
  const auto parameters = part.disposition.find(';');
  if (parameters == npos) return false;
  const auto handling = ParamsView(part.disposition.substr(parameters)).find("handling");
  return handling && equal_ignoring_case(*handling, "optional");
}

/// RFC 3261 20.11: SDP without a word is of the session; "early-session" (RFC 3959) and others are not.
bool of_session(const Part& part) {
  const auto type = trim(part.disposition.substr(0, part.disposition.find(';')));
  return type.empty() || equal_ignoring_case(type, "session");
}

bool packed(const Part& part) {
  if (!part.encoding.empty() && !equal_ignoring_case(part.encoding, "identity")) return true;
  const auto how = part.transfer_encoding;
  return !how.empty() && !equal_ignoring_case(how, "7bit") && !equal_ignoring_case(how, "8bit") &&
         !equal_ignoring_case(how, "binary");
}

/// RFC 2046 5.1.1.
class Multipart {
 public:
  Multipart(std::string_view text, std::string_view boundary) : text_(text), mark_("--") {
    mark_.append(boundary);
    const auto first = find_mark(0);
    open_ = first.behind != npos && !first.last;
    at_ = first.behind;
  }
  /// There is a first delimiter.
  [[nodiscard]] bool opens() const { return open_; }
  /// The next part, header fields and all; the last one may lack its delimiter.
  std::optional<std::string_view> next() {
    if (!open_) return std::nullopt;
    const auto mark = find_mark(at_);
    auto part = text_.substr(at_, mark.start == npos ? npos : mark.start - at_);
    if (mark.start != npos) {  // the line end before a delimiter belongs to it
      if (part.ends_with('\n')) part.remove_suffix(1);
      if (part.ends_with('\r')) part.remove_suffix(1);
    }
    open_ = mark.behind != npos && !mark.last;
    at_ = mark.behind;
    return part;
  }

 private:
  struct Mark {
    std::size_t start = npos, behind = npos;
    bool last = false;
  };
  [[nodiscard]] Mark find_mark(std::size_t from) const {
    for (auto at = text_.find(mark_, from); at != npos; at = text_.find(mark_, at + 1)) {
      if (at != 0 && text_[at - 1] != '\n') continue;
      auto behind = at + mark_.size();
      const bool last = text_.substr(behind).starts_with("--");
      if (last) behind += 2;
      while (behind < text_.size() && (text_[behind] == ' ' || text_[behind] == '\t')) ++behind;
      if (behind == text_.size()) return {at, behind, last};
      if (text_[behind] == '\r') ++behind;
      if (behind < text_.size() && text_[behind] == '\n') return {at, behind + 1, last};
    }
    return {};
  }

  std::string_view text_;
  std::string mark_;
  std::size_t at_ = 0;
  bool open_ = false;
};

/// The value of the field `name` in the line, if that is what it holds.
void take(std::string_view line, std::string_view name, std::string_view& value) {
  const auto colon = line.find(':');
  if (colon != npos && equal_ignoring_case(trim(line.substr(0, colon)), name))
    value = trim(line.substr(colon + 1));
}

/// Header fields, an empty line, content.
Part split_part(std::string_view text) {
  Part part;
  while (!text.empty()) {
    auto end = text.find('\n');
    while (end != npos && end + 1 < text.size() && (text[end + 1] == ' ' || text[end + 1] == '\t'))
      end = text.find('\n', end + 1);
    const auto line = trim(text.substr(0, end));
    text.remove_prefix(end == npos ? text.size() : end + 1);
    if (line.empty()) break;
    take(line, "Content-Type", part.type);
    take(line, "Content-Disposition", part.disposition);
    take(line, "Content-Encoding", part.encoding);
    take(line, "Content-Transfer-Encoding", part.transfer_encoding);
    take(line, "Content-ID", part.id);
  }
  part.content = text;
  return part;
}

Body read(const Part& part, int depth);

/// What two parts say together: the first SDP, the first fault.
void add(Body& all, const Body& one) {
  if (all.sdp.empty()) all.sdp = one.sdp;
  if (all.fault == BodyFault::none) all.fault = one.fault;
}

Body read_multipart(const Part& whole, const MediaTypeView& type, int depth) {
  const auto boundary = unquote(type.params.find("boundary").value_or(std::string_view()));
  if (boundary.empty() || boundary.size() > kMaxBoundary || depth == kMaxBodyNesting)
    return {.sdp = {}, .fault = BodyFault::malformed};
  Multipart parts(whole.content, boundary);
  if (!parts.opens()) return {.sdp = {}, .fault = BodyFault::malformed};
  const bool alternative = equal_ignoring_case(type.subtype, "alternative");
  const bool is_signed = equal_ignoring_case(type.subtype, "signed");
  const bool related = equal_ignoring_case(type.subtype, "related");
  const auto start = unquote(type.params.find("start").value_or(std::string_view()));
  Body all{.sdp = {}, .fault = alternative ? BodyFault::media_type : BodyFault::none};
  std::size_t count = 0;
  while (const auto text = parts.next()) {
    if (++count > kMaxBodyParts) return {.sdp = {}, .fault = BodyFault::malformed};
    const Part part = split_part(*text);
    if (is_signed && count > 1) break;                                        // the signature
    if (related && (start.empty() ? count > 1 : part.id != start)) continue;  // what the root refers to
    const Body one = read(part, depth + 1);
    if (!alternative) {
      add(all, one);
    } else if (one.fault == BodyFault::none) {  // RFC 2046 5.1.4: the last is the best
      all = one;
    }
  }
  return all;
}

Body read(const Part& part, int depth) {
  const bool optional = is_optional(part);
  const auto not_understood = [&](BodyFault fault) {
    return Body{.sdp = {}, .fault = optional ? BodyFault::none : fault};
  };
  if (packed(part)) return not_understood(BodyFault::encoding);
  const auto type = split_media_type(part.type);
  if (!type) return not_understood(BodyFault::media_type);
  if (type->is("application", "sdp") && of_session(part)) return {.sdp = part.content};
  if (!equal_ignoring_case(type->type, "multipart")) return not_understood(BodyFault::media_type);
  Body body = read_multipart(part, *type, depth);
  if (optional && body.fault != BodyFault::none) body = {};
  return body;
}

/// RFC 3261 20.1 with RFC 2616 14.1: how narrowly a media range names application/sdp; 0: it does not.
int narrowness(const MediaTypeView& range) {
  if (range.is("application", "sdp")) return 3;
  if (range.is("application", "*")) return 2;
  return range.is("*", "*") ? 1 : 0;
}

bool refused(const MediaTypeView& range) {
  const auto q = range.params.find("q");
  return q && q->find_first_not_of("0.") == npos;
}

}  // namespace

Body read_body(const Message& message) {
  if (message.body().empty()) return {};
  Part whole{.type = message.value(HeaderId::content_type),
             .disposition = message.value(HeaderId::content_disposition),
             .encoding = message.value(HeaderId::content_encoding),
             .content = message.body()};
  return read(whole, 0);
}

bool accepts_sdp(const Message& request) {
  if (!request.has(HeaderId::accept)) return true;  // RFC 3261 20.1: SDP is what is assumed
  int best = 0;
  bool accepted = false;
  request.for_each(HeaderId::accept, [&](std::string_view value) {
    const auto range = split_media_type(value);
    if (!range || narrowness(*range) <= best) return;
    best = narrowness(*range);
    accepted = !refused(*range);
  });
  return accepted;
}

}  // namespace tandem::sip
