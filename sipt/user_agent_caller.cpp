// INVITE sent (RFC 3261 13.2): responses and forks, CANCEL (9.1), ACK (13.2.2.4).
#include <algorithm>

#include "sipt/user_agent_core.h"

namespace tandem::sip {
namespace {

NameAddr without_tag(NameAddr address) {
  std::erase_if(address.params, [](const Param& p) { return equal_ignoring_case(p.name, "tag"); });
  return address;
}

std::string joined(const std::vector<std::string>& values, std::string_view separator) {
  std::string out;
  for (const auto& value : values) out.append(out.empty() ? "" : separator).append(value);
  return out;
}

std::string to_tag_of(const Message& message) {
  const auto to = message.to();
  return std::string(to ? to->tag : std::string_view());
}

}  // namespace

std::uint32_t last_cseq(const Call& call) {
  auto last = call.invite_cseq;
  for (const Leg& leg : call.legs) last = std::max(last, leg.dialog.local_cseq);
  return last;
}

void add_extra(MessageBuilder& out, const std::vector<ExtraHeader>& extra) {
  for (const auto& header : extra) out.header(header.name, header.value);
}

Octets finish_with(MessageBuilder& out, std::string_view sdp) {
  return sdp.empty() ? out.finish() : out.finish(kSdpType, sdp);
}

SipCall UserAgent::Impl::invite(const InviteInfo& info, const Flow& destination, Time now) {
  const auto& earlier = info.continues;
  Call& call = new_call(Stage::calling, earlier ? std::optional(earlier->tag) : std::nullopt);
  const SipCall id = call.id;
  if (earlier) call.invite_cseq = earlier->cseq + 1;
  // What they have in common grows with the newest only.
  for (Call* one = find(call.older); one != nullptr; one = find(one->older)) one->again.reset();
  if (transactions.full()) {
    invite_failed(call, 503, "Too many transactions", false, now);
    return id;
  }
  call.call_id = earlier ? earlier->call_id : hex16(random.next()) + hex16(random.next());
  call.target = to_string(info.request_uri);
  call.destination = destination;
  call.offered = !info.sdp.empty();
  call.policy = info.policy;
  call.local_sdp = info.sdp;
  call.caller = true;
  if (info.policy.session_expires > Duration::zero()) call.again = std::make_unique<InviteInfo>(info);
  send_invite(call, info, now);
  return id;
}

void UserAgent::Impl::send_invite(Call& call, const InviteInfo& info, Time now) {
  const Flow& destination = call.destination;
  NameAddr from = without_tag(info.from);
  from.params.push_back({"tag", hex16(call.tag)});
  const std::string first_branch = branch();
  MessageBuilder out = MessageBuilder::request("INVITE", call.target);
  out.via(destination.transport, destination.local, first_branch);
  out.header(HeaderId::max_forwards, static_cast<std::uint32_t>(std::clamp(info.max_forwards, 0, 255)));
  out.header(HeaderId::from, from).header(HeaderId::to, without_tag(info.to));
  out.header(HeaderId::call_id, call.call_id).cseq(call.invite_cseq, "INVITE");
  describe(out, call, destination);
  if (call.policy.reliable == Reliable::required) out.header(HeaderId::require, "100rel");
  ask_session_timer(out, call);
  out.header(HeaderId::user_agent, config.product);
  if (!info.privacy.empty()) out.header(HeaderId::privacy, joined(info.privacy, ";"));
  out.header(HeaderId::p_asserted_identity, info.asserted);
  add_extra(out, info.extra);

  start(call, CallTimer::invite_timeout, config.invite_timeout, now);
  ++call.invites_open;
  call.invite_tx = transactions.start_client("INVITE", first_branch, destination, finish_with(out, info.sdp),
                                             {.role = TxOwner::Role::invite, .id = call.id.value}, now);
}

// --- CANCEL ---------------------------------------------------------------------------------------------

void UserAgent::Impl::cancel(Call& call, const std::vector<Reason>& reasons, Time now) {
  switch (call.stage) {
    case Stage::calling:  // RFC 3261 9.1: not before a provisional response
      call.reasons = reasons;
      call.stage = Stage::cancelling;
      break;
    case Stage::proceeding:
      call.reasons = reasons;
      call.stage = Stage::cancelling;
      send_cancel(call, now);
      break;
    case Stage::confirmed:  // the 2xx was there first
      if (call.invite_tx) {
        failed(call, 487, "Request Terminated", false);
        bye(call, reasons, {}, now);
      }
      break;
    case Stage::cancelling:
    case Stage::offered:
    case Stage::ending:
      break;
  }
}

void UserAgent::Impl::send_cancel(Call& call, Time now) {
  call.cancel_sent = true;
  stop(call, CallTimer::invite_timeout);
  start(call, CallTimer::cancel_wait, timer_duration(TxTimer::b, timings), now);
  transactions.cancel(call.invite_tx, call.reasons, now);
}

// --- responses ------------------------------------------------------------------------------------------

void UserAgent::Impl::on_invite_response(Call& call, const Message& response, const Flow& flow, Time now) {
  if (response.status() < 200) return on_provisional(call, response, flow, now);
  if (response.status() < 300) return on_success(call, response, flow, now);
  on_failure(call, response, now);
}

void UserAgent::Impl::on_provisional(Call& call, const Message& response, const Flow& flow, Time now) {
  if (call.stage == Stage::cancelling && !call.cancel_sent) return send_cancel(call, now);
  if (call.stage == Stage::calling) call.stage = Stage::proceeding;
  if (call.stage != Stage::proceeding || response.status() == 100) return;
  start(call, CallTimer::invite_timeout, config.invite_timeout, now);  // RFC 3261 16.7 2.
  const std::string tag = to_tag_of(response);
  Leg* leg = early_leg(call, response, flow);
  if (leg == nullptr && !tag.empty()) return;  // one branch too many, or one that has ended
  const auto rseq = rseq_of(response);
  if (rseq && (leg == nullptr || !in_order(*leg, *rseq))) return;  // RFC 3262 4
  if (++call.provisionals > kMaxProvisionals) return;
  const std::string_view sdp = sdp_of(response);
  SdpRole role = SdpRole::none;
  if (!sdp.empty()) role = leg == nullptr ? SdpRole::preview : heard_role(call, *leg, rseq.has_value());
  if (role == SdpRole::answer || role == SdpRole::offer) heard_sdp(call, sdp);
  if (rseq) {
    refresh_target(leg->dialog, response);  // RFC 6141 4
    const OwedPrack owed{*rseq, call.invite_cseq};
    if (role == SdpRole::offer) {
      leg->owed = owed;
      leg->asked = ++call.asked;
    } else {
      send_prack(call, *leg, owed, {}, now);
    }
  }
  if (response.status() == 199 && leg != nullptr && role != SdpRole::offer) {  // RFC 6228 4
    leg->ended = true;
    events.emplace_back(
        EarlyDialogEnded{.call = call.id, .early_dialog = tag, .reasons = response.reasons()});
    return;
  }
  events.emplace_back(ProvisionalReceived{.call = call.id,
                                          .status = response.status(),
                                          .early_dialog = tag,
                                          .sdp = std::string(sdp),
                                          .role = role,
                                          .reasons = response.reasons(),
                                          .headers = headers_of(response)});
  pump(call, now);
}

void UserAgent::Impl::on_success(Call& call, const Message& response, const Flow& flow, Time now) {
  if (!call.answered) return on_first_success(call, response, flow, now);
  const std::string tag = to_tag_of(response);
  const auto ack = std::ranges::find(call.acks, tag, &SentAck::remote_tag);
  if (ack != call.acks.end()) return transmit(ack->flow, ack->octets);  // RFC 3261 13.2.2.4
  if (tag != call.leg().dialog.remote_tag) on_fork_success(call, response, flow, now);
}

/// RFC 3261 12.1.2: the 2xx says where the dialog goes on, unless that is known. RFC 2543, which has no tag
/// either, need not.
bool UserAgent::Impl::names_target(Call& call, const Message& response) {
  if (response.has(HeaderId::contact)) return has_sip_contact(response);
  const std::string tag = to_tag_of(response);
  return tag.empty() || leg_of_tag(call, tag) != nullptr;
}

void UserAgent::Impl::on_first_success(Call& call, const Message& response, const Flow& flow, Time now) {
  const bool cancelled = call.stage == Stage::cancelling;
  const bool lost = !names_target(call, response);
  Leg& leg = settle(call, response, flow, now);
  const std::string_view sdp = sdp_of(response);
  const SdpRole role = sdp.empty() ? SdpRole::none : heard_role(call, leg, true);
  if (leg.sdp == SdpState::sent && !call.own) leg.sdp = SdpState::agreed;  // RFC 3264 4: no answer will come
  call.stage = Stage::confirmed;
  stop(call, CallTimer::invite_timeout);
  stop(call, CallTimer::cancel_wait);
  call.again.reset();
  if (cancelled) {  // RFC 3261 9.1, 15: the CANCEL came too late
    ack_answer(call, {}, now);
    failed(call, 487, "Request Terminated", false);
    return send_bye(call, now);
  }
  if (lost) {  // RFC 3261 13.2.2.4: an ACK for each 2xx, to the Request-URI then
    rejected(flow, "2xx to INVITE without a Contact that can be used");
    ack_answer(call, {}, now);
    failed(call, 502, "Bad Contact in 2xx", false);
    call.reasons = {{.protocol = "SIP", .cause = 400, .text = "Bad Contact", .location = {}}};
    return send_bye(call, now);
  }
  if (role == SdpRole::answer || role == SdpRole::offer) heard_sdp(call, sdp);
  take_session_timer(call, response, now);
  events.emplace_back(AnswerReceived{.call = call.id,
                                     .sdp = std::string(sdp),
                                     .asserted = response.asserted(),
                                     .role = role,
                                     .early_dialog = leg.dialog.remote_tag,
                                     .headers = headers_of(response)});
  if (role != SdpRole::offer) ack_answer(call, {}, now);
}

/// RFC 3261 13.2.2.4: the call has its dialog; the other phone is thanked and hung up on.
void UserAgent::Impl::on_fork_success(Call& call, const Message& response, const Flow& flow, Time now) {
  if (call.acks.size() > kMaxForks) return;
  Dialog fork = new_leg(call, response, flow).dialog;
  const auto lost =
      std::ranges::find_if(call.lost, [&](const auto& l) { return l.first == fork.remote_tag; });
  if (lost != call.lost.end()) fork.local_cseq = lost->second;
  SentAck ack = make_ack(fork, call.invite_cseq, {});
  transmit(ack.flow, ack.octets);
  call.acks.push_back(std::move(ack));
  send_bye(fork, {{.protocol = "SIP", .cause = 200, .text = "Call completed elsewhere", .location = {}}}, {},
           {}, now);
}

void UserAgent::Impl::on_failure(Call& call, const Message& response, Time now) {
  const bool wanted = call.stage == Stage::calling || call.stage == Stage::proceeding;
  if (wanted && call.again && !transactions.full() && ++call.attempts < kMaxOfferAttempts &&
      raise_interval(call, response)) {  // RFC 4028 7.3
    ++call.invite_cseq;
    call.legs.clear();
    call.stage = Stage::calling;
    return send_invite(call, *call.again, now);
  }
  if (!call.dead) {
    std::optional<Duration> retry_after;
    if (const auto seconds = response.retry_after()) retry_after = std::chrono::seconds(*seconds);
    events.emplace_back(
        FailureReceived{.call = call.id,
                        .status = response.status(),
                        .phrase = std::string(response.phrase()),
                        .reasons = response.reasons(),
                        .contacts = response.addresses(HeaderId::contact).value_or(std::vector<NameAddr>{}),
                        .warning = std::string(response.value(HeaderId::warning)),
                        .timeout = false,
                        .retry_after = retry_after,
                        .headers = headers_of(response),
                        .cseq = last_cseq(call)});
  }
  call.invites_open = 0;
  release(call, now);
}

void UserAgent::Impl::failed(const Call& call, int status, std::string_view phrase, bool timeout) {
  if (call.dead) return;
  events.emplace_back(FailureReceived{.call = call.id,
                                      .status = status,
                                      .phrase = std::string(phrase),
                                      .reasons = {},
                                      .contacts = {},
                                      .warning = {},
                                      .timeout = timeout,
                                      .cseq = last_cseq(call)});
}

void UserAgent::Impl::invite_failed(Call& call, int status, std::string_view phrase, bool timeout, Time now) {
  failed(call, status, phrase, timeout);
  call.invites_open = 0;
  release(call, now);
}

// --- ACK ------------------------------------------------------------------------------------------------

void UserAgent::Impl::ack_answer(Call& call, std::string_view sdp, Time now) {
  if (call.stage != Stage::confirmed || !call.caller) return;
  Leg& leg = call.leg();
  if (std::ranges::find(call.acks, leg.dialog.remote_tag, &SentAck::remote_tag) != call.acks.end()) return;
  // RFC 3261 13.2.2.4: only an offer in the 2xx is answered here.
  const bool open = leg.sdp == SdpState::received || leg.sdp == SdpState::none;
  const bool answers = !call.offered && open && !leg.owed && !leg.pending;
  SentAck ack = make_ack(leg.dialog, call.invite_cseq, answers ? sdp : std::string_view());
  transmit(ack.flow, ack.octets);
  call.acks.push_back(std::move(ack));
  if (answers) {
    call.local_sdp = sdp;
    leg.sdp = SdpState::agreed;
  }
  pump(call, now);
}

SentAck UserAgent::Impl::make_ack(const Dialog& dialog, std::uint32_t cseq, std::string_view sdp) {
  const Flow hop = next_hop(dialog, config.listen);
  MessageBuilder out = request_in(dialog, "ACK", cseq, branch(), hop);
  out.header(HeaderId::user_agent, config.product);
  return {.remote_tag = dialog.remote_tag, .cseq = cseq, .flow = hop, .octets = finish_with(out, sdp)};
}

}  // namespace tandem::sip
