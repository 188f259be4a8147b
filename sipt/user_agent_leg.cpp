#include "sipt/user_agent_leg.h"

#include <array>

namespace tandem::sip {
namespace {

struct SdpRow {
  SdpState state;
  bool heard, reliable;
  SdpState next;
  SdpRole role;
  std::string_view clause;
};

using S = SdpState;
using R = SdpRole;
// clang-format off
constexpr auto kSdpRows = std::to_array<SdpRow>({
    // state      heard  reliable next         role        clause
    {S::none,     true,  false,   S::none,     R::preview, "RFC 3261 13.2.1: an offer comes reliably"},
    {S::none,     true,  true,    S::received, R::offer,   "RFC 6337 table 1, pattern 2 and 4"},
    {S::sent,     true,  false,   S::sent,     R::preview, "RFC 6337 3.1.1"},
    {S::sent,     true,  true,    S::agreed,   R::answer,  "RFC 6337 table 1, pattern 1 and 3"},
    {S::received, true,  false,   S::received, R::preview, "RFC 3261 13.2.1"},
    {S::received, true,  true,    S::received, R::preview, "RFC 3261 13.2.1"},
    {S::agreed,   true,  false,   S::agreed,   R::preview, "RFC 3261 13.2.1: what follows is no answer"},
    {S::agreed,   true,  true,    S::agreed,   R::preview, "RFC 3261 13.2.1: what follows is no answer"},
    {S::none,     false, false,   S::none,     R::none,    "RFC 3261 13.2.1: an offer goes reliably"},
    {S::none,     false, true,    S::sent,     R::offer,   "RFC 6337 table 1, pattern 2 and 4"},
    {S::sent,     false, false,   S::sent,     R::none,    "RFC 3264 4: one offer at a time"},
    {S::sent,     false, true,    S::sent,     R::none,    "RFC 3264 4: one offer at a time"},
    {S::received, false, false,   S::received, R::preview, "RFC 6337 3.1.1"},
    {S::received, false, true,    S::agreed,   R::answer,  "RFC 6337 table 1, pattern 1 and 3"},
    {S::agreed,   false, false,   S::agreed,   R::none,    "RFC 3261 13.3.1.1"},
    {S::agreed,   false, true,    S::agreed,   R::none,    "RFC 3261 13.3.1.1"},
});
// clang-format on

}  // namespace

SdpRole take_response_sdp(SdpState& state, bool heard, bool reliable) {
  for (const auto& row : kSdpRows) {
    if (row.state != state || row.heard != heard || row.reliable != reliable) continue;
    state = row.next;
    return row.role;
  }
  return SdpRole::none;
}

int offer_refusal(SdpState state) {
  switch (state) {
    case SdpState::agreed:
      return 0;
    case SdpState::sent:
      return 491;
    case SdpState::none:
    case SdpState::received:
      return 500;
  }
  return 500;
}

void learn_methods(Leg& leg, const Message& message) {
  if (!message.has(HeaderId::allow)) return;
  leg.methods = 0;
  message.for_each(HeaderId::allow, [&](std::string_view name) {
    leg.methods |= 1U << static_cast<unsigned>(method_of(trim(name)));
  });
}

}  // namespace tandem::sip
