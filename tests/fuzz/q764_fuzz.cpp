// Any events at a circuit group: messages from the peer, call control, maintenance, media, time. What it
// counts as idle can be seized, and resets end whatever was going on.
#include <array>
#include <cstdlib>

#include "isup/codec.h"
#include "isup/group.h"

namespace {

using namespace tandem;
using namespace tandem::isup;

constexpr std::uint16_t kCircuits = 32;

void require(bool holds) {
  if (!holds) std::abort();
}

GroupConfig config(std::uint8_t flags) {
  GroupConfig c;
  c.own = 1 + (flags & 1U);
  c.destination = 3 - c.own;
  c.variant = (flags & 2U) != 0 ? Variant::ansi : Variant::itu;
  c.quirks.double_group_messages = (flags & 4U) != 0;
  c.transit = (flags & 8U) != 0;
  c.continuity_every = (flags & 16U) != 0 ? 2 : 0;
  CicRange range{.first_cic = 1, .circuits = std::vector<Circuit>(kCircuits)};
  c.circuits.push_back(std::move(range));
  return c;
}

Message iam(Variant variant) {
  Message m(MessageType::iam);
  m.set(NatureOfConnection{}).set(ForwardCallIndicators{}).set(CallingPartysCategory{});
  if (variant == Variant::ansi)
    m.set(UserServiceInformation{});
  else
    m.set(TransmissionMedium{});
  return m.set(CalledPartyNumber{.digits = "1000"});
}

Message command(std::uint8_t which) {
  switch (which % 6) {
    case 0:
      return Message(MessageType::acm).set(BackwardCallIndicators{});
    case 1:
      return Message(MessageType::anm);
    case 2:
      return Message(MessageType::sus).set(SuspendResume{.network = (which & 64) != 0});
    case 3:
      return Message(MessageType::res).set(SuspendResume{.network = (which & 64) != 0});
    case 4:
      return Message(MessageType::cpg).set(EventInformation{});
    default:
      return Message(MessageType::rel).set(CauseIndicators{});
  }
}

/// One event: an octet that says which, one for the circuit, one more, and for messages their octets.
void event(CircuitGroup& group, Variant variant, std::uint8_t which, std::uint16_t cic, std::uint8_t more,
           OctetView message, Time& now) {
  const auto kind = (more & 1) != 0 ? Blocking::hardware : Blocking::maintenance;
  switch (which % 12) {
    case 0:
      now += std::chrono::seconds(more);
      return group.handle_timers(now);
    case 1:
      (void)group.seize(iam(variant), {}, now);
      return;
    case 2:
      (void)group.send(cic, command(more), now);
      return;
    case 3:
      return group.block(cic, 1U + more % 40U, kind, now);
    case 4:
      return group.unblock(cic, 1U + more % 40U, kind, now);
    case 5:
      return group.reset(cic, 1U + more % 40U, now);
    case 6:
      (void)group.query(cic, 1U + more % 40U, now);
      return;
    case 7:
      if ((more & 1) == 0) return group.tone_received(cic, now);
      (void)group.check(cic, now);
      return;
    case 8:
      return (more & 1) != 0 ? group.pause(now) : group.resume(now);
    case 9:
      return (more & 1) != 0 ? group.congestion(now) : group.user_part_unavailable(more % 3, now);
    default: {
      Octets octets{static_cast<Octet>(cic), 0};
      octets.insert(octets.end(), message.begin(), message.end());
      return group.receive(octets, now);
    }
  }
}

/// As the peer does: GRA to GRS.
void answer_reset(CircuitGroup& group, Variant variant, const Transmit& sent, Time now) {
  const auto message = decode_with_cic(sent.octets, variant);
  if (!message || message->message.type() != MessageType::grs) return;
  const auto* range = message->message.get<RangeAndStatus>();
  Message gra(MessageType::gra);
  gra.set(RangeAndStatus::of(range->range, [](unsigned) { return false; }));
  group.receive(encode_with_cic({message->cic, 0, gra}, variant).value(), now);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto settings = config(data[0]);
  CircuitGroup group(settings);
  Time now{};
  for (std::size_t i = 1; i + 3 < size;) {
    const std::size_t length = std::min<std::size_t>(data[i + 3], size - i - 4);
    event(group, settings.variant, data[i], static_cast<std::uint16_t>(data[i + 1] % (kCircuits + 3)),
          data[i + 2], {data + i + 4, length}, now);
    i += 4 + length;
    while (group.poll_output()) {
    }
    require(group.idle() <= kCircuits);
  }
  group.reset(1, kCircuits, now);
  // Resets that were sent before are sent again until they are answered too.
  for (int round = 0; round < 3; ++round) {
    while (const auto output = group.poll_output())
      if (const auto* sent = std::get_if<Transmit>(&*output))
        answer_reset(group, settings.variant, *sent, now);
    now += settings.timers.value(Timer::t23, settings.variant);
    group.handle_timers(now);
  }
  for (std::uint16_t cic = 1; cic <= kCircuits; ++cic) require(group.status(cic)->call == CallState::idle);
  return 0;
}
