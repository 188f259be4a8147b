#include "tests/sim/subscribers.h"

#include <array>

namespace tandem::sim {

using namespace std::chrono_literals;

/// Any that is idle here; nearly always found.
Slot Subscribers::idle_slot() {
  auto slot = slots_[world_.pick(slots_.size())];
  for (int i = 0; i < 40 && busy_.contains(slot); ++i) slot = slots_[world_.pick(slots_.size())];
  return slot;
}

std::optional<pri::UserUser> Subscribers::something_to_say() {
  if (!world_.chance(0.1)) return std::nullopt;
  return pri::UserUser{0x04, Octets(1 + world_.pick(40), 'u')};
}

void Subscribers::begin() {
  ++begun;
  const auto slot = idle_slot();
  if (busy_.contains(slot)) return;
  pri::Setup setup;
  static constexpr std::array<const char*, 5> kNumbers = {"100", "200", "49301234", "071155", "77"};
  setup.called.digits = kNumbers[world_.pick(kNumbers.size())] + std::to_string(world_.pick(10));
  setup.channel = slot.channel(world_.chance(0.7));
  add_features(setup);
  std::string rest;
  if (trunk_ == 0 && world_.chance(0.3)) {  // this trunk takes numbers in pieces
    rest = setup.called.digits.substr(1);
    setup.called.digits.resize(1);
    setup.sending_complete = false;
  }
  const auto call = channel().setup(setup, world_.now);
  if (!call) return;
  busy_.insert(slot);
  calls_[*call] = slot;
  if (!rest.empty()) digits_[*call] = rest;
  hang_up(*call, 240s);
  if (world_.chance(0.3)) hang_up(*call, world_.some(8s));
}

void Subscribers::add_features(pri::Setup& setup) {
  if (world_.chance(0.7)) {
    setup.calling = pri::Number{.digits = "3000"};
    setup.calling->presentation =
        world_.chance(0.2) ? pri::Presentation::restricted : pri::Presentation::allowed;
    setup.calling->screening = pri::Screening::network;
    if (world_.chance(0.3)) setup.calling_name = "Alice \"A\" <b>";
  }
  if (world_.chance(0.2)) {
    pri::Redirection redirection;
    redirection.redirecting = pri::Number{.digits = "4000"};
    redirection.reason = pri::RedirectionReason::busy;
    redirection.count = static_cast<std::uint8_t>(1 + world_.pick(5));
    setup.redirection = redirection;
  }
  if (world_.chance(0.1)) setup.user_user = pri::UserUser{0x04, {'h', 'e', 'l', 'l', 'o'}};
  if (world_.chance(0.1)) setup.called_subaddress = pri::Subaddress{true, false, {0x50, 0x31, 0x32}};
  if (world_.chance(0.1))
    setup.progress.push_back({pri::ProgressDescription::not_end_to_end, pri::Location::user});
  if (world_.chance(0.05)) setup.bearer.transfer = pri::Transfer::unrestricted;
  if (world_.chance(0.05)) setup.keypad = "*21*4711#";
}

void Subscribers::moved(pri::CallRef call, const std::optional<pri::Channel>& to) {
  const auto it = calls_.find(call);
  if (!to || it == calls_.end() || to->timeslot == 0) return;
  busy_.erase(it->second);
  it->second = {to->span, to->timeslot};
  busy_.insert(it->second);
}

void Subscribers::on(const pri::SetupAckInd& event) {
  moved(event.call, event.channel);
  const auto it = digits_.find(event.call);
  if (it == digits_.end()) return;
  Duration when{};
  for (std::size_t i = 0; i < it->second.size(); ++i) {
    when += world_.some(2s);
    const bool last = i + 1 == it->second.size() && world_.chance(0.5);
    world_.after(when, [this, call = event.call, digit = it->second.substr(i, 1), last] {
      channel().information(call, digit, last, world_.now);
    });
  }
  digits_.erase(it);
}

void Subscribers::on(const pri::SetupInd& event) {
  ++came_in;
  heard(event.setup.user_user);
  static constexpr std::array<std::uint8_t, 9> kFailures = {1, 3, 17, 21, 27, 28, 34, 41, 88};
  const auto call = event.call;
  Slot slot{event.setup.channel.span, event.setup.channel.timeslot};
  // A collision: the network side keeps what it has, the user side gives way.
  if (busy_.contains(slot) &&
      (world_.config(side_).trunks[trunk_].side == pri::Side::user || event.setup.channel.exclusive))
    return channel().disconnect(call, 44, world_.now);
  if (slot.timeslot == 0 || (!event.setup.channel.exclusive && world_.chance(0.3)))
    for (const auto other : slots_)
      if (!busy_.contains(other)) slot = other;
  busy_.insert(slot);
  calls_[call] = slot;
  hang_up(call, 240s);
  const auto where = slot.channel(true);
  const auto dice = world_.pick(100);
  if (dice < 1) return;  // says nothing: T303
  if (dice < 15) return hang_up(call, world_.some(2s), kFailures[world_.pick(kFailures.size())]);
  channel().proceeding(call, where, world_.now);
  if (dice < 30)
    world_.after(world_.some(1s), [this, call, where] {
      const std::optional<pri::Cause> why = world_.chance(0.3) ? std::optional(pri::Cause{}) : std::nullopt;
      channel().progress(call, where, why, true, world_.now);
    });
  world_.after(1s + world_.some(1s), [this, call, where] {
    channel().alerting(call, where, world_.chance(0.4), world_.now, {.user_user = something_to_say()});
  });
  if (dice < 38) return;  // rings until somebody has had enough
  world_.after(2s + world_.some(5s), [this, call, where] {
    ++connected;
    pri::Party party;
    if (world_.chance(0.5)) party.number = pri::Number{.digits = "5551234"};
    channel().connect(call, where, world_.now, party, something_to_say());
    talk(call);
  });
}

void Subscribers::on(const pri::ConnectInd& event) {
  ++answered;
  heard(event.user_user);
  moved(event.call, event.channel);
  talk(event.call);
}

/// What may happen in a call.
void Subscribers::talk(pri::CallRef call) {
  talking_.insert(call);
  if (world_.chance(0.9)) hang_up(call, world_.chance(0.05) ? 200s : world_.some(30s));
  const auto at = [&](double part, auto action) {
    if (world_.chance(part)) world_.after(world_.some(20s), action);
  };
  at(0.1, [this, call] { channel().notify(call, pri::Notification::remote_hold, world_.now); });
  at(0.1, [this, call] { channel().notify(call, pri::Notification::remote_retrieval, world_.now); });
  at(0.05, [this, call] { channel().notify(call, pri::Notification::user_suspended, world_.now); });
  at(0.05, [this, call] { channel().notify(call, pri::Notification::user_resumed, world_.now); });
  at(0.1, [this, call] {
    if (talking_.contains(call)) channel().hold(call, world_.now);
  });
  at(0.3, [this, call] { ask_transfer(call); });
  at(0.1, [this, call] {
    if (const auto said = something_to_say()) channel().user_user(call, *said, world_.now);
  });
}

/// One call is held and the other not, as the party has them who joins them.
void Subscribers::ask_transfer(pri::CallRef call) {
  if (!talking_.contains(call) || talking_.size() < 2) return;
  auto other = std::next(talking_.begin(), static_cast<std::ptrdiff_t>(world_.pick(talking_.size())));
  if (*other == call || !channel().hold(call, world_.now)) return;
  world_.after(100ms, [this, call, other = *other] {
    if (channel().transfer(call, other, world_.now)) ++transfers;
  });
}

void Subscribers::on(const pri::HoldInd& event) {
  ++held;
  const auto it = calls_.find(event.call);
  if (it == calls_.end()) return;
  busy_.erase(std::exchange(it->second, Slot{}));
  if (world_.chance(0.1)) return;  // held until the end
  world_.after(200ms + world_.some(10s), [this, call = event.call] {
    const auto slot = idle_slot();
    if (calls_.contains(call) && !busy_.contains(slot))
      channel().retrieve(call, slot.channel(true), world_.now);
  });
}

void Subscribers::on(const pri::RetrieveInd& event) {
  ++retrieved;
  moved(event.call, event.channel);
}

void Subscribers::on(const pri::DisconnectInd& event) {
  talking_.erase(event.call);
  heard(event.user_user);
  // Some take their time, as one does who listens to the tone.
  hang_up(event.call, world_.chance(0.8) ? Duration{} : world_.some(5s), event.cause.value);
}

void Subscribers::on(const pri::ReleasedInd& event) {
  digits_.erase(event.call);
  talking_.erase(event.call);
  heard(event.user_user);
  const auto it = calls_.find(event.call);
  if (it == calls_.end()) return;
  busy_.erase(it->second);
  calls_.erase(it);
}

}  // namespace tandem::sim
