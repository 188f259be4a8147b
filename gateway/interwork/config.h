#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "isup/parameters.h"

namespace tandem::interwork {

/// Which party's number a rule is for.
enum class NumberOf : std::uint8_t { called, calling };

/// One change to a number of one type; the first that fits is made.
struct NumberRule {
  NumberOf of = NumberOf::called;
  bool outgoing = false;                           ///< as sent to the trunk or peer, else as received from it
  std::optional<isup::NatureOfAddress> type = {};  ///< none: any
  std::string prefix = {};                         ///< the number begins with these digits; empty: any
  int strip = 0;         ///< digits taken from its front, after the test of the prefix
  std::string add = {};  ///< digits put in front
  std::optional<isup::NatureOfAddress> becomes = {};  ///< its new type; none: as it was
  friend bool operator==(const NumberRule&, const NumberRule&) = default;
};

/// How numbers of a trunk or peer read as E.164 (RFC 3398 12, Q.699), and how they are changed on the way.
struct NumberRules {
  std::string country_code =
      {};  ///< "44": '+' and national numbers are converted with it; empty: left as they are
  std::vector<NumberRule> rules = {};
  friend bool operator==(const NumberRules&, const NumberRules&) = default;
};

/// A cause that is to be read as another status than RFC 3398 says, or the other way about.
struct CauseOverride {
  std::uint8_t cause = 0;
  int status = 0;
  friend bool operator==(const CauseOverride&, const CauseOverride&) = default;
};

/// How redirections are said to a SIP peer (RFC 5806, RFC 7044); both are understood.
enum class DiversionHeader : std::uint8_t { none, diversion, history_info, both };

}  // namespace tandem::interwork
