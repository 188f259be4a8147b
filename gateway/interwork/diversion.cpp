#include "gateway/interwork/diversion.h"

#include <algorithm>
#include <optional>

#include "gateway/interwork/identities.h"
#include "gateway/interwork/text.h"
#include "sipt/views.h"

namespace tandem::interwork {

namespace {

using isup::Presentation;

constexpr std::size_t kMaxEntries = 64;  // of one header
constexpr int kMaxRedirections = 5;      // Q.763 3.45

/// Who diverted and why.
struct Diverted {
  std::optional<isup::CallingPartyNumber> by;  ///< nothing: not a telephone number
  std::string name;
  bool hidden = false;
  std::uint8_t reason = 0;  ///< Q.763 3.45
};
/// All diversions of a call: how many, the first and the last.
struct Redirections {
  int count = 0;
  Diverted first;
  Diverted last;
};

std::vector<sip::NameAddr> entries_of(const sip::Headers& headers, std::string_view name) {
  std::vector<sip::NameAddr> out;
  for (const auto& header : headers) {
    if (!same_token(header.name, name)) continue;
    auto entries = sip::parse_name_addrs(header.value);
    if (!entries) continue;
    for (auto& entry : *entries)
      if (out.size() < kMaxEntries) out.push_back(std::move(entry));
  }
  return out;
}

std::string param_of(const sip::Params& params, std::string_view name) {
  const auto* found = sip::find_param(params, name);
  return found != nullptr && found->value ? *found->value : std::string();
}

/// RFC 5806: the entry on top diverted last; each counts for as many as its counter says.
Redirections from_diversion(const std::vector<sip::NameAddr>& entries, const NumberPlan& plan,
                            const Tables& tables) {
  Redirections out;
  if (entries.empty()) return out;
  const auto read = [&](const sip::NameAddr& entry) {
    Diverted diverted;
    diverted.by = calling_from_uri(entry.uri, plan);
    diverted.name = display_name(entry.display);
    const auto privacy = param_of(entry.params, "privacy");
    diverted.hidden = same_token(privacy, "full") || same_token(privacy, "uri");
    const auto reason = param_of(entry.params, "reason");
    const auto row = std::ranges::find_if(
        tables.reasons, [&](const ReasonRow& candidate) { return same_token(candidate.diversion, reason); });
    if (row != tables.reasons.end()) diverted.reason = row->isup;
    return diverted;
  };
  out.last = read(entries.front());
  out.first = read(entries.back());
  for (const auto& entry : entries) {
    const auto counter = sip::to_number(param_of(entry.params, "counter"), 99);
    out.count += counter ? std::max(1, static_cast<int>(*counter)) : 1;
  }
  return out;
}

/// RFC 7044 10.1: "?Privacy=history" inside the URI.
bool hides_history(const sip::Uri& uri) {
  sip::ValueList fields(uri.headers, '&');
  while (const auto field = fields.next()) {
    const auto equals = std::min(field->find('='), field->size());
    const auto value = field->substr(std::min(equals + 1, field->size()));
    if (same_token(field->substr(0, equals), "Privacy") && same_token(value, "history")) return true;
  }
  return false;
}

/// RFC 7544 6: an entry with a diversion's cause was diverted to by the entry before it.
Redirections from_history(const std::vector<sip::NameAddr>& entries, const NumberPlan& plan, bool hidden,
                          const Tables& tables) {
  Redirections out;
  for (std::size_t i = 1; i < entries.size(); ++i) {
    const auto cause = sip::to_number(param_of(entries[i].uri.params, "cause"), 699);
    if (!cause) continue;
    const auto row = std::ranges::find(tables.reasons, static_cast<int>(*cause), &ReasonRow::history);
    if (row == tables.reasons.end()) continue;
    Diverted diverted;
    diverted.by = calling_from_uri(entries[i - 1].uri, plan);
    diverted.name = display_name(entries[i - 1].display);
    diverted.hidden = hidden || hides_history(entries[i - 1].uri);
    diverted.reason = row->isup;
    if (out.count++ == 0) out.first = diverted;
    out.last = std::move(diverted);
  }
  return out;
}

template <class Number>
void set_number(isup::Message& iam, const Diverted& diverted) {
  if (!diverted.by) return;
  iam.set(Number{.digits = diverted.by->digits,
                 .nature = diverted.by->nature,
                 .presentation = diverted.hidden ? Presentation::restricted : Presentation::allowed});
}

/// The names that may be shown, beside the caller's.
void set_names(isup::Message& iam, const Redirections& found) {
  const auto set = [&](isup::NameOf of, const Diverted& diverted) {
    if (!diverted.hidden && !diverted.name.empty())
      iam.set(isup::GenericName{.name = diverted.name, .of = of});
  };
  set(isup::NameOf::original_called, found.first);
  set(isup::NameOf::redirecting, found.last);
}

sip::Uri uri_of(std::string user, const std::string& host) {
  sip::Uri uri;
  uri.user = std::move(user);
  uri.host = host;
  if (!uri.user.empty()) uri.params.push_back({"user", "phone"});
  return uri;
}

sip::Uri unknown_uri(bool hidden) {
  sip::Uri uri;
  uri.user = hidden ? "anonymous" : "unknown";  // RFC 3323 4.1.1.3, RFC 7544 5
  uri.host = hidden ? "anonymous.invalid" : "unknown.invalid";
  return uri;
}

/// What an IAM says of one diverting party, for the headers.
struct Party {
  sip::Uri uri;
  bool hidden = false;
  std::string name;
};
template <class Number>
Party party_of(const isup::Message& iam, isup::NameOf name, const NumberPlan& plan,
               const DiversionTarget& target) {
  const auto* number = iam.get<Number>();
  Party party;
  party.hidden = number != nullptr && number->presentation != Presentation::allowed;
  if (!party.hidden) party.name = display_name(std::string(name_of(iam, name)));
  std::string user;
  if (number != nullptr && (!party.hidden || target.trusted))
    user = user_from_number(number->digits, number->nature, plan);
  party.uri = user.empty() ? unknown_uri(party.hidden) : uri_of(std::move(user), target.host);
  return party;
}

const ReasonRow* reason_row(std::uint8_t reason, const Tables& tables) {
  const auto row = std::ranges::find(tables.reasons, reason, &ReasonRow::isup);
  return row != tables.reasons.end() ? &*row : nullptr;
}

std::string diversion_value(const Party& party, std::uint8_t reason, int counter, const Tables& tables) {
  const auto* row = reason_row(reason, tables);
  sip::NameAddr entry;
  entry.display = party.name;
  entry.uri = party.uri;
  entry.params = {{"reason", std::string(row != nullptr ? row->diversion : "unknown")},
                  {"counter", std::to_string(counter)},
                  {"privacy", party.hidden ? "full" : "off"}};
  return sip::to_string(entry);
}

/// Entries of History-Info, each diverted to by the one before (RFC 7544 5).
class History {
 public:
  explicit History(const Tables& tables) : tables_(tables) {}
  void add(sip::Uri uri, std::optional<std::uint8_t> reason, bool hidden, std::string name = {}) {
    if (reason) {
      const auto* row = reason_row(*reason, tables_);
      uri.params.push_back({"cause", std::to_string(row != nullptr ? row->history : 404)});
    }
    if (hidden) uri.headers = "Privacy=history";
    sip::NameAddr entry;
    entry.display = std::move(name);
    entry.uri = std::move(uri);
    const auto index = index_.empty() ? std::string("1") : index_ + ".1";
    entry.params.push_back({"index", index});
    if (reason) entry.params.push_back({"mp", index_});
    index_ = index;
    value_ += (value_.empty() ? "" : ", ") + sip::to_string(entry);
  }
  [[nodiscard]] sip::ExtraHeader header() const { return {"History-Info", value_}; }

