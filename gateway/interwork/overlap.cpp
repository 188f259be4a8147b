#include "gateway/interwork/overlap.h"

namespace tandem::interwork {

namespace {

constexpr char kEndOfPulsing = 'F';  // Q.763 3.9 b: ST

std::string_view tag_of(const sip::NameAddr& address) {
  const auto* tag = sip::find_param(address.params, "tag");
  return tag != nullptr && tag->value ? std::string_view(*tag->value) : std::string_view();
}

}  // namespace

bool number_complete(const isup::Message& iam) {
  const auto* called = iam.get<isup::CalledPartyNumber>();
  return called != nullptr && called->digits.ends_with(kEndOfPulsing);
}

Joined join_digits(isup::Message& iam, const isup::Message& sam) {
  const auto* called = iam.get<isup::CalledPartyNumber>();
  const auto* more = sam.get<isup::SubsequentNumber>();
  if (called == nullptr || more == nullptr || more->digits.empty() || number_complete(iam))
    return Joined::nothing;
  const auto digits = std::string_view(more->digits).substr(0, more->digits.find(kEndOfPulsing));
  const bool complete = digits.size() < more->digits.size();
  if (called->digits.size() + digits.size() > kMaxDigits) return Joined::too_long;
  auto longer = *called;
  longer.digits += digits;
  if (complete) longer.digits += kEndOfPulsing;
  iam.set(std::move(longer));
  return complete ? Joined::complete : Joined::more;
}

std::optional<isup::Message> sam_from_invite(const sip::InviteInfo& earlier, const sip::InviteInfo& later,
                                             const NumberPlan& plan) {
  if (earlier.call_id.empty() || earlier.call_id != later.call_id) return std::nullopt;
  if (tag_of(earlier.from) != tag_of(later.from) || tag_of(later.from).empty()) return std::nullopt;
  const auto before = called_from_uri(earlier.request_uri, plan);
  const auto after = called_from_uri(later.request_uri, plan);
  if (!before || !after || before->nature != after->nature) return std::nullopt;
  if (after->digits.size() <= before->digits.size() || !after->digits.starts_with(before->digits))
    return std::nullopt;
  return isup::Message(isup::MessageType::sam)
      .set(isup::SubsequentNumber{after->digits.substr(before->digits.size())});
}

}  // namespace tandem::interwork
