#include "gateway/interwork/identities.h"

#include <algorithm>

#include "gateway/base/bytes.h"
#include "gateway/interwork/text.h"

namespace tandem::interwork {

namespace {

constexpr std::size_t kMaxName = 80;        // Q.931 4.5.16: what a display element holds
constexpr std::size_t kMaxSubaddress = 20;  // Q.931 4.5.9
constexpr Octet kAfiIa5 = 0x50;             // X.213 A.5: local, characters
constexpr Octet kAfiBcd = 0x48;             // X.213 A.5: local, decimal

bool is_plain(Octet c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::optional<Octets> hex_octets(std::string_view text) {
  const bool plain = std::ranges::all_of(text, [](char c) { return is_plain(static_cast<Octet>(c)); });
  if (!plain || text.size() % 2 != 0 || text.starts_with("0x")) return std::nullopt;
  auto octets = from_hex(text);
  if (!octets) return std::nullopt;
  return std::move(*octets);
}

}  // namespace

std::string display_name(std::string_view text) {
  std::string name;
  for (const char c : text)
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) name += c;
  if (name.size() <= kMaxName) return name;
  std::size_t end = kMaxName;
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xc0) == 0x80) --end;
  name.resize(end);
  return name;
}

sip::Uri number_uri(std::string user, std::string host) {
  sip::Uri uri;
  uri.user = std::move(user);
  uri.host = std::move(host);
  if (!uri.user.empty()) uri.params.push_back({.name = "user", .value = "phone"});
  return uri;
}

sip::NameAddr name_addr(std::string display, sip::Uri uri) {
  sip::NameAddr address;
  address.display = std::move(display);
  address.uri = std::move(uri);
  return address;
}

sip::NameAddr anonymous_from() {
  sip::Uri uri;
  uri.user = "anonymous";
  uri.host = "anonymous.invalid";
  return name_addr("Anonymous", std::move(uri));
}

bool is_anonymous(const sip::Uri& uri) {
  return same_token(uri.host, "anonymous.invalid") || same_token(uri.user, "anonymous");
}

bool hides_number(const std::vector<std::string>& privacy, const Tables& tables) {
  return std::ranges::any_of(privacy, [&](const std::string& value) {
    return std::ranges::any_of(tables.privacy,
                               [&](const PrivacyRow& row) { return same_token(value, row.value); });
  });
}

std::optional<tdm::pri::Subaddress> subaddress_of(const sip::Uri& uri) {
  const auto text = user_param(uri, "isub");
  if (!text || text->empty()) return std::nullopt;
  const auto encoding = user_param(uri, "isub-encoding").value_or("nsap-ia5");  // RFC 4715 6.1
  tdm::pri::Subaddress subaddress;
  if (same_token(encoding, "nsap")) {
    const auto octets = hex_octets(*text);
    if (!octets) return std::nullopt;
    subaddress.octets = *octets;
  } else if (same_token(encoding, "nsap-bcd")) {
    const auto octets = hex_octets(text->size() % 2 == 0 ? std::string(*text) : std::string(*text) + "f");
    if (!octets) return std::nullopt;
    subaddress.octets = *octets;
    subaddress.octets.insert(subaddress.octets.begin(), kAfiBcd);
  } else {
    subaddress.octets = to_octets(*text);
    subaddress.octets.insert(subaddress.octets.begin(), kAfiIa5);
  }
  if (subaddress.octets.size() > kMaxSubaddress) return std::nullopt;
  return subaddress;
}

std::string subaddress_params(const tdm::pri::Subaddress& subaddress) {
  const auto& octets = subaddress.octets;
  if (!subaddress.nsap || octets.empty() || octets.size() > kMaxSubaddress) return {};
  const auto characters = OctetView(octets).subspan(1);
  if (octets[0] == kAfiIa5 && !characters.empty() && std::ranges::all_of(characters, is_plain))
    return ";isub=" + std::string(as_text(characters)) + ";isub-encoding=nsap-ia5";
  return ";isub=" + to_hex(octets) + ";isub-encoding=nsap";
}

}  // namespace tandem::interwork
