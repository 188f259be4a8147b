#pragma once
// One dialog of an INVITE session: an early one of several (RFC 3261 12.1), or the one that was confirmed;
// and where offer and answer stand in it (RFC 3264 4, RFC 6337 2).
#include <cstdint>
#include <optional>
#include <string>

#include "sipt/dialog.h"
#include "sipt/transactions.h"
#include "sipt/user_agent.h"
#include "sipt/user_agent_reliable.h"

namespace tandem::sip {

/// Offer and answer in one dialog.
enum class SdpState : std::uint8_t {
  none,      ///< nothing has been offered yet
  sent,      ///< our offer waits for its answer
  received,  ///< theirs does
  agreed
};

/// What SDP in a response to the INVITE is (RFC 6337 table 1), and what becomes of the state. `heard`: we
/// sent the INVITE. `reliable`: a 2xx, or a provisional response that is acknowledged. SdpRole::none: it must
/// not be sent.
SdpRole take_response_sdp(SdpState& state, bool heard, bool reliable);

/// 0: an offer of the peer can be taken now; else the status that refuses it (RFC 3311 5.2, RFC 3261 14.2).
int offer_refusal(SdpState state);

/// A request with an offer that waits for accept_offer() or reject_offer().
struct PendingOffer {
  OfferVia via = OfferVia::update;
  TxId tx;
  StoredMessage message;
  Flow flow;
};

struct Leg {
  Dialog dialog;
  SdpState sdp = SdpState::none;
  std::uint32_t methods = 0;          ///< of the last Allow, a bit each
  bool ended = false;                 ///< early: 199 was received (RFC 6228)
  std::optional<std::uint32_t> rseq;  ///< of the last reliable provisional response heard (RFC 3262 4)
  std::optional<OwedPrack> owed;      ///< its offer waits for our answer
  std::optional<PendingOffer> pending;
  std::uint64_t asked = 0;             ///< order in which offers were handed up; 0: none waits
  std::size_t identity = 0, from = 0;  ///< digests of P-Asserted-Identity and From as last heard

  [[nodiscard]] bool allows(Method method) const {
    return (methods >> static_cast<unsigned>(method) & 1U) != 0;
  }
};

/// Takes note of the Allow header of a message (RFC 3261 20.5).
void learn_methods(Leg& leg, const Message& message);

}  // namespace tandem::sip
