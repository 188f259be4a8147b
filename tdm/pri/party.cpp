#include "tdm/pri/party.h"

#include <algorithm>
#include <cstring>

namespace tandem::tdm::pri {
namespace {

template <std::size_t N>
void copy_text(char (&to)[N], const std::string& from) {
  const auto length = std::min(from.size(), N - 1);
  std::memcpy(to, from.data(), length);
  to[length] = '\0';
}

/// From UTF-8: IA5, or ISO 8859-1 with `latin`; what neither has becomes '?'.
std::string single_octets(const std::string& name, bool latin) {
  std::string text;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const auto octet = static_cast<unsigned char>(name[i]);
    if ((octet & 0xC0) == 0x80) continue;  // the rest of a character that is done
    const auto next = i + 1 < name.size() ? static_cast<unsigned char>(name[i + 1]) : 0U;
    if (latin && (octet == 0xC2 || octet == 0xC3) && (next & 0xC0U) == 0x80U) {
      text.push_back(static_cast<char>((octet & 3U) << 6 | (next & 0x3FU)));
    } else {
      text.push_back(octet < 0x20 || octet > 0x7E ? '?' : name[i]);
    }
  }
  return text;
}

/// From ISO 8859-1, what libpri takes names for unless they say otherwise; control characters are dropped.
std::string utf8(std::string_view text) {
  std::string name;
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet < 0x20 || (octet >= 0x7F && octet < 0xA0)) continue;
    if (octet < 0x80) {
      name.push_back(c);
    } else {
      name.push_back(static_cast<char>(0xC0 | octet >> 6));
      name.push_back(static_cast<char>(0x80 | (octet & 0x3F)));
    }
  }
  return name;
}

pri_party_name to_libpri(const std::string& name, Switch type) {
  pri_party_name to{};
  if (name.empty()) return to;
  to.valid = 1;
  to.presentation = PRI_PRES_ALLOWED;
  to.char_set = PRI_CHAR_SET_ISO8859_1;
  copy_text(to.str, single_octets(name, type == Switch::qsig));
  return to;
}

pri_party_number to_libpri(const Number& number) {
  pri_party_number to{};
  to.valid = 1;
  copy_text(to.str, number.digits);
  to.plan = type_and_plan(number);
  to.presentation = static_cast<int>(number.presentation) << 5 | static_cast<int>(number.screening);
  return to;
}

/// libpri has 3 for deflection, the element 4 (Q.931 4.6.7).
int reason_to_libpri(RedirectionReason reason) {
  return reason == RedirectionReason::deflection ? PRI_REDIR_DEFLECTION : static_cast<int>(reason);
}

RedirectionReason reason_of(int reason) {
  switch (reason) {
    case PRI_REDIR_FORWARD_ON_BUSY:
      return RedirectionReason::busy;
    case PRI_REDIR_FORWARD_ON_NO_REPLY:
      return RedirectionReason::no_reply;
    case PRI_REDIR_DEFLECTION:
    case static_cast<int>(RedirectionReason::deflection):
      return RedirectionReason::deflection;
    case PRI_REDIR_DTE_OUT_OF_ORDER:
      return RedirectionReason::out_of_order;
    case PRI_REDIR_FORWARDED_BY_DTE:
      return RedirectionReason::by_called_dte;
    case PRI_REDIR_UNCONDITIONAL:
      return RedirectionReason::unconditional;
    default:
      return RedirectionReason::unknown;
  }
}

}  // namespace

std::string digits_of(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    const bool letter = (c >= 'A' && c <= 'D') || (c >= 'a' && c <= 'd');
    if ((c >= '0' && c <= '9') || c == '*' || c == '#' || c == '+' || letter) digits.push_back(c);
  }
  return digits;
}

Number number_of(std::string_view digits, int type_and_plan, int presentation) {
  Number number{.digits = digits_of(digits)};
  number.type = static_cast<TypeOfNumber>(type_and_plan >> 4 & 7);
  number.plan = static_cast<NumberingPlan>(type_and_plan & 0x0F);
  number.presentation = static_cast<Presentation>(presentation >> 5 & 3);
  number.screening = static_cast<Screening>(presentation & 3);
  return number;
}

std::string name_of(const pri_party_name& name) {
  return name.valid == 0 ? std::string() : utf8(name.str);
}

Party party_of(const pri_party_id& id) {
  Party party{.number = {}, .name = name_of(id.name), .subaddress = {}};
  if (id.number.valid != 0) party.number = number_of(id.number.str, id.number.plan, id.number.presentation);
  if (id.subaddress.valid != 0) {
    const auto length = static_cast<std::size_t>(std::clamp(id.subaddress.length, 0, 20));
    party.subaddress = Subaddress{.nsap = id.subaddress.type == 0,
                                  .odd = id.subaddress.odd_even_indicator != 0,
                                  .octets = Octets(id.subaddress.data, id.subaddress.data + length)};
  }
  return party;
}

Redirection redirection_of(const pri_party_redirecting& redirecting) {
  const auto from = party_of(redirecting.from);
  const auto original = party_of(redirecting.orig_called);
  return {.original_called = original.number,
          .original_called_name = original.name,
          .original_reason = reason_of(redirecting.orig_reason),
          .redirecting = from.number,
          .redirecting_name = from.name,
          .reason = reason_of(redirecting.reason),
          .count = static_cast<std::uint8_t>(std::clamp(redirecting.count, 1, 255))};
}

int type_and_plan(const Number& number) {
  return static_cast<int>(number.type) << 4 | static_cast<int>(number.plan);
}

pri_party_id to_libpri(const Party& party, Switch type) {
  pri_party_id id{};
  id.name = to_libpri(party.name, type);
  if (party.number) id.number = to_libpri(*party.number);
  if (party.subaddress) id.subaddress = to_libpri(*party.subaddress);
  return id;
}

pri_party_id calling_to_libpri(const Party& party, Switch type) {
  auto id = to_libpri(party, type);
  if (!party.number) {
    id.number.valid = 1;
    id.number.presentation = PRES_NUMBER_NOT_AVAILABLE;
  }
  return id;
}

pri_party_subaddress to_libpri(const Subaddress& subaddress) {
  pri_party_subaddress to{};
  const auto length = std::min<std::size_t>(subaddress.octets.size(), 20);  // Q.931 4.5.8
  to.valid = 1;
  to.type = subaddress.nsap ? 0 : 2;
  to.odd_even_indicator = subaddress.odd ? 1 : 0;
  to.length = static_cast<int>(length);
  std::copy_n(subaddress.octets.begin(), length, to.data);
  return to;
}

pri_party_redirecting to_libpri(const Redirection& redirection, Switch type) {
  pri_party_redirecting to{};
  const bool direct = !redirection.redirecting;  // then the original called party is all that is known
  const auto& from = direct ? redirection.original_called : redirection.redirecting;
  to.from = to_libpri(
      Party{from, direct ? redirection.original_called_name : redirection.redirecting_name, {}}, type);
  to.orig_called = to_libpri(Party{redirection.original_called, redirection.original_called_name, {}}, type);
  to.reason = reason_to_libpri(redirection.reason);
  to.orig_reason = reason_to_libpri(redirection.original_reason);
  to.count = std::max<int>(redirection.count, 1);
  return to;
}

}  // namespace tandem::tdm::pri
