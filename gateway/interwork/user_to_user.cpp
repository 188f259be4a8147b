#include "gateway/interwork/user_to_user.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/bytes.h"
#include "gateway/interwork/text.h"
#include "sipt/views.h"

namespace tandem::interwork {

namespace {

constexpr std::size_t kMaxOctets = 129;  // RFC 7434 3: 128 and the protocol discriminator
constexpr std::string_view kPackage = "isdn-uui";

/// A value of User-to-User: data and what is said of it (RFC 7433 4.1).
struct Value {
  std::string data;
  bool hex = true;      ///< the only encoding of the package
  bool ours = true;     ///< no purpose, or the ISDN's
  bool content = true;  ///< none said, or the ISDN's
};

Value read_value(std::string_view text) {
  sip::ValueList parts(text, ';');
  Value value;
  const auto data = parts.next();
  if (!data) {
    value.ours = false;
    return value;
  }
  value.data = sip::unquote(sip::trim(*data));
  while (const auto part = parts.next()) {
    const auto equals = std::min(part->find('='), part->size());
    const auto name = sip::trim(part->substr(0, equals));
    const auto is = [&](std::string_view expected) {
      const auto given = sip::trim(part->substr(std::min(equals + 1, part->size())));
      return same_token(sip::unquote(given), expected);
    };
    if (same_token(name, "purpose"))
      value.ours = is(kPackage) || is("isdn-interwork");  // as it was called before RFC 7434
    else if (same_token(name, "encoding"))
      value.hex = is("hex");
    else if (same_token(name, "content"))
      value.content = is(kPackage);
  }
  return value;
}

/// Those of the ISDN's package.
std::vector<Value> values_of(const sip::Headers& headers) {
  std::vector<Value> out;
  for (const auto& header : headers) {
    if (!same_token(header.name, "User-to-User")) continue;
    sip::ValueList list(header.value);
    while (const auto text = list.next()) {
      auto value = read_value(*text);
      if (value.ours && out.size() < 2) out.push_back(std::move(value));
    }
  }
  return out;
}

bool is_hex_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

}  // namespace

std::optional<isup::UserToUserInformation> read_user_to_user(const sip::Headers& headers) {
  const auto values = values_of(headers);
  if (values.size() != 1) return std::nullopt;
  const auto& [data, hex, ours, content] = values[0];
  if (!hex || !content || data.empty() || data.size() > 2 * kMaxOctets) return std::nullopt;
  if (!std::ranges::all_of(data, is_hex_digit)) return std::nullopt;  // from_hex() would pass over separators
  const auto octets =
      data.size() % 2 == 0 ? from_hex(data) : fail(Errc::malformed, 0, "User-to-User", "half");
  if (!octets || octets->empty()) return std::nullopt;
  return isup::UserToUserInformation{.protocol = octets->front(),
                                     .octets = Octets(octets->begin() + 1, octets->end())};
}

sip::ExtraHeader write_user_to_user(const isup::UserToUserInformation& information) {
  return {"User-to-User", to_hex(OctetView(&information.protocol, 1)) + to_hex(information.octets) +
                              ";encoding=hex;purpose=isdn-uui;content=isdn-uui"};
}

bool permits_user_to_user(const sip::Headers& headers) {
  return !values_of(headers).empty();
}

}  // namespace tandem::interwork
