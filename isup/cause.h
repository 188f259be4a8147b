#pragma once
// Why a call ends or does not come about (Q.763 3.12, Q.850).
#include "isup/codes.h"
#include "isup/fields.h"

namespace tandem::isup {

/// Q.763 3.12, Q.850. Octet 1a, with the recommendation, is there when bit H of octet 1 is 0.
struct CauseIndicators {
  std::uint8_t value = 31;                ///< 0 to 127
  Location location = Location::transit;  ///< 0 to 15
  OctetString diagnostic = {};
  std::uint8_t coding = 0;                       ///< 0 ITU-T, 2 national: ANSI's own causes
  bool has_recommendation = false;               ///< octet 1a
  std::uint8_t recommendation = 0;               ///< 0 to 127
  std::uint8_t spare = 0;                        ///< of octets 1, 1a and 2: bit E; not H; not H
  static constexpr std::uint8_t kSpareE = 1;     ///< bit E of octet 1 is 1
  static constexpr std::uint8_t kNotLast1a = 2;  ///< bit H of octet 1a is 0
  static constexpr std::uint8_t kNotLast2 = 4;   ///< bit H of octet 2 is 0
  static constexpr ParamSpec spec{
      .code = 0x12, .name = "CauseIndicators", .octets = 0, .ref = "Q.763 3.12", .least = 2};

  [[nodiscard]] std::size_t contents_size() const {
    return (has_recommendation ? 3U : 2U) + diagnostic.size();
  }
  void write(Octet* out) const {
    const auto last = [&](std::uint8_t not_last) { return (spare & not_last) != 0 ? 0U : 0x80U; };
    *out++ =
        static_cast<Octet>((has_recommendation ? 0U : 0x80U) | (coding & 3U) << 5 |
                           ((spare & kSpareE) != 0 ? 0x10U : 0U) | (static_cast<unsigned>(location) & 15U));
    if (has_recommendation) *out++ = static_cast<Octet>(last(kNotLast1a) | (recommendation & 0x7fU));
    *out++ = static_cast<Octet>(last(kNotLast2) | (value & 0x7fU));
    std::copy(diagnostic.begin(), diagnostic.end(), out);
  }
  [[nodiscard]] bool read(OctetView contents) {
    if (contents.empty()) return false;
    has_recommendation = (contents[0] & 0x80) == 0;
    const std::size_t at = has_recommendation ? 2 : 1;  // of octet 2
    if (contents.size() <= at) return false;
    coding = contents[0] >> 5 & 3;
    location = static_cast<Location>(contents[0] & 15);
    spare = (contents[0] & 0x10) != 0 ? kSpareE : 0;
    if (has_recommendation) {
      recommendation = contents[1] & 0x7f;
      if ((contents[1] & 0x80) == 0) spare |= kNotLast1a;
    }
    if ((contents[at] & 0x80) == 0) spare |= kNotLast2;
    value = contents[at] & 0x7f;
    diagnostic.assign(contents.subspan(at + 1));
    return true;
  }
  friend bool operator==(const CauseIndicators&, const CauseIndicators&) = default;
};

}  // namespace tandem::isup
