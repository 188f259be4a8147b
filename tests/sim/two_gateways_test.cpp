// Fifty thousand calls between subscribers of far exchanges, through two gateways and the SIP between them,
// with what people and exchanges add to calls, and everything going wrong that may: at the end nothing is
// left.
#include "tests/sim/two_gateways.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <set>
#include <unordered_map>

namespace tandem::sim {
namespace {

using namespace std::chrono_literals;
namespace pri = tdm::pri;

constexpr std::array kSlots = {1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
                               17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31};

core::Config side_config(bool left) {
  auto config = doubles::small_config(2, 1);
  config.trunks[1].side = pri::Side::network;
  config.trunks[1].hunt = core::Hunt::descending;
  config.trunks[1].exclusive_channel = false;
  config.trunks[0].overlap = core::Overlap::collect;
  config.trunks[0].failure_tone = core::FailureTone::always;
  config.trunks[1].announcements = {{{1, 3}, 0}};
  for (auto& trunk : config.trunks) trunk.hold = trunk.transfer = true;
  if (!left) {  // one of the four has SERVICE, and no HOLD
    config.trunks[0].type = pri::Switch::national;
    config.trunks[0].service_messages = true;
  }
  // Calls that stay here: of two calls that are to be joined one at least has to end on a circuit.
  const auto local = config.routes.emplace(config.routes.begin(), config.routes.back());
  local->from = config.trunks[1].name;
  local->match = "^77";
  local->to = {config.trunks[0].name};
  auto& peer = config.peers[0];
  peer.policy.session_expires = 90s;
  if (!left) {
    peer.policy.reliable = sip::Reliable::required;
    peer.dtmf = core::DtmfMode::info_relay;
    std::swap(config.sip.listen[0].address, peer.destination.remote);
    peer.destination.local = config.sip.listen[0].address;
    peer.uri.host = "192.0.2.1";
  }
  return config;
}

/// Subscribers behind one far exchange.
class Subscribers {
 public:
  Subscribers(TwoGateways& world, std::size_t side, std::size_t trunk)
      : world_(world), side_(side), trunk_(trunk) {
    world.on_pri(side, trunk,
                 [this](const pri::Output& event) { std::visit([this](const auto& e) { on(e); }, event); });
  }
  void begin();

  int begun = 0, came_in = 0, connected = 0, answered = 0, features = 0;
  int held = 0, retrieved = 0, transfers = 0, user_user = 0, services = 0, restarts = 0;

 private:
  void on(const pri::SetupInd& event);
  void on(const pri::ConnectInd& event);
  void on(const pri::DisconnectInd& event);
  void on(const pri::ReleasedInd& event);
  void on(const pri::ProceedingInd& event) { moved(event.call, event.channel); }
  void on(const pri::SetupAckInd& event);
  void on(const pri::AlertingInd& event) { heard(event.user_user); }
  void on(const pri::NotifyInd&) { ++features; }
  void on(const pri::HoldInd& event);
  void on(const pri::RetrieveInd& event);
  void on(const pri::ServiceInd&) { ++services; }
  void on(const pri::RestartAck& event) { restarts += event.timeslot == 0 ? 1 : 0; }
  void on(const pri::ConnectedLineInd&) { ++features; }
  void on(const pri::RedirectingInd&) { ++features; }
  template <class Other>
  void on(const Other&) {}

  pri::DChannel& channel() { return world_.far(side_, trunk_); }
  void hang_up(pri::CallRef call, Duration after, std::uint8_t cause = 16) {
    world_.after(after, [this, call, cause] { channel().disconnect(call, cause, world_.now); });
  }
  void moved(pri::CallRef call, const std::optional<pri::Channel>& to);
  void talk(pri::CallRef call);
  void add_features(pri::Setup& setup);
  void heard(const std::optional<pri::UserUser>& said) { user_user += said ? 1 : 0; }
  std::optional<pri::UserUser> something_to_say();
  void ask_transfer(pri::CallRef call);
  std::uint8_t idle_slot();

