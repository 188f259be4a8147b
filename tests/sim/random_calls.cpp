#include "tests/sim/random_calls.h"

#include <array>

namespace tandem::sim {

using namespace std::chrono_literals;
namespace pri = tdm::pri;

namespace {

/// After this a far exchange clears a call whose end went lost while its trunk was cut.
constexpr Duration kLongest = 240s;

}  // namespace

void RandomCalls::start(int count, Duration interval) {
  Duration when{};
  for (int i = 0; i < count; ++i) {
    when += some(2 * interval);
    world_.after(when, [this] { world_.chance(0.5) ? begin_sip() : begin_pri(); });
  }
}

std::string RandomCalls::number() {
  static constexpr std::array<const char*, 8> kNumbers = {"1000", "2001", "+4930123", "0711555",
                                                          "9100", "77",   "1*2#3",    "5551234567890"};
  return kNumbers[world_.pick(kNumbers.size())];
}

// --- SIP ------------------------------------------------------------------------------------------------

void RandomCalls::begin_sip() {
  ++begun;
  const auto side = world_.pick(sip_sides_.size());
  sip::InviteInfo info;
  info.request_uri.user = world_.chance(0.02) ? "alice" : number();
  info.request_uri.host = "192.0.2.1";
  info.from.uri.user = "2000";
  info.from.uri.host = "198.51.100.1";
  info.to.uri = info.request_uri;
  const auto dice = world_.pick(100);
  if (dice < 80) info.sdp = sip::make_offer(doubles::peer_audio());
  if (dice >= 97) info.sdp = "v=0\r\nthis is no session\r\n";
  const auto call = world_.peer(side).invite(info, world_.to_gateway(side), world_.now);
  if (!call) return;
  if (world_.chance(0.35))
    world_.after(some(8s), [this, side, call] {
      const std::vector<sip::Reason> reasons = {{"Q.850", 31, "", std::nullopt}};
      world_.peer(side).cancel(call, world_.chance(0.5) ? reasons : std::vector<sip::Reason>{}, world_.now);
    });
}

void RandomCalls::hang_up_sip(std::size_t side, sip::SipCall call, Duration after) {
  world_.after(after, [this, side, call] { world_.peer(side).bye(call, {}, world_.now); });
}

void RandomCalls::on_sip(std::size_t side, const sip::Event& event) {
  if (const auto* incoming = std::get_if<sip::IncomingCall>(&event)) {
    ++came_in;
    serve_sip(side, *incoming);
  } else if (const auto* answer = std::get_if<sip::AnswerReceived>(&event)) {
    ++answered;
    if (const auto response = sip::make_answer(answer->sdp, doubles::peer_audio()))
      world_.peer(side).ack_answer(answer->call, world_.chance(0.9) ? response->sdp : "nonsense", world_.now);
    if (world_.chance(0.7)) hang_up_sip(side, answer->call, some(30s));
  }
}

void RandomCalls::serve_sip(std::size_t side, const sip::IncomingCall& event) {
  static constexpr std::array<int, 12> kFailures = {302, 400, 404, 408, 480, 484,
                                                    486, 488, 500, 502, 503, 603};
  const auto call = event.call;
  const auto early = sip::make_answer(event.info.sdp, doubles::peer_audio());
  const auto sdp = early ? early->sdp : std::string();
  auto& agent = world_.peer(side);
  const auto dice = world_.pick(100);
  if (dice < 3) return;  // ignores it: T11, T9 or the caller's patience ends this
  if (dice < 30) {
    world_.after(some(3s), [this, &agent, call] {
      agent.reject(call, kFailures[world_.pick(kFailures.size())], {}, {}, {}, world_.now);
    });
    return;
  }
  if (dice < 80) {
    const int status = std::array{180, 180, 181, 182, 183}[world_.pick(5)];
    const auto body = world_.chance(0.4) ? sdp : std::string();
    world_.after(some(1s), [this, &agent, call, status, body] {
      agent.provisional(call, status, body, {}, world_.now);
    });
  }
  if (dice < 35) return;  // rings for ever
  world_.after(1s + some(4s), [this, side, &agent, call, sdp] {
    ++answered;
    agent.answer(call, world_.chance(0.97) ? sdp : "v=0\r\n", {}, world_.now);
    if (world_.chance(0.7)) hang_up_sip(side, call, some(30s));
  });
}

// --- PRI ------------------------------------------------------------------------------------------------

void RandomCalls::begin_pri() {
  ++begun;
  const auto side = world_.pick(pri_sides_.size());
  auto& own = pri_sides_[side];
  const auto& slots = world_.config.trunks[side].spans[0].timeslots;
  auto slot = slots[world_.pick(slots.size())];
  for (int i = 0; i < 40 && own.busy.contains(slot); ++i) slot = slots[world_.pick(slots.size())];
  if (own.busy.contains(slot)) return;
  pri::Setup setup;
  setup.called.digits = number();
  if (setup.called.digits.front() == '+') {
    setup.called.digits.erase(0, 1);
    setup.called.type = pri::TypeOfNumber::international;
  }
  setup.calling = pri::Number{.digits = "3000"};
  setup.channel = {slot, world_.chance(0.7)};
  if (world_.chance(0.2))
    setup.progress.push_back({pri::ProgressDescription::not_end_to_end, pri::Location::user});
  const auto call = world_.far(side).setup(setup, world_.now);
  if (!call) return;
  own.busy.insert(slot);
  own.calls[*call] = slot;
  hang_up_pri(side, *call, kLongest);
  if (world_.chance(0.35)) hang_up_pri(side, *call, some(8s));
}

void RandomCalls::hang_up_pri(std::size_t side, pri::CallRef call, Duration after) {
  world_.after(after, [this, side, call] {
    static constexpr std::array<std::uint8_t, 4> kCauses = {16, 16, 31, 41};
    world_.far(side).disconnect(call, kCauses[world_.pick(kCauses.size())], world_.now);
  });
}

void RandomCalls::on_pri(std::size_t side, const pri::Output& event) {
  auto& own = pri_sides_[side];
  auto& channel = world_.far(side);
  const auto moved = [&](pri::CallRef call, const std::optional<pri::Channel>& to) {
    const auto it = own.calls.find(call);
    if (!to || it == own.calls.end() || to->timeslot == it->second) return;
    own.busy.erase(it->second);
    own.busy.insert(to->timeslot);
    it->second = to->timeslot;
  };
  if (const auto* setup = std::get_if<pri::SetupInd>(&event)) {
    ++came_in;
    serve_pri(side, *setup);
  } else if (const auto* proceeding = std::get_if<pri::ProceedingInd>(&event)) {
    moved(proceeding->call, proceeding->channel);
  } else if (const auto* connect = std::get_if<pri::ConnectInd>(&event)) {
    ++answered;
    if (world_.chance(0.7)) hang_up_pri(side, connect->call, some(30s));
  } else if (const auto* disconnect = std::get_if<pri::DisconnectInd>(&event)) {
    // Some take their time, as one does who listens to the tone.
    if (world_.chance(0.8))
      channel.disconnect(disconnect->call, disconnect->cause.value, world_.now);
    else
      hang_up_pri(side, disconnect->call, some(5s));
  } else if (const auto* released = std::get_if<pri::ReleasedInd>(&event)) {
    const auto it = own.calls.find(released->call);
    if (it == own.calls.end()) return;
    own.busy.erase(it->second);
    own.calls.erase(it);
  }
}

void RandomCalls::serve_pri(std::size_t side, const pri::SetupInd& event) {
  static constexpr std::array<std::uint8_t, 12> kFailures = {1, 3, 17, 18, 21, 27, 28, 34, 38, 41, 44, 88};
  auto& own = pri_sides_[side];
  auto& channel = world_.far(side);
  const auto call = event.call;
  auto slot = event.setup.channel.timeslot;
  if (own.busy.contains(slot)) {
    // A collision: the network side keeps what it has, the user side gives way.
    if (world_.config.trunks[side].side == pri::Side::user || event.setup.channel.exclusive) {
      channel.disconnect(call, 44, world_.now);
      return;
    }
  }
  if (!event.setup.channel.exclusive && world_.chance(0.3)) {
    for (const auto other : world_.config.trunks[side].spans[0].timeslots)
      if (!own.busy.contains(other)) slot = other;
  }
  own.busy.insert(slot);
  own.calls[call] = slot;
  hang_up_pri(side, call, kLongest);
  const pri::Channel where{slot, true};
  const auto dice = world_.pick(100);
  if (dice < 2) return;  // says nothing: T303
  if (dice < 25) {
    const auto cause = kFailures[world_.pick(kFailures.size())];
    world_.after(some(2s), [this, &channel, call, cause] { channel.disconnect(call, cause, world_.now); });
    return;
  }
  channel.proceeding(call, where, world_.now);
  if (dice < 40)
    world_.after(some(1s), [this, &channel, call, where] {
      const std::optional<pri::Cause> why = world_.chance(0.3) ? std::optional(pri::Cause{}) : std::nullopt;
      channel.progress(call, where, why, true, world_.now);
    });
  world_.after(1s + some(1s), [this, &channel, call, where] {
    channel.alerting(call, where, world_.chance(0.4), world_.now);
  });
  if (dice < 50) return;  // rings for ever
  world_.after(2s + some(5s), [this, side, &channel, call, where] {
    ++answered;
    channel.connect(call, where, world_.now);
    if (world_.chance(0.7)) hang_up_pri(side, call, some(30s));
  });
}

// --- what goes wrong around them ------------------------------------------------------------------------

void RandomCalls::disturb(Duration interval, Time until) {
  world_.after(some(2 * interval), [this, interval, until] {
    if (world_.now > until) return;
    disturb_once();
    disturb(interval, until);
  });
}

void RandomCalls::disturb_once() {
  const auto side = world_.pick(pri_sides_.size());
  const auto& trunk = world_.config.trunks[side];
  const auto slot = trunk.spans[0].timeslots[world_.pick(trunk.spans[0].timeslots.size())];
  switch (world_.pick(6)) {
    case 0:
      world_.cut(side, true);
      world_.after(some(25s), [this, side] { world_.cut(side, false); });
      break;
    case 1: {
      const auto span = trunk.spans[0].span;
      world_.cut(side, true);
      world_.gateway.handle_media(media::SpanAlarms{span, {.red = true}}, world_.now);
      world_.after(some(20s), [this, side, span] {
        world_.cut(side, false);
        world_.gateway.handle_media(media::SpanAlarms{span, {}}, world_.now);
      });
      break;
    }
    case 2:
      world_.far(side).restart(slot, world_.now);
      break;
    case 3:
      (void)world_.gateway.reset(trunk.name, std::to_string(slot), world_.now);
      break;
    case 4:
      (void)world_.gateway.block(trunk.name, "1-4", world_.now);
      world_.after(some(20s),
                   [this, name = trunk.name] { (void)world_.gateway.unblock(name, "", world_.now); });
      break;
    default: {
      const auto calls = world_.gateway.calls(world_.now);
      if (!calls.empty()) (void)world_.gateway.hangup(calls[world_.pick(calls.size())].call, 31, world_.now);
    }
  }
}

}  // namespace tandem::sim
