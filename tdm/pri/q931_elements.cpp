#include "tdm/pri/q931_elements.h"

#include <algorithm>

namespace tandem::tdm::pri {
namespace {

constexpr std::size_t kMaxSubaddress = 20;  // Q.931 4.5.8
constexpr std::size_t kMaxUserUser = 128;   // Q.931 4.5.30
constexpr std::size_t kMaxKeypad = 32;      // Q.931 4.5.18
constexpr std::size_t kMaxDigits = 32;
constexpr std::size_t kMaxCarrier = 8;

Octet last(unsigned value) {
  return static_cast<Octet>(0x80U | value);
}

}  // namespace

std::optional<UserUser> read_user_user(OctetView c) {
  if (c.empty() || c.size() > kMaxUserUser + 1) return std::nullopt;
  return UserUser{c[0], Octets(c.begin() + 1, c.end())};
}

std::optional<Subaddress> read_subaddress(OctetView c) {
  if (c.size() < 2 || (c[0] & 0x80) == 0 || c.size() > kMaxSubaddress + 1) return std::nullopt;
  const unsigned type = c[0] >> 4 & 7U;
  if (type != 0 && type != 2) return std::nullopt;
  return Subaddress{.nsap = type == 0, .odd = (c[0] & 0x08) != 0, .octets = Octets(c.begin() + 1, c.end())};
}

std::string read_keypad(OctetView c) {
  std::string digits;
  for (const Octet octet : c.first(std::min(c.size(), kMaxKeypad))) {
    const char key = static_cast<char>(octet & 0x7F);
    if (key >= 0x20 && key < 0x7F) digits.push_back(key);
  }
  return digits;
}

std::string read_transit_network(OctetView c) {
  if (c.size() < 2 || (c[0] & 0x80) == 0 || c.size() > kMaxCarrier + 1) return {};
  std::string digits;
  for (const Octet octet : c.subspan(1)) {
    const char digit = static_cast<char>(octet & 0x7F);
    if (digit < '0' || digit > '9') return {};
    digits.push_back(digit);
  }
  return digits;
}

std::optional<std::uint8_t> read_interface(OctetView c) {
  if (c.size() < 2 || (c[0] & 0x40) == 0) return std::nullopt;
  return static_cast<std::uint8_t>(c[1] & 0x7F);
}

std::optional<RedirectionReason> read_redirection_reason(OctetView c) {
  // Octets 3, 3a, 3b: the reason is in 3b, which follows when neither of the others ends the group.
  if (c.size() < 3 || (c[0] & 0x80) != 0 || (c[1] & 0x80) != 0) return std::nullopt;
  return static_cast<RedirectionReason>(c[2] & 0x0F);
}

std::optional<std::uint8_t> read_notification(OctetView c) {
  if (c.size() != 1 || (c[0] & 0x80) == 0) return std::nullopt;
  return static_cast<std::uint8_t>(c[0] & 0x7F);
}

Octets encode_progress(const Progress& progress) {
  return {ie::kProgressIndicator, 2, last(static_cast<unsigned>(progress.location)),
          last(static_cast<unsigned>(progress.description))};
}

Octets encode_user_user(const UserUser& value) {
  const auto length = std::min(value.octets.size(), kMaxUserUser);
  Octets element{ie::kUserUser, static_cast<Octet>(length + 1), value.protocol};
  element.insert(element.end(), value.octets.begin(),
                 value.octets.begin() + static_cast<std::ptrdiff_t>(length));
  return element;
}

Octets encode_channel(const Channel& channel, std::optional<std::uint8_t> interface) {
  unsigned first = channel.timeslot == 0 ? 0x20U : 0x21U;  // primary rate; the channel as indicated below
  if (channel.exclusive) first |= 0x08U;
  if (interface) first |= 0x40U;
  Octets element{ie::kChannelIdentification, 0, last(first)};
  if (interface) element.push_back(last(*interface));
  if (channel.timeslot != 0) element.insert(element.end(), {Octet{0x83}, last(channel.timeslot)});
  element[1] = static_cast<Octet>(element.size() - 2);
  return element;
}

Octets encode_transit_network(const std::string& digits) {
  const auto length = std::min(digits.size(), kMaxCarrier);
  // National network identification, carrier identification code (T1.607 has no other).
  Octets element{ie::kTransitNetworkSelection, static_cast<Octet>(length + 1), last(0x21U)};
  element.insert(element.end(), digits.begin(), digits.begin() + static_cast<std::ptrdiff_t>(length));
  return element;
}

Octets encode_restart_class(std::uint8_t restart_class) {
  return {ie::kRestartIndicator, 1, last(restart_class)};
}

Octets encode_called_digits(const std::string& digits) {
  const auto length = std::min(digits.size(), kMaxDigits);
  Octets element{ie::kCalledNumber, static_cast<Octet>(length + 1), 0x80};
  element.insert(element.end(), digits.begin(), digits.begin() + static_cast<std::ptrdiff_t>(length));
  return element;
}

Octets encode_change_status(std::uint8_t status) {
  return {ie::kChangeStatus, 1, last(0x40U | status)};
}

Octets encode_sending_complete() {
  return {ie::kSendingComplete};
}

}  // namespace tandem::tdm::pri
