#pragma once
// What a peer that does not know a message or a parameter shall do with it (Q.763 3.33, 3.41).
#include <optional>

#include "isup/fields.h"

namespace tandem::isup {

/// The instruction indicators of Q.763 3.33 and 3.41, from the first octet; what follows it is of broadband.
struct Instructions {
  bool end_node = false;           ///< A: end node, not transit interpretation
  bool release = false;            ///< B
  bool notify = false;             ///< C: send a CFN
  bool discard_message = false;    ///< D
  bool discard_parameter = false;  ///< E, of a parameter; of a message: pass on not possible: discard
  std::uint8_t pass_on =
      0;  ///< GF, when passing on is not possible: 0 release, 1 discard message, 2 parameter

  static Instructions of(Octet octet) {
    return {(octet & 0x01) != 0, (octet & 0x02) != 0, (octet & 0x04) != 0,
            (octet & 0x08) != 0, (octet & 0x10) != 0, static_cast<std::uint8_t>(octet >> 5 & 3)};
  }
  /// The octet, with the extension bit H: it is the last.
  [[nodiscard]] Octet octet() const {
    return static_cast<Octet>(0x80U | (end_node ? 0x01U : 0U) | (release ? 0x02U : 0U) |
                              (notify ? 0x04U : 0U) | (discard_message ? 0x08U : 0U) |
                              (discard_parameter ? 0x10U : 0U) | (pass_on & 3U) << 5);
  }
  friend bool operator==(const Instructions&, const Instructions&) = default;
};

/// Q.763 3.33.
struct MessageCompatibility {
  OctetString octets = {};
  static constexpr ParamSpec spec{
      .code = 0x38, .name = "MessageCompatibilityInformation", .octets = 0, .ref = "Q.763 3.33"};
  static consteval auto fields() { return std::tuple{}; }
  static consteval auto rest() { return OctetsRest{&MessageCompatibility::octets, "instruction indicators"}; }
  [[nodiscard]] std::optional<Instructions> instructions() const {
    if (octets.empty()) return std::nullopt;
    return Instructions::of(octets.front());
  }
  friend bool operator==(const MessageCompatibility&, const MessageCompatibility&) = default;
};

/// Q.763 3.41: for each parameter that earlier issues did not have, its code and its instruction indicators.
struct ParameterCompatibility {
  OctetString octets = {};
  static constexpr ParamSpec spec{
      .code = 0x39, .name = "ParameterCompatibilityInformation", .octets = 0, .ref = "Q.763 3.41"};
  static consteval auto fields() { return std::tuple{}; }
  static consteval auto rest() { return OctetsRest{&ParameterCompatibility::octets, "instructions"}; }

  /// Calls `each(code, octets of its instruction indicators)` until the octets end.
  template <class Each>
  void for_each(Each each) const {
    const OctetView all = octets;
    for (std::size_t i = 0; i < all.size();) {
      auto end = i + 1;
      while (end < all.size() && (all[end] & 0x80) == 0) ++end;  // bit H: the last of them
      end = std::min(end + 1, all.size());
      each(all[i], all.subspan(i + 1, end - i - 1));
      i = end;
    }
  }
  /// What to do with the parameter of this code when it is not known.
  [[nodiscard]] std::optional<Instructions> instructions_for(std::uint8_t code) const {
    std::optional<Instructions> found;
    for_each([&](Octet of, OctetView indicators) {
      if (of == code && !found && !indicators.empty()) found = Instructions::of(indicators[0]);
    });
    return found;
  }
  friend bool operator==(const ParameterCompatibility&, const ParameterCompatibility&) = default;
};

}  // namespace tandem::isup
