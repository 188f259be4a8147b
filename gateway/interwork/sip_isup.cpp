#include "gateway/interwork/sip_isup.h"

#include <algorithm>
#include <array>

#include "gateway/interwork/text.h"

namespace tandem::interwork {

namespace {

using isup::MessageType;
using isup::Presentation;
using isup::Screening;

constexpr std::size_t kMaxName = 80;  // Q.931 4.5.16: what a display element holds

/// Printable, and cut between UTF-8 characters.
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

/// RFC 3323 4.1.1.3: the URI of who wants to stay unknown.
bool anonymous(const sip::Uri& uri) {
  return same_token(uri.host, "anonymous.invalid") || same_token(uri.user, "anonymous");
}

/// RFC 4497 9.2.2, RFC 3323 4.2: each kind of privacy that hides the caller; "none", "critical" and "session"
/// do not.
bool wants_privacy(const sip::InviteInfo& invite) {
  constexpr auto kHiding = std::to_array<std::string_view>({"id", "user", "header"});
  const auto hides = [&](const std::string& value) {
    return std::ranges::any_of(kHiding, [&](std::string_view kind) { return same_token(value, kind); });
  };
  return anonymous(invite.from.uri) || std::ranges::any_of(invite.privacy, hides);
}

struct Caller {
  std::optional<isup::CallingPartyNumber> number;
  std::string name;
};

/// RFC 4497 9.2.2: P-Asserted-Identity first, network provided; else From, user provided and not verified.
Caller caller(const sip::InviteInfo& invite, const NumberPlan& plan, bool trusted) {
  Caller out;
  if (trusted) {
    for (const auto& identity : invite.asserted) {
      if (!out.number) out.number = calling_from_uri(identity.uri, plan);
      if (out.name.empty()) out.name = display_name(identity.display);
    }
  }
  if (!out.number) {
    out.number = calling_from_uri(invite.from.uri, plan);
    if (out.number) out.number->screening = Screening::user_not_verified;
  }
  if (out.name.empty()) out.name = display_name(invite.from.display);
  if (!wants_privacy(invite)) return out;
  out.name.clear();  // RFC 3398 12.1: the name only if presentation is not restricted
  if (!out.number)
    out.number = isup::CallingPartyNumber{.digits = {}, .nature = isup::NatureOfAddress::unknown};
  out.number->presentation = Presentation::restricted;
  return out;
}

sip::Param user_phone() {
  return {.name = "user", .value = "phone"};
}

/// RFC 3398 12.1; user=phone as RFC 3398 12 and RFC 3261 19.1.6 say of a telephone number in a SIP URI.
sip::Uri number_uri(std::string user, std::string host) {
  sip::Uri uri;
  uri.user = std::move(user);
  uri.host = std::move(host);
  if (!uri.user.empty()) uri.params.push_back(user_phone());
  return uri;
}

sip::NameAddr name_addr(std::string display, sip::Uri uri) {
  sip::NameAddr address;
  address.display = std::move(display);
  address.uri = std::move(uri);
  return address;
}

sip::NameAddr anonymous_from() {  // RFC 3323 4.1.1.3
  sip::Uri uri;
  uri.user = "anonymous";
  uri.host = "anonymous.invalid";
  return name_addr("Anonymous", std::move(uri));
}

/// Q.1912.5: P-Asserted-Identity is for numbers that the network provided or verified.
bool assertable(Screening screening) {
  return screening == Screening::network || screening == Screening::user_passed;
}

struct ProvisionalRow {
  int status;
  std::uint8_t called_status;  ///< of the ACM
  std::uint8_t event;          ///< of the CPG
  std::uint8_t event_inband;   ///< of the CPG when the response opened early media
  std::string_view clause;
};
constexpr auto kProvisionals = std::to_array<ProvisionalRow>({
    {180, 1, 1, 1, "RFC 3398 8.2.3"},  // Ringing: subscriber free; Alerting
    {181, 0, 6, 6, "RFC 3398 8.2.3"},  // Call is being forwarded: early ACM; Forwarding
    {182, 0, 2, 3, "RFC 3398 8.2.3"},  // Queued: no indication; Progress
    {183, 0, 2, 3, "RFC 3398 8.2.3"},  // Session progress: no indication; Progress
});
constexpr const ProvisionalRow& kSessionProgress = kProvisionals.back();

struct EventRow {
  std::uint8_t event;
  int status;
  bool early_media;
  std::string_view clause;
};
constexpr auto kEvents = std::to_array<EventRow>({
    {1, 180, false, "RFC 3398 7.2.9"},  // Alerting
    {2, 183, false, "RFC 3398 7.2.9"},  // Progress
    {3, 183, true, "RFC 3398 7.2.9"},   // In-band information
    {4, 181, false, "RFC 3398 7.2.9"},  // Call forward; line busy
    {5, 181, false, "RFC 3398 7.2.9"},  // Call forward; no reply
    {6, 181, false, "RFC 3398 7.2.9"},  // Call forward; unconditional
});
constexpr EventRow kNoEvent{0, 183, false, "RFC 3398 7.2.9 (no event code)"};

ProvisionalChoice from_cpg(const isup::Message& cpg, bool backward_media) {
  const EventRow* row = &kNoEvent;
  if (const auto* information = cpg.get<isup::EventInformation>())
    for (const auto& candidate : kEvents)
      if (candidate.event == information->event) row = &candidate;
  return {row->status, row->early_media || backward_media, row->clause};
}

}  // namespace

Result<isup::Message> iam_from_invite(const sip::InviteInfo& invite, const NumberPlan& plan, bool trusted) {
  auto called = read_called(invite.request_uri, plan);
  if (!called) return std::unexpected(called.error());
  isup::Message iam(MessageType::iam);
  // RFC 3398 7.2.1.1: no interworking, ISUP used all the way, originating access non-ISDN; 3.1 kHz audio as
  // in RFC 4497 10.1.
  iam.set(isup::NatureOfConnection{}).set(isup::ForwardCallIndicators{}).set(isup::CallingPartysCategory{});
  iam.set(isup::TransmissionMedium{.value = 3}).set(std::move(*called));
  auto [number, name] = caller(invite, plan, trusted);
  if (number) iam.set(std::move(*number));
  if (!name.empty()) iam.set(isup::GenericName{std::move(name)});
  return iam;
}

bool is_audio(const isup::Message& iam) {
  const auto* medium = iam.get<isup::TransmissionMedium>();
  // Q.763 3.54: speech, 3.1 kHz audio, and 64 kbit/s preferred, which falls back to them.
  return medium == nullptr || medium->value == 0 || medium->value == 3 || medium->value == 6;
}

sip::InviteInfo invite_from_iam(const isup::Message& iam, const NumberPlan& plan,
                                const InviteTarget& target) {
  sip::InviteInfo invite;
  std::string called_user;
  if (const auto* called = iam.get<isup::CalledPartyNumber>())
    called_user = user_from_number(called->digits, called->nature, plan);
  invite.request_uri = number_uri(called_user, target.peer.host);
  invite.request_uri.scheme = target.peer.scheme;
  invite.request_uri.port = target.peer.port;
  for (const auto& param : target.peer.params)
    if (!same_token(param.name, "user")) invite.request_uri.params.push_back(param);
  // RFC 3261 19.1.1: neither port nor transport in To and From.
  invite.to.uri = number_uri(called_user, target.peer.host);

  const auto* calling = iam.get<isup::CallingPartyNumber>();
  const bool restricted = calling != nullptr && calling->presentation == Presentation::restricted;
  std::string user;
  if (calling != nullptr &&
      calling->presentation != Presentation::not_available)  // RFC 3398 12.1: as if absent
    user = user_from_number(calling->digits, calling->nature, plan);
  std::string name;
  if (const auto* generic = iam.get<isup::GenericName>(); generic != nullptr && !restricted)
    name = display_name(generic->name);

  // Without a number the host alone (RFC 3398 8.2.1.1, RFC 4497 9.1.2.1).
  const auto identity = name_addr(name, number_uri(user, target.local.host()));
  invite.from = restricted ? anonymous_from() : identity;
  if (restricted) invite.privacy = {"id"};  // RFC 4497 9.1.2.2, 9.1.2.3
  if (!user.empty() && assertable(calling->screening) && (!restricted || target.trusted))
    invite.asserted.push_back(identity);
  return invite;
}

isup::Message backward_from_provisional(int status, bool acm_sent, bool early_media) {
  const ProvisionalRow* row = &kSessionProgress;  // RFC 3261 8.1.3.2: an unknown 1xx is a 183
  for (const auto& candidate : kProvisionals)
    if (candidate.status == status) row = &candidate;
  isup::Message message(acm_sent ? MessageType::cpg : MessageType::acm);
  if (acm_sent)
    message.set(isup::EventInformation{early_media ? row->event_inband : row->event});
  else
    message.set(isup::BackwardCallIndicators{.called_status = row->called_status});
  if (early_media) message.set(isup::OptionalBackwardCallIndicators{.inband = true});
  return message;
}

isup::Message answer_from_ok(const std::vector<sip::NameAddr>& asserted, const NumberPlan& plan, bool trusted,
                             bool acm_sent) {
  isup::Message answer(acm_sent ? MessageType::anm : MessageType::con);
  if (!acm_sent) answer.set(isup::BackwardCallIndicators{.called_status = 1});  // Q.763 table 28: mandatory
  if (!trusted) return answer;
  for (const auto& identity : asserted) {
    auto number = calling_from_uri(identity.uri, plan);
    if (!number) continue;
    answer.set(isup::ConnectedNumber{.digits = std::move(number->digits), .nature = number->nature});
    break;
  }
  return answer;
}

ConnectedParty connected_from_answer(const isup::Message& anm_or_con, const NumberPlan& plan,
                                     const InviteTarget& target) {
  const auto* connected = anm_or_con.get<isup::ConnectedNumber>();
  if (connected == nullptr || connected->presentation == Presentation::not_available) return {};
  ConnectedParty party;
  party.restricted = connected->presentation == Presentation::restricted;
  auto user = user_from_number(connected->digits, connected->nature, plan);
  if (!user.empty() && assertable(connected->screening) && (!party.restricted || target.trusted))
    party.asserted = name_addr({}, number_uri(std::move(user), target.local.host()));
  return party;
}

ProvisionalChoice provisional_from_backward(const isup::Message& acm_or_cpg) {
  const auto* bci = acm_or_cpg.get<isup::BackwardCallIndicators>();
  const auto* optional = acm_or_cpg.get<isup::OptionalBackwardCallIndicators>();
  const bool interworking = bci != nullptr && bci->interworking;
  const bool inband = optional != nullptr && optional->inband;
  // A cause before the release: a tone or announcement says it (RFC 3398 5.5).
  const bool told = acm_or_cpg.get<isup::CauseIndicators>() != nullptr;
  const bool backward_media = interworking || inband || told;
  if (acm_or_cpg.type() == MessageType::cpg) return from_cpg(acm_or_cpg, backward_media);
  if (acm_or_cpg.type() != MessageType::acm) return {};
  if (backward_media) return {183, true, "RFC 3398 7.2.6"};
  if (bci != nullptr && bci->called_status == 1) return {180, false, "RFC 3398 7.2.6"};
  return {183, false, "RFC 3398 7.2.5"};
}

}  // namespace tandem::interwork
