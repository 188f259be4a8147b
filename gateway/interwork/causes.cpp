#include "gateway/interwork/causes.h"

#include <algorithm>
#include <array>

#include "gateway/base/q850.h"
#include "gateway/interwork/q931_codes.h"
#include "gateway/interwork/text.h"

namespace tandem::interwork {

namespace {

struct StatusRow {
  std::uint8_t cause;
  int status;
  std::string_view clause;
};

// clang-format off
constexpr auto kStatuses = std::to_array<StatusRow>({
    // Normal event
    {1,   404, "RFC 3398 7.2.4.1"},  // unallocated number
    {2,   404, "RFC 3398 7.2.4.1"},  // no route to network
    {3,   404, "RFC 3398 7.2.4.1"},  // no route to destination
    {16,  480, "RFC 3398 7.2.4.1 (*)"},  // normal clearing: BYE or CANCEL; 480 where a response is forced
    {17,  486, "RFC 3398 7.2.4.1"},  // user busy
    {18,  408, "RFC 3398 7.2.4.1"},  // no user responding
    {19,  480, "RFC 3398 7.2.4.1"},  // no answer from the user
    {20,  480, "RFC 3398 7.2.4.1"},  // subscriber absent
    {21,  403, "RFC 3398 7.2.4.1"},  // call rejected; by the user: see kUserRejected
    {22,  410, "RFC 3398 7.2.4.1"},  // number changed; to a known number: see kNumberChanged
    {23,  410, "RFC 3398 7.2.4.1"},  // redirection to new destination
    {26,  404, "RFC 3398 7.2.4.1 (=)"},  // non-selected user clearing; ANSI: misrouted ported number
    {27,  502, "RFC 3398 7.2.4.1"},  // destination out of order
    {28,  484, "RFC 3398 7.2.4.1"},  // address incomplete
    {29,  501, "RFC 3398 7.2.4.1"},  // facility rejected
    {31,  480, "RFC 3398 7.2.4.1"},  // normal unspecified
    // Resource unavailable
    {34,  503, "RFC 3398 7.2.4.1"},  // no circuit available
    {38,  503, "RFC 3398 7.2.4.1"},  // network out of order
    {41,  503, "RFC 3398 7.2.4.1"},  // temporary failure
    {42,  503, "RFC 3398 7.2.4.1"},  // switching equipment congestion
    {44,  503, "RFC 3398 7.2.4.1"},  // untranslatable: another circuit is tried; none is left
    {47,  503, "RFC 3398 7.2.4.1"},  // resource unavailable
    // Service or option not available, not implemented
    {55,  403, "RFC 3398 7.2.4.1"},  // incoming calls barred within CUG
    {57,  403, "RFC 3398 7.2.4.1"},  // bearer capability not authorized
    {58,  503, "RFC 3398 7.2.4.1"},  // bearer capability not presently available
    {65,  488, "RFC 3398 7.2.4.1"},  // bearer capability not implemented
    {70,  488, "RFC 3398 7.2.4.1"},  // only restricted digital available
    {79,  501, "RFC 3398 7.2.4.1"},  // service or option not implemented
    // Invalid message
    {87,  403, "RFC 3398 7.2.4.1"},  // user not member of CUG
    {88,  503, "RFC 3398 7.2.4.1"},  // incompatible destination
    // Protocol error, interworking
    {102, 504, "RFC 3398 7.2.4.1"},  // recovery on timer expiry
    {111, 500, "RFC 3398 7.2.4.1"},  // protocol error
    {127, 500, "RFC 3398 7.2.4.1"},  // interworking unspecified
});
constexpr StatusRow kUserRejected  {21, 603, "RFC 3398 7.2.4.1 (+)"};
constexpr StatusRow kNumberChanged {22, 301, "RFC 3398 7.2.4.1 (w/ diagnostic)"};
constexpr StatusRow kOtherCause    {0,  500, "RFC 3398 7.2.4.1 (default)"};

struct CauseRow {
  int status;
  std::uint8_t cause;
  std::string_view clause;
};
constexpr auto kCauses = std::to_array<CauseRow>({
    {400, 41,  "RFC 3398 8.2.6.1"},      // Bad Request
    {401, 21,  "RFC 3398 8.2.6.1 (*)"},  // Unauthorized
    {402, 21,  "RFC 3398 8.2.6.1"},      // Payment Required
    {403, 21,  "RFC 3398 8.2.6.1"},      // Forbidden
    {404, 1,   "RFC 3398 8.2.6.1"},      // Not Found
    {405, 63,  "RFC 3398 8.2.6.1"},      // Method Not Allowed
    {406, 79,  "RFC 3398 8.2.6.1 (+)"},  // Not Acceptable
    {407, 21,  "RFC 3398 8.2.6.1 (*)"},  // Proxy Authentication Required
    {408, 102, "RFC 3398 8.2.6.1"},      // Request Timeout
    {410, 22,  "RFC 3398 8.2.6.1"},      // Gone
    {413, 127, "RFC 3398 8.2.6.1 (+)"},  // Request Entity Too Large
    {414, 127, "RFC 3398 8.2.6.1 (+)"},  // Request-URI Too Long
    {415, 79,  "RFC 3398 8.2.6.1 (+)"},  // Unsupported Media Type
    {416, 127, "RFC 3398 8.2.6.1 (+)"},  // Unsupported URI Scheme
    {420, 127, "RFC 3398 8.2.6.1 (+)"},  // Bad Extension
    {421, 127, "RFC 3398 8.2.6.1 (+)"},  // Extension Required
    {423, 127, "RFC 3398 8.2.6.1 (+)"},  // Interval Too Brief
    {480, 18,  "RFC 3398 8.2.6.1"},      // Temporarily Unavailable
    {481, 41,  "RFC 3398 8.2.6.1"},      // Call/Transaction Does Not Exist
    {482, 25,  "RFC 3398 8.2.6.1"},      // Loop Detected
    {483, 25,  "RFC 3398 8.2.6.1"},      // Too Many Hops
    {484, 28,  "RFC 3398 8.2.6.1 (+)"},  // Address Incomplete
    {485, 1,   "RFC 3398 8.2.6.1"},      // Ambiguous
    {486, 17,  "RFC 3398 8.2.6.1"},      // Busy Here
    {487, 16,  "RFC 3398 8.2.6.1 (no mapping)"},  // Request Terminated: by our own CANCEL
    {488, 31,  "RFC 3398 8.2.6.1 (Warning)"},     // Not Acceptable Here; a bearer warning: see kBearerWarning
    {500, 41,  "RFC 3398 8.2.6.1"},      // Server Internal Error
    {501, 79,  "RFC 3398 8.2.6.1"},      // Not Implemented
    {502, 38,  "RFC 3398 8.2.6.1"},      // Bad Gateway
    {503, 41,  "RFC 3398 8.2.6.1"},      // Service Unavailable
    {504, 102, "RFC 3398 8.2.6.1"},      // Server Time-out
    {505, 127, "RFC 3398 8.2.6.1 (+)"},  // Version Not Supported; printed as 504 there
    {513, 127, "RFC 3398 8.2.6.1 (+)"},  // Message Too Large
    {600, 17,  "RFC 3398 8.2.6.1"},      // Busy Everywhere
    {603, 21,  "RFC 3398 8.2.6.1"},      // Decline
    {604, 1,   "RFC 3398 8.2.6.1"},      // Does Not Exist Anywhere
    {606, 31,  "RFC 3398 8.2.6.1 (Warning)"},     // Not Acceptable
});
constexpr CauseRow kBearerWarning {488, 65, "RFC 3398 8.2.6.1 (Warning)"};
constexpr CauseRow kRedirected    {300, 23, "RFC 3398 8.2.5"};  // 3xx: redirection to a new destination
constexpr CauseRow kOtherStatus   {0,   31, "RFC 3398 8.2.6.1 (default)"};

// RFC 3261 20.43: media type not available, incompatible media format, insufficient bandwidth.
constexpr auto kBearerWarnings = std::to_array<std::string_view>({"304", "305", "370"});
// clang-format on

/// One of the values of a Warning header has one of the codes; commas inside quotes part nothing.
bool speaks_of_bearer(std::string_view warning) {
  bool quoted = false;
  bool at_start = true;
  for (std::size_t i = 0; i < warning.size(); ++i) {
    const char c = warning[i];
    if (quoted) {
      if (c == '\\') ++i;
      quoted = c != '"';
    } else if (c == ',') {
      at_start = true;
    } else if (c == '"') {
      quoted = true;
    } else if (c != ' ' && c != '\t') {
      if (at_start && warning.substr(i).size() > 3 && warning[i + 3] == ' ' &&
          std::ranges::find(kBearerWarnings, warning.substr(i, 3)) != kBearerWarnings.end())
        return true;
      at_start = false;
    }
  }
  return false;
}

}  // namespace

StatusChoice status_from_cause(const isup::CauseIndicators& cause) {
  const StatusRow* row = &kOtherCause;
  for (const auto& candidate : kStatuses)
    if (candidate.cause == cause.value) row = &candidate;
  if (cause.value == kUserRejected.cause && cause.location == isup::Location::user) row = &kUserRejected;
  if (cause.value == kNumberChanged.cause && new_number(cause)) row = &kNumberChanged;
  return {row->status, row->clause};
}

StatusChoice status_from_error(const Error& error) {
  if (error.code == Errc::missing) return {404, "RFC 3398 7.2.1.1"};
  return {484, "RFC 3398 12.2"};
}

std::optional<isup::CalledPartyNumber> new_number(const isup::CauseIndicators& cause) {
  if (cause.value != 22 && cause.value != 23) return std::nullopt;
  return q931::read_called_number(cause.diagnostic);
}

CauseChoice cause_from_status(int status, std::string_view warning) {
  const CauseRow* row = status < 400 ? &kRedirected : &kOtherStatus;
  for (const auto& candidate : kCauses)
    if (candidate.status == status) row = &candidate;
  if ((status == 488 || status == 606) && speaks_of_bearer(warning)) row = &kBearerWarning;
  // RFC 3398 8.2.6.1: 6xx from the user, else from the network, which to the PSTN is the one behind us.
  const auto location = status >= 600 ? isup::Location::user : isup::Location::beyond_interworking;
  return {{.value = row->cause, .location = location}, row->clause};
}

std::optional<isup::CauseIndicators> cause_from_reasons(const std::vector<sip::Reason>& reasons) {
  for (const auto& reason : reasons) {
    if (!same_token(reason.protocol, "Q.850")) continue;
    if (reason.cause < 1 || reason.cause > 127) continue;  // Q.850 2.2.5: seven bits, and 0 is no cause
    isup::CauseIndicators cause{.value = static_cast<std::uint8_t>(reason.cause),
                                .location = isup::Location::beyond_interworking};
    if (reason.location && *reason.location < 16)
      cause.location = static_cast<isup::Location>(*reason.location);
    return cause;
  }
  return std::nullopt;
}

isup::CauseIndicators cause_from_clearing(const std::vector<sip::Reason>& reasons) {
  return cause_from_reasons(reasons).value_or(
      isup::CauseIndicators{.value = 16, .location = isup::Location::user});
}

sip::Reason reason_from_cause(const isup::CauseIndicators& cause) {
  return {.protocol = "Q.850",
          .cause = cause.value,
          .text = std::string(cause_name(cause.value)),
          .location = static_cast<std::uint8_t>(cause.location)};
}

}  // namespace tandem::interwork
