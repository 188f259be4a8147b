#pragma once
// Pieces of header values as views of the message text: nothing is copied, escapes and quotes stay inside.
// Offsets in errors are from the start of the text handed in.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/result.h"
#include "sipt/chars.h"

namespace tandem::sip {

inline bool equal_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (lower(a[i]) != lower(b[i])) return false;
  return true;
}
/// Without blanks, tabs and line ends at both ends (RFC 3261 25.1 LWS).
inline std::string_view trim(std::string_view text) {
  while (!text.empty() && is(text.front(), chars::kLws)) text.remove_prefix(1);
  while (!text.empty() && is(text.back(), chars::kLws)) text.remove_suffix(1);
  return text;
}

/// Values separated by commas; those in quotes, and those in <>, do not separate. Empty ones are passed over.
class ValueList {
 public:
  explicit ValueList(std::string_view text, char separator = ',') : rest_(text), separator_(separator) {}
  std::optional<std::string_view> next();

 private:
  [[nodiscard]] std::size_t end_of_value() const;
  std::string_view rest_;
  char separator_;
};

/// Reads parameters one by one: `for (ParamCursor p(text); p.next();) use(p.name, p.value);`
class ParamCursor {
 public:
  explicit ParamCursor(std::string_view text) : rest_(text) {}
  /// Steps to the next parameter; false at the end.
  bool next();
  std::string_view name;
  std::optional<std::string_view> value;  ///< quotes still around it; nothing: no '='
  bool gap = false;                       ///< there was nothing between two semicolons

 private:
  std::string_view rest_;
  bool fresh_ = true;
};

/// Parameters as written: ";name=value;name".
class ParamsView {
 public:
  ParamsView() = default;
  explicit ParamsView(std::string_view text) : text_(text) {}
  /// The value, empty when there is none, names in any case; nothing when the parameter is absent.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
  [[nodiscard]] std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

/// A quoted-string without its quotes and escapes, folds as blanks; other text as it is (RFC 3261 25.1).
std::string unquote(std::string_view text);
/// "..." with '"' and '\\' escaped.
std::string quote(std::string_view text);
/// All of `text` is a number up to `limit`.
std::optional<std::uint32_t> to_number(std::string_view text, std::uint32_t limit);

/// RFC 3261 19.1; user and password still escaped, host without brackets. tel: the number in `user`; other
/// schemes: all behind the colon in `user`.
struct UriView {
  std::string_view scheme, user, password, host;
  std::uint16_t port = 0;  ///< 0: none written
  ParamsView params;
  std::string_view headers;
};
Result<UriView> split_uri(std::string_view text);

/// RFC 3261 20.10, 20.20, 20.34, 20.39: name-addr or addr-spec with header parameters.
struct AddressView {
  std::string_view display;  ///< quotes still around it
  std::string_view uri;      ///< without <>
  ParamsView params;         ///< header parameters only
  std::string_view tag;      ///< empty: none
};
Result<AddressView> split_address(std::string_view text);

/// RFC 3261 20.42, RFC 3581.
struct ViaView {
  std::string_view text;       ///< the whole value
  std::string_view transport;  ///< "UDP" as it came
  std::string_view host;       ///< sent-by, without brackets
  std::uint16_t port = 0;      ///< 0: none written
  ParamsView params;
  std::string_view branch, received, maddr;
  std::optional<std::string_view> rport;  ///< empty: asked for, not filled in
  /// RFC 3261 8.1.1.7: the branch tells transactions apart. The magic cookie alone does not (RFC 4475 3.2.1).
  [[nodiscard]] bool has_unique_branch() const { return branch.size() > 7 && branch.starts_with("z9hG4bK"); }
};
Result<ViaView> split_via(std::string_view text);

/// RFC 3261 20.15: "application/sdp".
struct MediaTypeView {
  std::string_view type, subtype;
  ParamsView params;
  [[nodiscard]] bool is(std::string_view t, std::string_view s) const {
    return equal_ignoring_case(type, t) && equal_ignoring_case(subtype, s);
  }
};
Result<MediaTypeView> split_media_type(std::string_view text);

}  // namespace tandem::sip
