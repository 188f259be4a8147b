// Whatever happens to two groups back to back: no crash, and once the wire is good again both sides are idle;
// hostile octets and messages do neither harm nor grow.
#include <random>

#include "tests/unit/isup/q784_world.h"

namespace tandem::isup::q784 {
namespace {

using M = MessageType;

class Random {
 public:
  explicit Random(std::uint32_t seed) : engine_(seed) {}
  unsigned below(unsigned bound) { return static_cast<unsigned>(engine_() % bound); }

 private:
  std::mt19937 engine_;
};

/// Two exchanges whose messages take time, cross and get lost.
struct Pair {
  explicit Pair(std::uint32_t seed, Variant variant, unsigned circuits, unsigned lost)
      : random(seed), lost_of_100(lost) {
    for (const std::uint32_t own : {1U, 2U}) {
      auto c = config(own, 3 - own, circuits);
      c.variant = variant;
      c.continuity_every = 5;
      ends.emplace_back(std::move(c));
    }
  }

  void pass_outputs(std::size_t end) {
    while (auto output = ends[end].poll_output()) {
      if (auto* t = std::get_if<Transmit>(&*output)) {
        if (random.below(100) >= lost_of_100) {
          sent_at = std::max(sent_at, now) + std::chrono::microseconds(1);  // MTP keeps the order
          wire[end].emplace_back(sent_at + std::chrono::milliseconds(20), std::move(t->octets));
        }
      } else if (const auto* m = std::get_if<ToCall>(&*output)) {
        if (m->message.type() == M::iam) begun.emplace_back(end, m->cic);
      } else if (const auto* tone = std::get_if<MediaOrder>(&*output)) {
        if (tone->action == MediaAction::tone_on && random.below(4) != 0)
          ends[end].tone_received(tone->cic, now);
      }
    }
  }
  /// Until `end`: what is on the wire arrives and timers expire, in order.
  void run(Time until) {
    for (;;) {
      pass_outputs(0);
      pass_outputs(1);
      std::optional<Time> next;
      for (std::size_t i = 0; i < 2; ++i) {
        if (!wire[i].empty()) next = earlier(next, wire[i].front().first);
        next = earlier(next, ends[i].next_deadline());
      }
      if (!next || *next > until) break;
      now = std::max(now, *next);
      for (std::size_t i = 0; i < 2; ++i) {
        while (!wire[i].empty() && wire[i].front().first <= now) {
          const auto octets = std::move(wire[i].front().second);
          wire[i].pop_front();
          ends[1 - i].receive(octets, now);
        }
        ends[i].handle_timers(now);
      }
    }
    now = until;
  }
  void something(unsigned circuits) {
    const std::size_t end = random.below(2);
    auto& group = ends[end];
    const auto cic = static_cast<std::uint16_t>(1 + random.below(circuits));
    switch (random.below(16)) {
      case 0:
        group.block(cic, 1 + random.below(8), Blocking::maintenance, now);
        return;
      case 1:
      case 2:
        group.unblock(cic, 1 + random.below(8), Blocking::maintenance, now);
        return;
      case 3:
        group.reset(cic, 1 + random.below(8), now);
        return;
      case 4:
        group.query(cic, 1 + random.below(32), now);
        return;
      case 5:
        group.check(cic, now);
        return;
      case 6:
        group.send(cic, rel(), now);
        return;
      case 7:
        group.send(cic, sus(random.below(2) != 0 ? M::sus : M::res, random.below(2) != 0), now);
        return;
      case 8:
        group.block(cic, 1 + random.below(4), Blocking::hardware, now);
        return;
      case 9:
        group.unblock(1, circuits, Blocking::hardware, now);
        return;
      case 10:
      case 11:
      case 12:
        group.send(cic, of(random.below(2) != 0 ? M::acm : M::anm), now);
        return;
      default: {
        auto m = iam();
        if (group_variant == Variant::ansi) m.set(UserServiceInformation{});
        if (group.seize(std::move(m), {}, now)) ++calls;
      }
    }
  }

