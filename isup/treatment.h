#pragma once
// What instructions mean for an exchange, by its place in the call (Q.764 2.9.5.2, 2.9.5.3).
// Q.763 3.33, 3.41: what concerns exchanges between broad- and narrowband networks (GF of a message, the
// second octet of a parameter) does not concern this one.
#include <algorithm>
#include <optional>

#include "isup/compatibility.h"

namespace tandem::isup {

/// What becomes of a message or a parameter that is not known, from the mildest on.
enum class Fate : std::uint8_t { pass_on, discard_parameter, discard_message, release };
struct Treatment {
  Fate fate = Fate::pass_on;
  bool notify = false;  ///< by CFN, or by the RLC that answers a REL
  friend bool operator==(const Treatment&, const Treatment&) = default;
};

/// Q.764 2.9.5.3.2. `transit`: the call goes on in ISUP, so that passing on is possible (type B); else the
/// exchange is at an end or interworks (type A). Without instructions: Q.764 2.9.5.3.1.
inline Treatment treat_message(const std::optional<Instructions>& given, bool transit) {
  if (!given) return {Fate::discard_message, true};
  if (transit && !given->end_node) return {};  // Q.764 2.9.5.2 i): the others do not count
  if (given->release) return {Fate::release};
  if (given->discard_message) return {Fate::discard_message, given->notify};
  if (transit) return {Fate::pass_on, given->notify};
  if (!given->discard_parameter) return {Fate::release};  // E: pass on not possible
  return {Fate::discard_message, given->notify};
}

/// Q.764 2.9.5.3.3.
inline Treatment treat_parameter(const std::optional<Instructions>& given, bool transit) {
  if (!given) return transit ? Treatment{} : Treatment{Fate::discard_parameter, true};
  if (transit && !given->end_node) return {};
  if (given->release) return {Fate::release};
  if (given->discard_message) return {Fate::discard_message, given->notify};
  if (given->discard_parameter) return {Fate::discard_parameter, given->notify};
  if (transit) return {Fate::pass_on, given->notify};
  if (given->pass_on == 1) return {Fate::discard_message, given->notify};
  if (given->pass_on == 2) return {Fate::discard_parameter, given->notify};
  return {Fate::release};  // 0, and 3, which is read as 0 (Q.763 3.41)
}

/// Parameters of a message that are not known: the strictest treatment, and those to be told of.
struct UnknownParameters {
  Fate fate = Fate::pass_on;
  Octets told = {};
  void add(Octet code, const Treatment& treatment) {
    fate = std::max(fate, treatment.fate);
    if (treatment.notify) told.push_back(code);
  }
};

}  // namespace tandem::isup