  TwoGateways& world_;
  std::size_t side_, trunk_;
  std::set<std::uint8_t> busy_;
  std::unordered_map<pri::CallRef, std::uint8_t> calls_;
  std::unordered_map<pri::CallRef, std::string> digits_;  ///< still to be dialled
  std::set<pri::CallRef> talking_;
};

/// Any that is idle here; nearly always found.
std::uint8_t Subscribers::idle_slot() {
  auto slot = static_cast<std::uint8_t>(kSlots[world_.pick(kSlots.size())]);
  for (int i = 0; i < 40 && busy_.contains(slot); ++i)
    slot = static_cast<std::uint8_t>(kSlots[world_.pick(kSlots.size())]);
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
  static constexpr std::array<const char*, 5> kNumbers = {"1000", "2001", "493012345", "0711555", "77"};
  setup.called.digits = kNumbers[world_.pick(kNumbers.size())];
  setup.channel = {slot, world_.chance(0.7)};
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
  if (!to || it == calls_.end() || to->timeslot == it->second || to->timeslot == 0) return;
  busy_.erase(it->second);
  busy_.insert(to->timeslot);
  it->second = to->timeslot;
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
  auto slot = event.setup.channel.timeslot;
  // A collision: the network side keeps what it has, the user side gives way.
  if (busy_.contains(slot) &&
      (world_.config(side_).trunks[trunk_].side == pri::Side::user || event.setup.channel.exclusive))
    return channel().disconnect(call, 44, world_.now);
  if (slot == 0 || (!event.setup.channel.exclusive && world_.chance(0.3)))
    for (const auto other : kSlots)
      if (!busy_.contains(static_cast<std::uint8_t>(other))) slot = static_cast<std::uint8_t>(other);
  busy_.insert(slot);
  calls_[call] = slot;
  hang_up(call, 240s);
  const pri::Channel where{slot, true};
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
  busy_.erase(std::exchange(it->second, std::uint8_t{0}));
  if (world_.chance(0.1)) return;  // held until the end
  world_.after(200ms + world_.some(10s), [this, call = event.call] {
    const auto slot = idle_slot();
    if (calls_.contains(call) && !busy_.contains(slot)) channel().retrieve(call, {slot, true}, world_.now);
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

void disturb(TwoGateways& world, Time until) {
  world.after(world.some(60s), [&world, until] {
    if (world.now > until) return;
    const auto side = world.pick(2);
    const auto trunk = world.pick(2);
    const auto& name = world.config(side).trunks[trunk].name;
    const auto slot = static_cast<std::uint8_t>(kSlots[world.pick(kSlots.size())]);
    const auto timeslot = std::to_string(slot);
    switch (world.pick(8)) {
      case 0:
        world.cut(side, trunk, true);
        world.after(world.some(25s), [&world, side, trunk] { world.cut(side, trunk, false); });
        break;
      case 1:
        world.cut(side, trunk, true);
        world.alarm(side, trunk, true);
        world.after(world.some(20s), [&world, side, trunk] {
          world.cut(side, trunk, false);
          world.alarm(side, trunk, false);
        });
        break;
      case 2:
        world.far(side, trunk).restart(slot, world.now);
        break;
      case 3:
        (void)world.gateway(side).reset(name, timeslot, world.now);
        break;
      case 4:  // the whole span
        if (world.chance(0.3)) world.far(side, trunk).restart(0, world.now);
        break;
      case 5:  // SERVICE, where there is such a thing
        (void)world.gateway(side).block(name, timeslot, world.now);
        world.after(world.some(60s), [&world, side, name, timeslot] {
          (void)world.gateway(side).unblock(name, timeslot, world.now);
        });
        break;
      case 6:
        world.far(side, trunk).service({slot, true}, false, world.now);
        world.after(world.some(60s), [&world, side, trunk, slot] {
          world.far(side, trunk).service({slot, true}, true, world.now);
        });
        break;
      default: {
        const auto calls = world.gateway(side).calls(world.now);
        if (!calls.empty())
          (void)world.gateway(side).hangup(calls[world.pick(calls.size())].call, 31, world.now);
      }
    }
    disturb(world, until);
  });
}

void expect_nothing_left(TwoGateways& world) {
  for (std::size_t side = 0; side < 2; ++side) {
    SCOPED_TRACE("gateway " + std::to_string(side));
    const auto usage = world.gateway(side).usage();
    EXPECT_EQ(usage.calls, 0U);
    EXPECT_EQ(world.gateway(side).audit().all_repairs(), 0U) << "nothing disagrees in normal running";
    EXPECT_EQ(usage.media_sessions, 0U);
    EXPECT_EQ(usage.rtp_ports, 0U);
    EXPECT_EQ(usage.timers, 0U);
    EXPECT_EQ(usage.d_channel_calls, 0U);
    EXPECT_EQ(usage.circuits, 0U);
    EXPECT_EQ(usage.sip.calls, 0U);
    EXPECT_EQ(usage.sip.dialogs, 0U);
    EXPECT_EQ(usage.sip.transactions, 0U);
    EXPECT_EQ(world.ports(side).open_count(), 0U);
    EXPECT_EQ(world.ports(side).closed_twice, 0);
    EXPECT_TRUE(world.media(side).sessions.empty());
    EXPECT_TRUE(world.media(side).tones.empty());
    EXPECT_THAT(world.media(side).faults, ::testing::IsEmpty());
    for (std::size_t trunk = 0; trunk < 2; ++trunk) EXPECT_EQ(world.far(side, trunk).calls(), 0U);
  }
}

std::uint64_t run(std::uint64_t seed, int calls) {
  SCOPED_TRACE("TANDEM_SIM_SEED=" + std::to_string(seed) + " TANDEM_SIM_CALLS=" + std::to_string(calls));
  TwoGateways world(side_config(true), side_config(false), seed);
  world.network = {.loss = 0.01, .duplicate = 0.02, .delay = 5ms, .jitter = 30ms};
  std::vector<std::unique_ptr<Subscribers>> people;
  for (std::size_t side = 0; side < 2; ++side)
    for (std::size_t trunk = 0; trunk < 2; ++trunk)
      people.push_back(std::make_unique<Subscribers>(world, side, trunk));
  world.run_until(world.now + 3s);
  constexpr Duration kInterval = 400ms;
  Duration when{};
  for (int i = 0; i < calls; ++i) {
    when += world.some(2 * kInterval);
    world.after(when, [&world, &people] { people[world.pick(people.size())]->begin(); });
  }
  const auto end = world.now + when;
  disturb(world, end);
  world.run_until(end + 300s);
  for (std::size_t side = 0; side < 2; ++side) world.gateway(side).clear_all(world.now);
  world.run_until(world.now + 1200s);
  int begun = 0, came_in = 0, connected = 0, answered = 0, features = 0;
  int held = 0, retrieved = 0, transfers = 0, user_user = 0, services = 0, restarts = 0;
  for (const auto& group : people) {
    held += group->held;
    retrieved += group->retrieved;
    transfers += group->transfers;
    user_user += group->user_user;
    services += group->services;
    restarts += group->restarts;
    begun += group->begun;
    came_in += group->came_in;
    connected += group->connected;
    answered += group->answered;
    features += group->features;
  }
  if (std::getenv("TANDEM_SIM_STATS") != nullptr) {
    std::printf("held %d, retrieved %d, transfers %d (%d joined), user-user %d, SERVICE %d, RESTART %d\n",
                held, retrieved, transfers, world.joined(), user_user, services, restarts);
    std::printf("begun %d, came in %d, connected %d, answered %d, features %d\n", begun, came_in, connected,
                answered, features);
    for (std::size_t side = 0; side < 2; ++side)
      for (const auto& [cause, count] : world.causes(side))
        std::printf("gateway %zu: %8d cause %d\n", side, count, cause);
  }
  EXPECT_GT(came_in, calls / 2);
  EXPECT_GT(answered, calls / 4);
  EXPECT_LE(answered, connected);
  EXPECT_GT(features, calls / 50);
  if (calls >= 5000) {
    EXPECT_GT(held, calls / 100);
    EXPECT_GT(retrieved, calls / 200);
    EXPECT_GT(transfers, calls / 2000);
    EXPECT_GT(world.joined(), 0);
    EXPECT_GT(user_user, calls / 50);
    EXPECT_GT(services, 0);
    EXPECT_GT(restarts, 0) << "of whole spans";
  }
  expect_nothing_left(world);
  return world.trace_hash();
}

int calls_of_run() {
  const char* text = std::getenv("TANDEM_SIM_CALLS");
  return text != nullptr ? std::atoi(text) : 50000;
}

std::uint64_t seed_of_run() {
  const char* text = std::getenv("TANDEM_SIM_SEED");
  return text != nullptr ? std::strtoull(text, nullptr, 10) : 20261121;
}

TEST(TwoGatewaysSim, FiftyThousandRandomCallsLeaveNothingBehind) {
  run(seed_of_run(), calls_of_run());
}

TEST(TwoGatewaysSim, TheSameSeedGivesTheSameTrace) {
  const auto first = run(7, 300);
  EXPECT_EQ(first, run(7, 300));
  EXPECT_NE(first, run(8, 300));
}

}  // namespace
}  // namespace tandem::sim
