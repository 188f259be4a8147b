// Transmission control: basic (Q.703 5 and figure 13) and preventive cyclic retransmission (Q.703 6 and
// figure 15).
#include "isup/mtp/link_core.h"

namespace tandem::mtp {
namespace {

Header header(const LinkCore& core, std::uint8_t forward, std::size_t length) {
  return {.backward = {core.rx.confirmed, core.rx.bit},
          .forward = {forward, core.tx.bit},
          .length = static_cast<std::uint8_t>(std::min<std::size_t>(length, kMaxLength))};
}
/// FISU and LSSU carry the number of the last MSU sent (Q.703 5.2.1).
std::uint8_t last_sent(const LinkCore& core) {
  return previous(core.ring.number(core.ring.sent()));
}

std::size_t write_lssu(LinkCore& core, std::span<Octet> to, Status status) {
  write_header(to, header(core, last_sent(core), 1));
  to[kHeaderOctets] = static_cast<Octet>(status);
  return kHeaderOctets + 1;
}
std::size_t write_fisu(LinkCore& core, std::span<Octet> to) {
  write_header(to, header(core, last_sent(core), 0));
  return kHeaderOctets;
}
std::size_t write_msu(LinkCore& core, std::span<Octet> to, std::uint32_t place) {
  const OctetView msu = core.ring.at(place);
  write_header(to, header(core, core.ring.number(place), msu.size()));
  std::ranges::copy(msu, to.begin() + kHeaderOctets);
  return kHeaderOctets + msu.size();
}
std::size_t write_new(LinkCore& core, std::span<Octet> to) {
  const std::uint32_t place = core.ring.sent();
  const std::size_t octets = write_msu(core, to, place);
  if (core.ring.unacknowledged() == 0) core.start_timer(LinkTimer::t7);  // Q.703 5.3.1
  core.ring.mark_sent();
  ++core.counters.msus_sent;
  core.counters.octets_sent += octets - kHeaderOctets;
  return octets;
}
std::size_t write_again(LinkCore& core, std::span<Octet> to, std::uint32_t place) {
  const std::size_t octets = write_msu(core, to, place);
  core.counters.octets_resent += octets - kHeaderOctets;
  return octets;
}

/// Q.703 5.2.2, 5.3.2: what was asked for again goes before what is new.
std::size_t next_basic(LinkCore& core, std::span<Octet> to) {
  if (core.tx.resend != core.ring.sent()) return write_again(core, to, core.tx.resend++);
  if (!core.ring.may_send()) return write_fisu(core, to);
  const std::size_t octets = write_new(core, to);
  core.tx.resend = core.ring.sent();
  return octets;
}

bool must_force(const LinkCore& core) {
  return core.ring.unacknowledged() >= core.config.forced_msus ||
         core.ring.unacknowledged_octets() >= core.config.forced_octets;
}
/// Q.703 6.3.2: what is unacknowledged goes again whenever there is nothing new; 6.4: all of it is forced out
/// once when there is too much of it.
std::size_t next_preventive(LinkCore& core, std::span<Octet> to) {
  auto& tx = core.tx;
  if (tx.forced && tx.cycle == tx.forced_end) tx.forced = false;
  if (!tx.forced && core.ring.unacknowledged() > 0 && must_force(core)) {
    tx.forced = true;
    tx.cycle = core.ring.head();
    tx.forced_end = core.ring.sent();
  }
  if (tx.forced) return write_again(core, to, tx.cycle++);
  if (core.ring.may_send()) return write_new(core, to);
  if (core.ring.unacknowledged() == 0) return write_fisu(core, to);
  if (tx.cycle == core.ring.sent()) tx.cycle = core.ring.head();
  return write_again(core, to, tx.cycle++);
}

}  // namespace

void start_transmission(LinkCore& core) {
  const auto sending = core.tx.sending;
  core.ring.clear();
  core.tx = {};
  core.tx.sending = sending;
  judge_congestion(core);
}

std::size_t next_unit(LinkCore& core, std::span<Octet> to) {
  if (core.tx.busy_due && (core.tx.sending == Sending::fisu || core.tx.sending == Sending::msu)) {
    core.tx.busy_due = false;
    return write_lssu(core, to, Status::busy);
  }
  switch (core.tx.sending) {
    case Sending::sios:
      return write_lssu(core, to, Status::out_of_service);
    case Sending::sio:
      return write_lssu(core, to, Status::out_of_alignment);
    case Sending::sin:
      return write_lssu(core, to, Status::normal);
    case Sending::sie:
      return write_lssu(core, to, Status::emergency);
    case Sending::sipo:
      return write_lssu(core, to, Status::processor_outage);
    case Sending::fisu:
      return write_fisu(core, to);
    case Sending::msu:
      break;
  }
  return core.config.correction == Correction::basic ? next_basic(core, to) : next_preventive(core, to);
}

bool acknowledge(LinkCore& core, Sequence backward) {
  auto& ring = core.ring;
  const std::uint32_t confirmed = ring.confirms(backward.number);
  if (confirmed > ring.unacknowledged()) return false;
  if (confirmed > 0) {
    ring.drop(confirmed);
    // Q.703 5.3.1, 9.3: an acknowledgement stops T6 and starts T7 anew.
    core.stop_timer(LinkTimer::t6);
    if (ring.unacknowledged() > 0)
      core.start_timer(LinkTimer::t7);
    else
      core.stop_timer(LinkTimer::t7);
    const auto clamp = [&](std::uint32_t& place) {
      if (place - ring.head() > ring.unacknowledged()) place = ring.head();
    };
    clamp(core.tx.resend);
    clamp(core.tx.cycle);
    if (core.tx.forced && core.tx.forced_end - ring.head() > ring.unacknowledged()) core.tx.forced = false;
    judge_congestion(core);
  }
  if (core.config.correction == Correction::basic && backward.bit != core.tx.bit) {  // Q.703 5.3.2
    ++core.counters.negative_acknowledgements;
    core.tx.bit = backward.bit;
    core.tx.resend = ring.head();
  }
  return true;
}

void busy_received(LinkCore& core) {
  ++core.counters.busy_received;
  if (core.ring.unacknowledged() == 0) return;
  if (!core.timer_running(LinkTimer::t6)) core.start_timer(LinkTimer::t6);  // Q.703 9.3
  core.start_timer(LinkTimer::t7);
}

void inhibit_msus(LinkCore& core) {
  core.stop_timer(LinkTimer::t6);
  core.stop_timer(LinkTimer::t7);
}

void release_msus(LinkCore& core) {
  if (core.ring.unacknowledged() > 0) core.start_timer(LinkTimer::t7);
}

void judge_congestion(LinkCore& core) {
  const auto& thresholds = core.config.congestion;
  std::uint8_t level = core.tx.congestion;
  const std::uint32_t held = core.ring.held();
  while (level < thresholds.size() && held >= thresholds[level].onset) ++level;
  while (level > 0 && held <= thresholds[level - 1U].abatement) --level;
  if (level == core.tx.congestion) return;
  if (level > core.tx.congestion) ++core.counters.congestions;
  core.tx.congestion = level;
  core.sink.congestion(level);
}

}  // namespace tandem::mtp