  Random random;
  unsigned lost_of_100;
  Variant group_variant = Variant::itu;
  std::vector<CircuitGroup> ends;
  std::deque<std::pair<Time, Octets>> wire[2];
  std::vector<std::pair<std::size_t, std::uint16_t>> begun;
  Time now{}, sent_at{};
  unsigned calls = 0;
};

void idle_at_the_end(std::uint32_t seed, Variant variant, unsigned lost) {
  constexpr unsigned kCircuits = 40;
  Pair pair(seed, variant, kCircuits, lost);
  pair.group_variant = variant;
  for (int i = 0; i < 3000; ++i) {
    pair.something(kCircuits);
    pair.run(pair.now + std::chrono::milliseconds(pair.random.below(400)));
  }
  EXPECT_GT(pair.calls, 100u);
  pair.lost_of_100 = 0;
  for (auto& end : pair.ends) {
    end.unblock(1, kCircuits, Blocking::maintenance, pair.now);
    end.unblock(1, kCircuits, Blocking::hardware, pair.now);
  }
  pair.run(pair.now + std::chrono::hours(1));
  for (auto& end : pair.ends)  // calls that are answered stay until somebody clears
    for (std::uint16_t cic = 1; cic <= kCircuits; ++cic) end.send(cic, rel(), pair.now);
  pair.run(pair.now + std::chrono::hours(2));
  for (std::size_t e = 0; e < 2; ++e) {
    for (std::uint16_t cic = 1; cic <= kCircuits; ++cic) {
      const auto status = *pair.ends[e].status(cic);
      EXPECT_EQ(to_string(status.call), to_string(CallState::idle)) << seed << " end " << e << " CIC " << cic;
      EXPECT_EQ(status.block, BlockState::unblocked) << seed << " end " << e << " CIC " << cic;
      EXPECT_FALSE(status.remote_maintenance) << seed << " end " << e << " CIC " << cic;
      EXPECT_FALSE(status.remote_hardware) << seed << " end " << e << " CIC " << cic;
    }
    EXPECT_EQ(pair.ends[e].idle(), kCircuits) << seed;
    EXPECT_EQ(pair.ends[e].next_deadline(), std::nullopt) << seed;
  }
}

TEST(Q764Property, BothSidesEndIdleWhateverHappens) {
  for (std::uint32_t seed = 0; seed < 12; ++seed) idle_at_the_end(seed, Variant::itu, 0);
}
TEST(Q764Property, BothSidesEndIdleAlsoWhenMessagesAreLost) {
  for (std::uint32_t seed = 100; seed < 112; ++seed) idle_at_the_end(seed, Variant::itu, 10);
  idle_at_the_end(1279, Variant::itu, 39);  // CQR crossed CGUA
  idle_at_the_end(1607, Variant::itu, 47);  // RSC while CGU overtook BLO
  idle_at_the_end(2944, Variant::ansi, 4);  // IAM after CGU whose CGUA was lost
  for (std::uint32_t seed = 200; seed < 204; ++seed) idle_at_the_end(seed, Variant::ansi, 10);
}

TEST(Q764Property, HostileMessagesInAnyStateDoNoHarm) {
  Random random(7);
  Tester t(config(2, 1, 32));
  for (int i = 0; i < 60'000; ++i) {
    Octets octets{static_cast<Octet>(random.below(40)), 0, static_cast<Octet>(random.below(0x48))};
    const auto more = random.below(14);
    for (unsigned k = 0; k < more; ++k)
      octets.push_back(static_cast<Octet>(random.below(3) == 0 ? random.below(256) : random.below(4)));
    t.group.receive(octets, t.now);
    if (random.below(8) == 0) t.wait(std::chrono::milliseconds(random.below(2000)));
    if (random.below(4) == 0) t.seize();
    std::size_t outputs = 0;
    while (t.group.poll_output()) ++outputs;
    ASSERT_LE(outputs, 4000u) << i;  // of one message, and of the timers of all circuits
  }
  t.group.reset(1, 32, t.now);
  t.peer(1, group_of(M::gra, 31, 0, 0));
  for (std::uint16_t cic = 1; cic <= 32; ++cic) EXPECT_EQ(t.state(cic), CallState::idle) << cic;
}

}  // namespace
}  // namespace tandem::isup::q784
