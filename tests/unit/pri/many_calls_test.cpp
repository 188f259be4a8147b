// Ten thousand calls of every kind between two D channels: each ends exactly once, and nothing is left.
#include <gtest/gtest.h>
#include <malloc.h>

#include <map>
#include <random>

#include "tdm/pri/q931.h"
#include "tests/doubles/pri_pair.h"

namespace tandem::tdm::pri {
namespace {

using doubles::PriPair;
using namespace std::chrono_literals;

/// The owners of both ends, who do anything at any time.
class Crowd {
 public:
  Crowd(PriPair& pair, unsigned seed) : pair_(pair), random_(seed) {}

  std::size_t begun = 0;
  std::size_t ended[2] = {0, 0};
  std::size_t arrived = 0;
  std::size_t answered = 0;

  void step() {
    for (const auto end : {PriPair::network, PriPair::user}) {
      if (live_[end].size() < 20 && chance(2)) begin(end);
      std::vector<CallRef> refs;
      for (const auto& [ref, call] : live_[end]) refs.push_back(ref);
      for (const auto ref : refs) {
        if (chance(3)) act(end, ref);
      }
      // Sometimes the far end gets it only after it has acted itself: crossing messages.
      if (chance(2)) settle();
    }
    settle();
    if (chance(4)) {
      pair_.run(std::chrono::milliseconds(random_() % 3000));
      collect();
    }
  }
  void finish() {
    for (const auto end : {PriPair::network, PriPair::user}) {
      for (const auto& [ref, call] : live_[end]) pair_.at(end).disconnect(ref, 16, pair_.now());
    }
    eager_ = true;  // everybody clears on DISCONNECT now
    settle();
    for (int i = 0; i < 400; ++i) {
      pair_.run(1s);
      settle();
    }
    eager_ = false;
  }
  void dump() {
    for (int e : {0, 1})
      for (auto& [r, c] : live_[e])
        fprintf(stderr, "end %d ref %lu incoming %d ts %d\n", e, r, c.incoming, c.channel.timeslot);
  }
  [[nodiscard]] std::size_t left() const { return live_[0].size() + live_[1].size(); }

 private:
  struct Mine {
    bool incoming = false;
    bool cleared = false;
    Channel channel;
  };

  bool chance(unsigned of) { return random_() % of == 0; }

  void begin(PriPair::End end) {
    Setup setup;
    setup.channel = {static_cast<std::uint8_t>(1 + random_() % 31), chance(2)};
    if (setup.channel.timeslot == 16) setup.channel.timeslot = 0;
    setup.called.digits = "1000";
    if (chance(2)) setup.calling = Number{.digits = "201"};
    if (chance(3)) setup.progress.push_back({ProgressDescription::origination_non_isdn, Location::user});
    const auto ref = pair_.at(end).setup(setup, pair_.now());
    if (!ref) return;
    ++begun;
    live_[end][*ref] = {.channel = setup.channel};
  }

  void act(PriPair::End end, CallRef ref) {
    const auto& call = live_[end].at(ref);
    auto& d = pair_.at(end);
    const auto now = pair_.now();
    static constexpr std::uint8_t kCauses[] = {1, 6, 16, 17, 21, 26, 31, 34, 44, 82, 88, 102};
    switch (random_() % (call.incoming ? 7 : 12)) {
      case 0:
        d.disconnect(ref, kCauses[random_() % std::size(kCauses)], now);
        break;
      case 1:
        d.alerting(ref, call.channel, chance(2), now);
        break;
      case 2:
        d.proceeding(ref, call.channel, now);
        break;
      case 3:
        d.progress(ref, call.channel, Cause{}, chance(2), now);
        break;
      case 4:
      case 5:
        d.connect(ref, call.channel, now);
        break;
      default:
        break;
    }
    if (random_() % 500 == 0) d.restart(static_cast<std::uint8_t>(1 + random_() % 15), now);
  }

  void settle() {
    pair_.settle();
    collect();
    pair_.settle();
    collect();
  }

  void collect() {
    for (const auto end : {PriPair::network, PriPair::user}) {
      for (auto& event : pair_.take(end)) std::visit([&](auto& e) { on(end, e); }, event);
    }
  }

  void on(PriPair::End end, const SetupInd& e) {
    ++arrived;
    Channel channel = e.setup.channel;
    if (channel.timeslot == 0) channel.timeslot = 9;
    EXPECT_TRUE(live_[end].emplace(e.call, Mine{.incoming = true, .channel = channel}).second);
  }
  void on(PriPair::End end, const ReleasedInd& e) {
    EXPECT_EQ(live_[end].erase(e.call), 1U) << "released twice or never begun";
    ++ended[end];
  }
  void on(PriPair::End end, const DisconnectInd& e) {
    EXPECT_TRUE(live_[end].contains(e.call));
    if (eager_ || chance(2)) pair_.at(end).disconnect(e.call, 16, pair_.now());
  }
  void on(PriPair::End end, const ConnectInd& e) {
    EXPECT_TRUE(live_[end].contains(e.call));
    ++answered;
  }
  template <class Event>
    requires requires(Event e) { e.call; }
  void on(PriPair::End end, const Event& e) {
    EXPECT_TRUE(live_[end].contains(e.call)) << "an event of a dead call";
  }
  template <class Event>
  void on(PriPair::End, const Event&) {}

  PriPair& pair_;
  std::mt19937 random_;
  bool eager_ = false;
  std::map<CallRef, Mine> live_[2];
};

std::size_t allocated() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return 0;  // the sanitizers keep their own accounts
#else
  return mallinfo2().uordblks;
#endif
}

struct ManyCalls : testing::TestWithParam<unsigned> {};
INSTANTIATE_TEST_SUITE_P(Seeds, ManyCalls, testing::Values(1U, 2U, 3U));

TEST_P(ManyCalls, EndExactlyOnceAndLeaveNothingBehind) {
  PriPair pair;
  pair.start();
  std::mt19937 luck(GetParam());
  // The odd seeds with a wire that loses frames, so that layer 2 repeats them.
  const unsigned lost_of = GetParam() % 2 == 1 ? 50 : 0;
  pair.wire = [&](PriPair::End, OctetView) { return lost_of == 0 || luck() % lost_of != 0; };
  Crowd crowd(pair, GetParam());
  std::size_t half = 0;
  while (crowd.begun < 10'000) {
    crowd.step();
    if (half == 0 && crowd.begun >= 5'000) {
      crowd.finish();
      ASSERT_EQ(crowd.left(), 0U);
      half = allocated();
    }
  }
  crowd.finish();
  EXPECT_EQ(crowd.left(), 0U);
  for (const auto end : {PriPair::network, PriPair::user}) {
    EXPECT_EQ(pair.at(end).calls(), 0U);
    EXPECT_EQ(pair.at(end).call_records(), 0U);
    EXPECT_TRUE(pair.at(end).up());
  }
  EXPECT_EQ(crowd.ended[0] + crowd.ended[1], crowd.begun + crowd.arrived);
  EXPECT_GT(crowd.answered, 1'000U);
  // A call record of libpri alone has about 5 KiB: one lost call in the second half would show.
  EXPECT_LE(allocated(), half + 4'000);
}

}  // namespace
}  // namespace tandem::tdm::pri
