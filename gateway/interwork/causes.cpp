#include "gateway/interwork/causes.h"

#include <algorithm>
#include <charconv>

#include "gateway/base/q850.h"
#include "gateway/interwork/q931_codes.h"
#include "gateway/interwork/text.h"

namespace tandem::interwork {

namespace {

/// One of the values of a Warning header has one of the codes; commas inside quotes part nothing.
bool speaks_of_bearer(std::string_view warning, const Tables& tables) {
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
          std::ranges::find(tables.warnings, warning.substr(i, 3), &WarningRow::code) !=
              tables.warnings.end())
        return true;
      at_start = false;
    }
  }
  return false;
}

}  // namespace

StatusChoice status_from_cause(const isup::CauseIndicators& cause, std::span<const CauseOverride> overrides,
                               const Tables& tables) {
  const auto own = std::ranges::find(overrides, cause.value, &CauseOverride::cause);
  if (own != overrides.end() && own->status != 0) return {own->status, {}, true};
  const auto fits = [&](const StatusRow& row) {
    if (row.cause != 0 && row.cause != cause.value) return false;
    if (row.of == CauseOf::user) return cause.location == isup::Location::user;
    return row.of == CauseOf::any || new_number(cause, tables).has_value();
  };
  const auto row = std::ranges::find_if(tables.statuses, fits);
  return row != tables.statuses.end() ? StatusChoice{row->status, row->clause} : StatusChoice{};
}

StatusChoice status_from_error(const Error& error, const Tables& tables) {
  const auto row = std::ranges::find(tables.errors, error.code, &ErrorRow::code);
  if (row == tables.errors.end()) return {400, "RFC 3261 21.4.1"};
  return {row->status, row->clause};
}

std::optional<isup::CalledPartyNumber> new_number(const isup::CauseIndicators& cause, const Tables& tables) {
  if (cause.value != 22 && cause.value != 23) return std::nullopt;
  return q931::read_called_number(cause.diagnostic, tables);
}

CauseChoice cause_from_status(int status, std::string_view warning, const Tables& tables) {
  const auto fits = [&](const CauseRow& row) {
    const bool meant = row.status == 300 ? status < 400 : row.status == 0 || row.status == status;
    if (!meant) return false;
    return !row.bearer || speaks_of_bearer(warning, tables);
  };
  CauseChoice choice;
  if (const auto row = std::ranges::find_if(tables.causes, fits); row != tables.causes.end()) {
    choice.cause.value = row->cause;
    choice.clause = row->clause;
  }
  const auto location = std::ranges::find_if(
      tables.locations, [&](const LocationRow& row) { return status >= row.from_status; });
  if (location != tables.locations.end()) choice.cause.location = location->location;
  return choice;
}

CauseChoice cause_from_failure(const sip::FailureReceived& failure, bool ringing, const FailureRules& rules,
                               const Tables& tables) {
  auto choice = cause_from_status(failure.status, failure.warning, tables);
  if (failure.timeout) {
    // RFC 3398 8.1.3: the called user does not answer; without any response the peer itself is silent.
    choice.cause.value = ringing ? 18 : 102;
    choice.clause = ringing ? "RFC 3398 8.1.3" : "RFC 3398 8.2.6.1";
    choice.by = CauseBy::silence;
    return choice;
  }
  if (rules.reason_decides) {
    if (const auto given = cause_from_reasons(failure.reasons))
      return {.cause = *given, .clause = "RFC 6432 3", .by = CauseBy::reason};
  }
  const auto own = std::ranges::find(rules.causes, failure.status, &CauseOverride::status);
  if (own != rules.causes.end() && own->cause != 0) {
    choice.cause.value = own->cause;
    choice.clause = {};
    choice.by = CauseBy::configuration;
    return choice;
  }
  if (choice.cause.value == 23) {
    const auto targets = redirect_targets(failure.contacts, 1);
    if (!targets.empty())
      if (const auto number = called_from_uri(targets[0], rules.plan))
        choice.cause.diagnostic = q931::write_called_number(*number, tables);
  }
  return choice;
}

std::vector<sip::Uri> redirect_targets(std::span<const sip::NameAddr> contacts, std::size_t limit) {
  struct Target {
    const sip::Uri* uri;
    double q;
  };
  std::vector<Target> targets;
  for (const auto& contact : contacts) {
    const auto& scheme = contact.uri.scheme;
    const bool callable =
        same_token(scheme, "tel") ||
        ((same_token(scheme, "sip") || same_token(scheme, "sips")) && !contact.uri.host.empty());
    if (!callable || targets.size() == 64) continue;
    const auto* q = sip::find_param(contact.params, "q");
    double value = 1;  // RFC 3261 20.10: absent
    if (q != nullptr && q->value) {
      const auto& text = *q->value;
      if (std::from_chars(text.data(), text.data() + text.size(), value).ec != std::errc{}) value = 0;
    }
    const auto place = std::ranges::find_if(targets, [&](const Target& other) { return other.q < value; });
    targets.insert(place, {&contact.uri, value});
  }
  std::vector<sip::Uri> out;
  for (const auto& target : targets)
    if (out.size() < limit) out.push_back(*target.uri);
  return out;
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
          .location = static_cast<std::uint8_t>(static_cast<unsigned>(cause.location) & 15U)};
}

}  // namespace tandem::interwork
