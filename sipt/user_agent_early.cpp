// Dialogs that a sent INVITE makes (RFC 3261 12.1.2): early ones of several branches, and the one that a 2xx
// confirms.
#include <algorithm>

#include "sipt/user_agent_core.h"

namespace tandem::sip {

/// An UPDATE may be under way in the dialog: SDP in a response to the INVITE has no part in that.
SdpRole UserAgent::Impl::heard_role(const Call& call, Leg& leg, bool reliable) {
  const bool own = call.own && !call.own->sdp.empty() && call.own->remote_tag == leg.dialog.remote_tag;
  return own || leg.pending ? SdpRole::preview : take_response_sdp(leg.sdp, true, reliable);
}

SdpRole UserAgent::Impl::said_sdp(const Call& call, Leg& leg, bool reliable) {
  const bool own = call.own && !call.own->sdp.empty();
  return own || leg.pending ? SdpRole::none : take_response_sdp(leg.sdp, false, reliable);
}

Leg UserAgent::Impl::new_leg(const Call& call, const Message& response, const Flow& flow) {
  Flow way = call.destination;
  if (way.transport == Transport::tcp && flow.transport == Transport::tcp) way.connection = flow.connection;
  Leg leg;
  leg.dialog = dialog_of_response(response, call.target, way);
  leg.sdp = call.offered ? SdpState::sent : SdpState::none;
  learn_methods(leg, response);
  return leg;
}

Leg* UserAgent::Impl::early_leg(Call& call, const Message& response, const Flow& flow) {
  const auto to = response.to();
  if (!to || to->tag.empty()) return nullptr;  // RFC 3261 12.1: no dialog
  const auto known =
      std::ranges::find_if(call.legs, [&](const Leg& leg) { return leg.dialog.remote_tag == to->tag; });
  if (known != call.legs.end()) {
    if (known->ended) return nullptr;
    learn_methods(*known, response);
    call.heard = to->tag;
    return &*known;
  }
  if (call.legs.size() >= kMaxEarlyDialogs) return nullptr;
  call.heard = to->tag;
  return &call.legs.emplace_back(new_leg(call, response, flow));
}

Leg& UserAgent::Impl::settle(Call& call, const Message& response, const Flow& flow, Time now) {
  Leg winner = new_leg(call, response, flow);
  for (Leg& leg : call.legs) {
    if (leg.dialog.remote_tag == winner.dialog.remote_tag) {
      // RFC 3261 13.2.2.4: the route set is taken from the 2xx, all else goes on.
      leg.dialog.route_set = std::move(winner.dialog.route_set);
      if (has_sip_contact(response)) leg.dialog.remote_target = std::move(winner.dialog.remote_target);
      if (response.has(HeaderId::allow)) leg.methods = winner.methods;
      winner = std::move(leg);
      winner.ended = false;
      continue;
    }
    if (leg.pending) {
      MessageBuilder out = this->response(*leg.pending->message, leg.pending->flow, 487);
      transactions.respond(leg.pending->tx, 487, out.finish(), now);
    }
    call.lost.emplace_back(leg.dialog.remote_tag, leg.dialog.local_cseq);
    if (!leg.ended && !call.dead && call.stage != Stage::cancelling)
      events.emplace_back(
          EarlyDialogEnded{.call = call.id, .early_dialog = leg.dialog.remote_tag, .reasons = {}});
  }
  if (call.own && call.own->remote_tag != winner.dialog.remote_tag) {
    if (!call.wanted) call.wanted = std::move(call.own->sdp);  // what that branch was offered
    call.own.reset();
  }
  call.legs.clear();
  call.legs.push_back(std::move(winner));
  call.answered = true;
  note_identity(call, call.leg(), response);
  return call.leg();
}

}  // namespace tandem::sip