 private:
  const Tables& tables_;
  std::string index_;
  std::string value_;
};

bool writes(DiversionHeader as, DiversionHeader one) {
  return as == one || as == DiversionHeader::both;
}

}  // namespace

void read_redirections(isup::Message& iam, const sip::Headers& headers, const NumberPlan& plan, bool hidden,
                       const Tables& tables) {
  auto found = from_history(entries_of(headers, "History-Info"), plan, hidden, tables);
  if (found.count == 0) found = from_diversion(entries_of(headers, "Diversion"), plan, tables);
  if (found.count == 0) return;
  set_number<isup::OriginalCalledNumber>(iam, found.first);
  set_number<isup::RedirectingNumber>(iam, found.last);
  set_names(iam, found);
  iam.set(isup::RedirectionInformation{
      .indicator = static_cast<std::uint8_t>(found.last.hidden ? 4 : 3),
      .original_reason = found.first.reason > 3 ? std::uint8_t{0} : found.first.reason,
      .counter = static_cast<std::uint8_t>(std::min(found.count, kMaxRedirections)),
      .reason = found.last.reason});
}

std::vector<sip::ExtraHeader> write_redirections(const isup::Message& iam, const NumberPlan& plan,
                                                 const sip::Uri& request_uri, const DiversionTarget& target,
                                                 const Tables& tables) {
  const bool original_known = iam.get<isup::OriginalCalledNumber>() != nullptr;
  const bool last_known = iam.get<isup::RedirectingNumber>() != nullptr;
  isup::RedirectionInformation information;
  if (const auto* given = iam.get<isup::RedirectionInformation>())
    information = *given;
  else if (!original_known && !last_known)
    return {};
  if (information.indicator == 0) return {};  // Q.763 3.45: no redirection
  const int count = std::clamp<int>(information.counter, 1, kMaxRedirections);
  const auto original =
      party_of<isup::OriginalCalledNumber>(iam, isup::NameOf::original_called, plan, target);
  const auto last =
      last_known ? party_of<isup::RedirectingNumber>(iam, isup::NameOf::redirecting, plan, target) : original;

  std::vector<sip::ExtraHeader> out;
  if (writes(target.as, DiversionHeader::diversion)) {
    auto value = diversion_value(last, information.reason, std::max(1, count - 1), tables);
    if (count > 1) value += ", " + diversion_value(original, information.original_reason, 1, tables);
    out.push_back({"Diversion", std::move(value)});
  }
  if (writes(target.as, DiversionHeader::history_info)) {
    History history(tables);
    const auto& first = count > 1 ? original : last;
    history.add(first.uri, std::nullopt, first.hidden, first.name);
    for (int i = 2; i < count; ++i)  // RFC 7544 5: placeholders for those whose numbers are not known
      history.add(unknown_uri(false), i == 2 ? information.original_reason : std::uint8_t{0}, false);
    if (count > 1)
      history.add(last.uri, count == 2 ? information.original_reason : std::uint8_t{0}, last.hidden,
                  last.name);
    history.add(request_uri, information.reason, false);
    out.push_back(history.header());
  }
  return out;
}

bool says_diverting(const isup::Message& message) {
  const auto* event = message.get<isup::EventInformation>();
  const auto* notification = message.get<isup::GenericNotification>();
  constexpr std::uint8_t kCallIsDiverting = 0x7b;  // Q.763 3.25
  return (event != nullptr && event->event >= 4 && event->event <= 6) ||
         (notification != nullptr && notification->indicator == kCallIsDiverting) ||
         message.get<isup::CallDiversionInformation>() != nullptr ||
         message.get<isup::RedirectionNumber>() != nullptr;
}

bool keeps_diversion_secret(const isup::Message& message) {
  const auto* information = message.get<isup::CallDiversionInformation>();
  return information != nullptr && information->subscription == 1;
}

std::uint8_t diversion_reason(const isup::Message& message) {
  const auto* information = message.get<isup::CallDiversionInformation>();
  if (information != nullptr && information->reason != 0) return information->reason;
  // Q.763 3.21: 4 to 6 are busy, no reply and unconditional, as 1 to 3 in 3.45.
  const auto* event = message.get<isup::EventInformation>();
  const bool forwarded = event != nullptr && event->event >= 4 && event->event <= 6;
  return forwarded ? static_cast<std::uint8_t>(event->event - 3) : std::uint8_t{0};
}

std::uint8_t diversion_event(std::uint8_t reason) {
  return reason == 1 || reason == 2 ? static_cast<std::uint8_t>(reason + 3) : std::uint8_t{6};
}

void read_redirection_number(isup::Message& message, const sip::Headers& headers, const NumberPlan& plan,
                             const Tables& tables) {
  const auto history = entries_of(headers, "History-Info");
  const auto diversion = entries_of(headers, "Diversion");
  isup::CallDiversionInformation information{.subscription = 3};  // Q.763 3.6: no number to be shown
  if (!diversion.empty()) {
    const auto reason = param_of(diversion.front().params, "reason");
    const auto row = std::ranges::find_if(
        tables.reasons, [&](const ReasonRow& candidate) { return same_token(candidate.diversion, reason); });
    if (row != tables.reasons.end()) information.reason = row->isup;
  }
  if (history.size() >= 2) {  // one alone is where the call was sent first
    const auto& now = history.back();
    const auto cause = sip::to_number(param_of(now.uri.params, "cause"), 699);
    const auto row =
        std::ranges::find(tables.reasons, cause ? static_cast<int>(*cause) : 0, &ReasonRow::history);
    if (row != tables.reasons.end()) information.reason = row->isup;
    if (const auto number = called_from_uri(now.uri, plan)) {
      message.set(isup::RedirectionNumber{.digits = number->digits, .nature = number->nature});
      if (hides_history(now.uri))
        message.set(isup::RedirectionNumberRestriction{Presentation::restricted});
      else
        information.subscription = 2;
    }
  }
  if (history.size() >= 2 || !diversion.empty()) message.set(information);
  if (message.get<isup::EventInformation>() != nullptr && information.reason != 0)
    message.set(isup::EventInformation{diversion_event(information.reason)});
}

std::vector<sip::ExtraHeader> write_redirection_number(const isup::Message& message, const NumberPlan& plan,
                                                       const DiversionTarget& target, const Tables& tables) {
  const auto* number = message.get<isup::RedirectionNumber>();
  if (number == nullptr || !writes(target.as, DiversionHeader::history_info)) return {};
  const auto* restriction = message.get<isup::RedirectionNumberRestriction>();
  const bool hidden = (restriction != nullptr && restriction->presentation != Presentation::allowed) ||
                      keeps_diversion_secret(message);
  if (hidden && !target.trusted) return {};
  auto user = user_from_number(number->digits, number->nature, plan);
  if (user.empty()) return {};
  History history(tables);
  history.add(unknown_uri(false), std::nullopt, false);
  history.add(uri_of(std::move(user), target.host), diversion_reason(message), hidden);
  return {history.header()};
}

std::optional<isup::Message> redirected(const isup::Message& iam, isup::CalledPartyNumber target) {
  isup::RedirectionInformation information{.counter = 0};
  if (const auto* given = iam.get<isup::RedirectionInformation>(); given != nullptr && given->indicator != 0)
    information = *given;
  if (information.counter >= kMaxRedirections) return std::nullopt;
  auto out = iam;
  if (const auto* called = iam.get<isup::CalledPartyNumber>()) {
    if (information.counter == 0)
      out.set(isup::OriginalCalledNumber{
          .digits = called->digits, .nature = called->nature, .plan = called->plan});
    out.set(
        isup::RedirectingNumber{.digits = called->digits, .nature = called->nature, .plan = called->plan});
  }
  if (information.counter == 0) information.original_reason = 3;
  ++information.counter;
  information.reason = 3;  // RFC 7544 6: 302 is unconditional
  out.set(information);
  out.set(std::move(target));
  return out;
}

}  // namespace tandem::interwork
