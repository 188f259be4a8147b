#include "gateway/media/link_port.h"

namespace tandem::media {
namespace {

using What = LinkEvent::What;
using Action = LinkCommand::Action;

// In a tick of 80 octets a link receives no more than 10 MSUs: the shortest has 9 octets with its flag.
constexpr std::size_t kReserve = 16;
constexpr std::size_t kRetrieval = mtp::MsuRing::kSlots + 1;

}  // namespace

LinkQueues::LinkQueues(std::size_t links)
    : events(links == 0 ? 1 : std::max<std::size_t>(1024, links * 4 * kReserve + 2 * kRetrieval)),
      reserve(links * kReserve) {}

LinkPort::LinkPort(std::uint16_t index, const SignallingLink& config, LinkQueues& out)
    : index_(index), circuit_(config.circuit), out_(out), link_(config.link, *this) {}

bool LinkPort::may(Action action) const {
  // No other command causes more than two.
  return out_.events.room() >= (action == Action::retrieve ? kRetrieval : 2);
}

bool LinkPort::apply(const LinkCommand& command, Time now) {
  switch (command.action) {
    case Action::start:
      link_.start(now);
      holding_back_ = mtp::CongestionAction::none;  // so it is after a start
      break;
    case Action::stop:
      link_.stop(now);
      break;
    case Action::emergency:
    case Action::emergency_ceases:
      link_.emergency(command.action == Action::emergency, now);
      break;
    case Action::send:
      return link_.send(command.msu.view(), now);
    case Action::backward_sequence:
      link_.retrieve_backward_sequence();
      break;
    case Action::retrieve:
      link_.retrieve(command.confirmed);
      break;
    case Action::local_outage:
    case Action::local_recovered:
      link_.local_processor_outage(command.action == Action::local_outage, now);
      break;
    case Action::congested:
    case Action::congestion_ends:
      level3_congested_ = command.action == Action::congested;
      break;
  }
  return true;
}

void LinkPort::receive(OctetView octets, bool span_down, Time now) {
  if (span_down) {
    link_.line_down(octets.size(), now);
    return;
  }
  hold_back(now);
  link_.receive(octets, now);
}

// Q.703 9: nothing that was acknowledged is ever lost. A quarter of the queue left: no more is acknowledged.
// The reserve left: MSUs are discarded, and come again.
void LinkPort::hold_back(Time now) {
  const auto room = out_.events.room();
  const auto all = out_.events.capacity();
  auto action = mtp::CongestionAction::none;
  if (room < out_.reserve + kReserve) {
    action = mtp::CongestionAction::discard;
  } else if (level3_congested_ || room < all / 4 ||
             (holding_back_ != mtp::CongestionAction::none && room < all / 2)) {
    action = mtp::CongestionAction::accept;
  }
  if (action == holding_back_) return;
  holding_back_ = action;
  link_.receiving_congestion(action, now);
}

void LinkPort::transmit(std::span<Octet> octets, Time now) {
  link_.transmit(octets, now);
  tell_levels();
}

void LinkPort::tell_levels() {
  if (is_.remote_outage != told_.remote_outage && tell(What::remote_outage, is_.remote_outage ? 1 : 0))
    told_.remote_outage = is_.remote_outage;
  if (is_.local_outage != told_.local_outage && tell(What::local_outage, is_.local_outage ? 1 : 0))
    told_.local_outage = is_.local_outage;
  if (is_.congestion != told_.congestion && tell(What::congestion, is_.congestion))
    told_.congestion = is_.congestion;
}

bool LinkPort::tell(What what, std::uint8_t value) {
  LinkEvent event{.link = index_, .what = what, .value = value};
  return out_.events.push(std::move(event));
}

void LinkPort::tell_or_count(What what, mtp::Failure reason, std::uint8_t value, OctetView msu) {
  LinkEvent event{.link = index_, .what = what, .reason = reason, .value = value};
  if (!event.msu.assign(msu) || !out_.events.push(std::move(event)))
    out_.dropped.fetch_add(1, std::memory_order_relaxed);
}

void LinkPort::received(OctetView msu) {
  tell_or_count(What::received, {}, 0, msu);
}
void LinkPort::in_service() {
  tell_or_count(What::in_service, {}, 0, {});
}
// Outages end with the link (Q.703 figure 8), without a word.
void LinkPort::out_of_service(mtp::Failure reason) {
  is_.remote_outage = told_.remote_outage = false;
  is_.local_outage = told_.local_outage = false;
  tell_or_count(What::out_of_service, reason, 0, {});
}
void LinkPort::backward_sequence(std::uint8_t bsnt) {
  tell_or_count(What::backward_sequence, {}, bsnt, {});
}
void LinkPort::retrieved(OctetView msu) {
  tell_or_count(What::retrieved, {}, 0, msu);
}
void LinkPort::retrieval_complete() {
  tell_or_count(What::retrieval_complete, {}, 0, {});
}

LinkReport LinkPort::report() const {
  return {.link = index_,
          .circuit = circuit_,
          .state = link_.state(),
          .holding_back = holding_back_ != mtp::CongestionAction::none,
          .congestion = link_.congestion(),
          .counters = link_.counters(),
          .framer = link_.framer_counters()};
}

}  // namespace tandem::media
