// Calls with every service at any time, on every switch type: each ends exactly once, and nothing is left.
#include <map>
#include <random>

#include "tests/unit/pri/pri_calls.h"

namespace tandem::tdm::pri {
namespace {

using namespace std::chrono_literals;

struct Kind {
  std::string_view name;
  Switch type;
  bool nfas = false;
};

void PrintTo(const Kind& kind, std::ostream* out) {
  *out << kind.name;
}

DChannelConfig all_services(const Kind& kind) {
  DChannelConfig config;
  config.type = kind.type;
  config.t1 = kind.type != Switch::euroisdn && kind.type != Switch::qsig;
  config.overlap_receiving = config.overlap_sending = true;
  config.hold = config.transfer = config.service_messages = true;
  if (kind.nfas) {
    config.links = 2;
    config.interfaces = {0, 1, 2};
  }
  return config;
}

struct ManyServices : testing::TestWithParam<Kind> {
  PriPair pair{all_services(GetParam())};
  std::mt19937 random{20};
  std::map<CallRef, bool> live[2];  ///< of each end: whether it came in
  std::size_t begun = 0;
  std::size_t heard[2] = {0, 0};
  bool clearing = false;

  bool chance(unsigned of) { return random() % of == 0; }
  Channel some_channel() {
    const auto spans = static_cast<unsigned>(pair_spans());
    return {.timeslot = static_cast<std::uint8_t>(1 + random() % 15),
            .exclusive = true,
            .span = static_cast<std::uint8_t>(random() % spans)};
  }
  [[nodiscard]] static std::size_t pair_spans() { return all_services(GetParam()).interfaces.size(); }

  void begin(PriPair::End end) {
    auto setup = a_setup();
    setup.channel = some_channel();
    setup.sending_complete = chance(2);
    if (chance(3)) setup.calling_name = "Grace";
    if (chance(3)) setup.user_user = UserUser{0x04, Octets(random() % 140, 'u')};
    if (chance(3)) {
      setup.redirection = Redirection{
          .original_called = Number{.digits = "2001"}, .redirecting = Number{.digits = "2002"}, .count = 2};
    }
    if (const auto ref = pair.at(end).setup(setup, pair.now())) {
      live[end][*ref] = false;
      ++begun;
    }
  }

  void act(PriPair::End end, CallRef call, bool incoming) {
    auto& d = pair.at(end);
    const auto now = pair.now();
    const auto channel = some_channel();
    const Extras extras{.progress = {{ProgressDescription::destination_non_isdn, Location::transit}},
                        .user_user = UserUser{0x04, {'x'}}};
    switch (random() % 14) {
      case 0:
        return d.disconnect(call, Cause{static_cast<std::uint8_t>(1 + random() % 40), Location::user}, now,
                            chance(2));
      case 1:
        return d.setup_ack(call, channel, chance(2), now);
      case 2:
        return d.information(call, "12", chance(2), now);
      case 3:
        return d.alerting(call, channel, chance(2), now, extras);
      case 4:
      case 5:
        return d.connect(call, channel, now, {.number = Number{.digits = "77"}, .name = "Eva"},
                         extras.user_user);
      case 6:
        return d.notify(call, static_cast<Notification>(random() % 0x7C), now);
      case 7:
        return d.connected_line(call, {.number = Number{.digits = "78"}, .name = "Max"}, now);
      case 8:
        return d.user_user(call, {0x04, {'y'}}, now);
      case 9:
        return static_cast<void>(d.hold(call, now));
      case 10:
        return static_cast<void>(d.retrieve(call, channel, now));
      case 11:
        return static_cast<void>(d.transfer(call, live[end].begin()->first, now));
      case 12:
        return d.progress(call, channel, Cause{}, chance(2), now, extras);
      default:
        if (chance(40)) d.restart(chance(3) ? 0 : channel.timeslot, now, channel.span);
        if (chance(20)) d.service(channel, chance(2), now);
        return d.proceeding(call, channel, now, incoming ? extras : Extras{});
    }
  }

  void collect() {
    for (const auto end : {kNet, kUser}) {
      for (auto& event : pair.take(end)) {
        if (const auto* setup = std::get_if<SetupInd>(&event)) {
          EXPECT_TRUE(live[end].emplace(setup->call, true).second);
        } else if (const auto* released = std::get_if<ReleasedInd>(&event)) {
          EXPECT_EQ(live[end].erase(released->call), 1U) << "released twice, or never begun";
        } else if (const auto* disconnected = std::get_if<DisconnectInd>(&event)) {
          EXPECT_TRUE(live[end].contains(disconnected->call));
          if (clearing || chance(2)) pair.at(end).disconnect(disconnected->call, 16, pair.now());
        } else if (const auto* line = std::get_if<ConnectedLineInd>(&event)) {
          EXPECT_TRUE(live[end].contains(line->call));
        }
        ++heard[end];
      }
    }
  }

  void settle() {
    for (int i = 0; i < 3; ++i) {
      pair.settle();
      collect();
    }
  }

  void finish() {
    clearing = true;
    for (const auto end : {kNet, kUser}) {
      for (const auto& [call, incoming] : std::map(live[end])) pair.at(end).disconnect(call, 16, pair.now());
    }
    for (int i = 0; i < 400; ++i) {
      settle();
      pair.run(1s);
    }
    settle();
    clearing = false;
  }
};
INSTANTIATE_TEST_SUITE_P(All, ManyServices,
                         testing::Values(Kind{"EuroIsdn", Switch::euroisdn},
                                         Kind{"National", Switch::national}, Kind{"Ni1", Switch::ni1},
                                         Kind{"Dms100", Switch::dms100}, Kind{"Att4ess", Switch::att4ess},
                                         Kind{"Lucent5ess", Switch::lucent5ess}, Kind{"Qsig", Switch::qsig},
                                         Kind{"Nfas", Switch::national, true}),
                         [](const auto& kind) { return std::string(kind.param.name); });

TEST_P(ManyServices, LeaveNothingBehind) {
  pair.start();
  collect();
  std::mt19937 luck(3);
  pair.wire = [&](PriPair::End, OctetView) { return luck() % 60 != 0; };
  while (begun < 1'000) {
    for (const auto end : {kNet, kUser}) {
      if (live[end].size() < 8 && chance(2)) begin(end);
      for (const auto& [call, incoming] : std::map(live[end])) {
        if (chance(3)) act(end, call, incoming);
      }
      if (chance(2)) settle();
    }
    settle();
    if (chance(4)) pair.run(std::chrono::milliseconds(random() % 3000));
    if (GetParam().nfas && chance(300)) {
      pair.cut[random() % 2] ^= true;
      pair.run(40s);
    }
    settle();
  }
  pair.cut[0] = pair.cut[1] = false;
  finish();
  for (const auto end : {kNet, kUser}) {
    EXPECT_TRUE(live[end].empty());
    EXPECT_EQ(pair.at(end).calls(), 0U);
    EXPECT_EQ(pair.at(end).call_records(), 0U);
    EXPECT_TRUE(pair.at(end).up());
    EXPECT_GT(heard[end], 1'000U);
  }
}

}  // namespace
}  // namespace tandem::tdm::pri
