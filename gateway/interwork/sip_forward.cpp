#include <algorithm>

#include "gateway/interwork/diversion.h"
#include "gateway/interwork/identities.h"
#include "gateway/interwork/q931_codes.h"
#include "gateway/interwork/routing_params.h"
#include "gateway/interwork/sip_isup.h"
#include "gateway/interwork/text.h"
#include "gateway/interwork/user_to_user.h"
#include "sipt/views.h"

namespace tandem::interwork {

namespace {

using isup::MessageType;
using isup::Presentation;
using isup::Screening;

constexpr int kHopFactor = 3;                   // Q.1912.5: Max-Forwards 70 and the 31 of the hop counter
constexpr int kMaxHops = 31;                    // Q.763 3.80
constexpr std::uint8_t kAdditionalCalling = 6;  // Q.763 3.26: additional calling party number

struct Caller {
  std::optional<isup::CallingPartyNumber> number;
  std::optional<isup::GenericNumber> additional;
  std::string name;
  const sip::Uri* uri = nullptr;  ///< where the number stands
};

bool wants_privacy(const sip::InviteInfo& invite, const Tables& tables) {
  return is_anonymous(invite.from.uri) || hides_number(invite.privacy, tables);
}

/// Nobody may see who calls: the number stays inside the network, the name goes (RFC 3398 12.1).
void restrict_caller(Caller& caller) {
  caller.name.clear();
  if (!caller.number)
    caller.number = isup::CallingPartyNumber{.digits = {}, .nature = isup::NatureOfAddress::unknown};
  caller.number->presentation = Presentation::restricted;
  if (caller.additional) caller.additional->presentation = Presentation::restricted;
}

/// RFC 4497 9.2.2: P-Asserted-Identity first, network provided; else From, user provided and not verified.
Caller caller_of(const sip::InviteInfo& invite, const NumberPlan& plan, bool trusted, const Tables& tables) {
  Caller out;
  if (trusted) {
    for (const auto& identity : invite.asserted) {
      if (!out.number) {
        out.number = calling_from_uri(identity.uri, plan);
        out.uri = &identity.uri;
      }
      if (out.name.empty()) out.name = display_name(identity.display);
    }
  }
  auto from = is_anonymous(invite.from.uri) ? std::nullopt : calling_from_uri(invite.from.uri, plan);
  if (!out.number) {
    out.number = std::move(from);
    out.uri = &invite.from.uri;
    if (out.number) out.number->screening = Screening::user_not_verified;
  } else if (from && (from->digits != out.number->digits || from->nature != out.number->nature)) {
    // Q.1912.5: a From that differs is the user's own word.
    out.additional = isup::GenericNumber{.qualifier = kAdditionalCalling,
                                         .digits = from->digits,
                                         .nature = from->nature,
                                         .screening = Screening::user_not_verified};
  }
  if (out.name.empty()) out.name = display_name(invite.from.display);
  if (wants_privacy(invite, tables)) restrict_caller(out);
  return out;
}

/// "cpc" of whichever URI says who calls.
isup::CallingPartysCategory category_of(const sip::Uri& uri, const Tables& tables) {
  isup::CallingPartysCategory category;
  const auto cpc = user_param(uri, "cpc");
  if (!cpc) return category;
  const auto row = std::ranges::find_if(
      tables.categories, [&](const CategoryRow& candidate) { return same_token(candidate.cpc, *cpc); });
  if (row != tables.categories.end()) category.value = row->category;
  return category;
}

void carry_subaddress(isup::Message& iam, q931::SubaddressOf of, const sip::Uri& uri) {
  if (const auto subaddress = subaddress_of(uri)) q931::carry(iam, q931::write_subaddress(of, *subaddress));
}

/// ";cpc=..." for who is no ordinary subscriber.
std::string category_params(const isup::Message& iam, const Tables& tables) {
  const auto* category = iam.get<isup::CallingPartysCategory>();
  if (category == nullptr || *category == isup::CallingPartysCategory{}) return {};
  const auto row = std::ranges::find(tables.categories, category->value, &CategoryRow::category);
  return row != tables.categories.end() ? ";cpc=" + std::string(row->cpc) : std::string();
}

std::string carried_subaddress(const isup::Message& iam, q931::SubaddressOf of) {
  const auto subaddress = q931::read_subaddress(of, q931::carried(iam));
  return subaddress ? subaddress_params(*subaddress) : std::string();
}

void write_called(sip::InviteInfo& invite, const isup::Message& iam, const NumberPlan& plan,
                  const InviteTarget& target) {
  std::string user;
  if (const auto called = dialled_number(iam)) user = user_from_number(called->digits, called->nature, plan);
  std::string params;
  if (!user.empty())
    params =
        routing_params(iam, plan, target.rules.trusted) + carried_subaddress(iam, q931::SubaddressOf::called);
  invite.request_uri = number_uri(user + params, target.peer.host);
  invite.request_uri.scheme = target.peer.scheme;
  invite.request_uri.port = target.peer.port;
  for (const auto& param : target.peer.params)
    if (!same_token(param.name, "user")) invite.request_uri.params.push_back(param);
  // RFC 3261 19.1.1: neither port nor transport in To and From.
  invite.to.uri = number_uri(std::move(user), target.peer.host);
}

void write_caller(sip::InviteInfo& invite, const isup::Message& iam, const NumberPlan& plan,
                  const InviteTarget& target, const Tables& tables) {
  const auto* calling = iam.get<isup::CallingPartyNumber>();
  const bool restricted = calling != nullptr && calling->presentation == Presentation::restricted;
  std::string user;
  if (calling != nullptr &&
      calling->presentation != Presentation::not_available)  // RFC 3398 12.1: as if absent
    user = user_from_number(calling->digits, calling->nature, plan);
  std::string name;
  if (!restricted) name = display_name(std::string(name_of(iam, isup::NameOf::calling)));
  std::string params;
  if (!user.empty())
    params = category_params(iam, tables) + jurisdiction_params(iam, plan, target.rules.trusted) +
             carried_subaddress(iam, q931::SubaddressOf::calling);

  // Without a number the host alone (RFC 3398 8.2.1.1, RFC 4497 9.1.2.1).
  const auto identity = name_addr(name, number_uri(user + params, target.local.host()));
  invite.from = restricted ? anonymous_from() : identity;
  if (restricted) invite.privacy = {"id"};  // RFC 4497 9.1.2.2, 9.1.2.3
  if (user.empty() || !assertable(calling->screening) || (restricted && !target.rules.trusted)) return;
  invite.asserted.push_back(identity);
  // Q.1912.5: what the user says of itself stands in From, beside what the network knows.
  const auto* additional = iam.find<isup::GenericNumber>(
      [](const auto& number) { return number.qualifier == kAdditionalCalling; });
  if (restricted || additional == nullptr || additional->presentation != Presentation::allowed) return;
  auto own = user_from_number(additional->digits, additional->nature, plan);
  if (!own.empty()) invite.from = name_addr(name, number_uri(std::move(own), target.local.host()));
}

void write_headers(sip::InviteInfo& invite, const isup::Message& iam, const NumberPlan& plan,
                   const InviteTarget& target, const Tables& tables) {
  auto history_uri = invite.request_uri;
  std::erase_if(history_uri.params,
                [](const sip::Param& param) { return same_token(param.name, "transport"); });
  invite.extra = write_redirections(
      iam, plan, history_uri, {target.rules.diversion, target.rules.trusted, target.local.host()}, tables);
  if (const auto* information = iam.get<isup::UserToUserInformation>();
      information != nullptr && target.rules.user_to_user)
    invite.extra.push_back(write_user_to_user(*information));
  if (target.rules.p_early_media) invite.extra.push_back({"P-Early-Media", "supported"});  // RFC 5009 8
}

}  // namespace

Result<isup::Message> iam_from_invite(const sip::InviteInfo& invite, const NumberPlan& plan,
                                      const SipRules& rules, MediaKind media, const Tables& tables) {
  auto called = read_called(invite.request_uri, plan);
  if (!called) return std::unexpected(called.error());
  if (invite.max_forwards <= 0) return fail(Errc::refused, 0, "Max-Forwards", "no hops are left");
  isup::Message iam(MessageType::iam);
  auto [number, additional, name, uri] = caller_of(invite, plan, rules.trusted, tables);
  // RFC 3398 7.2.1.1: no interworking, ISUP used all the way, originating access non-ISDN; 3.1 kHz audio as
  // in RFC 4497 10.1.
  const bool clear = media == MediaKind::unrestricted || media == MediaKind::preferred;
  isup::ForwardCallIndicators indicators;
  if (clear) indicators.isup_preference = 2;  // Q.699: required all the way
  iam.set(isup::NatureOfConnection{}).set(indicators).set(category_of(*uri, tables));
  iam.set(isup::OptionalForwardCallIndicators{.connected_line_request = true});  // Q.731.5: else none is told
  iam.set(isup::TransmissionMedium{.value = static_cast<std::uint8_t>(clear ? 2 : 3)});
  if (clear) iam.set(isup::UserServiceInformation{{0x88, 0x90}});  // Q.931 4.5.5
  iam.set(std::move(*called));
  read_routing(iam, invite.request_uri, plan, rules.trusted);
  read_jurisdiction(iam, *uri, plan, rules.trusted);
  if (number) iam.set(std::move(*number));
  if (additional) iam.set(std::move(*additional));
  if (!name.empty()) iam.set(isup::GenericName{.name = std::move(name)});
  iam.set(isup::HopCounter{
      static_cast<std::uint8_t>(std::min((invite.max_forwards - 1) / kHopFactor, kMaxHops))});
  const bool hidden = std::ranges::any_of(
      invite.privacy, [](const std::string& value) { return same_token(value, "history"); });
  read_redirections(iam, invite.headers, plan, hidden, tables);
  set_user_to_user(iam, invite.headers, rules);
  carry_subaddress(iam, q931::SubaddressOf::calling, *uri);
  carry_subaddress(iam, q931::SubaddressOf::called, invite.request_uri);
  return iam;
}

MediaKind media_of(const isup::Message& iam, const Tables& tables) {
  const auto* medium = iam.get<isup::TransmissionMedium>();
  if (medium == nullptr) return MediaKind::audio;
  const auto row = std::ranges::find(tables.media, medium->value, &MediumRow::medium);
  return row != tables.media.end() ? row->kind : MediaKind::unsupported;
}

bool hops_exhausted(const isup::Message& iam) {
  const auto* hops = iam.get<isup::HopCounter>();
  return hops != nullptr && hops->value == 0;
}

sip::InviteInfo invite_from_iam(const isup::Message& iam, const NumberPlan& plan, const InviteTarget& target,
                                const Tables& tables) {
  sip::InviteInfo invite;
  write_called(invite, iam, plan, target);
  write_caller(invite, iam, plan, target, tables);
  write_headers(invite, iam, plan, target, tables);
  if (const auto* hops = iam.get<isup::HopCounter>()) invite.max_forwards = hops->value * kHopFactor;
  return invite;
}

}  // namespace tandem::interwork
