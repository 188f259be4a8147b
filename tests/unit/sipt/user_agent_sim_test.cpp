// Thousands of calls between two user agents over a bad network, in virtual time. Whatever is lost, doubled
// or overtaken, each side learns the end of each call exactly once and keeps nothing.
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <unordered_map>

#include "tests/doubles/sip_wire.h"

namespace tandem::sip {
namespace {

using namespace std::chrono_literals;
using doubles::SipWire;
using doubles::WireFaults;

enum class Phase { inviting, cancelled, offered, answered, talking };

/// A user of a user agent who does everything at random, and checks that he is told what the contract says.
class Subscriber {
 public:
  Subscriber(std::string_view address, Transport transport, Random& random, SipWire& wire)
      : address_(parse_socket_address(address).value()),
        transport_(transport),
        random_(random),
        wire_(wire),
        agent_(config(), random) {
    wire.attach(address_, agent_,
                [this](Event event, Time) { std::visit([this](auto& e) { on(e); }, event); });
  }

  void call(const Subscriber& other) {
    InviteInfo info;
    info.request_uri = parse_uri("sip:1000@" + to_string(other.address_)).value();
    info.from = parse_name_addr("<sip:2000@" + to_string(address_) + ">").value();
    info.to = parse_name_addr("<sip:1000@" + to_string(other.address_) + ">").value();
    if (dice(4) != 0) info.sdp = "v=0\r\n";
    const Flow flow{transport_, address_, other.address_, 0};
    const SipCall id = agent_.invite(info, flow, wire_.now());
    phases_[id] = Phase::inviting;
    ++placed;
    if (dice(4) == 0) {
      wire_.after(some(4s), [this, id] {
        if (!is(id, Phase::inviting)) return;
        phases_[id] = Phase::cancelled;
        agent_.cancel(id, {}, wire_.now());
      });
    }
  }

  [[nodiscard]] std::size_t open() const { return phases_.size(); }
  UserAgent& agent() { return agent_; }
  std::size_t placed = 0, answered = 0, failed = 0, cancels = 0, acks_missing = 0;

 private:
  UserAgentConfig config() const {
    UserAgentConfig config;
    config.listen = {{Transport::udp, address_}, {Transport::tcp, address_}};
    config.invite_timeout = 40s;
    return config;
  }
  std::uint64_t dice(std::uint64_t sides) { return random_.next() % sides; }
  Duration some(Duration limit) {
    return Duration(static_cast<Duration::rep>(dice(static_cast<std::uint64_t>(limit.count()))));
  }
  bool is(SipCall id, Phase phase) const {
    const auto it = phases_.find(id);
    return it != phases_.end() && it->second == phase;
  }
  void expect(SipCall id, std::initializer_list<Phase> allowed) const {
    const auto it = phases_.find(id);
    ASSERT_NE(it, phases_.end()) << "an event of a dead call";
    EXPECT_NE(std::ranges::find(allowed, it->second), allowed.end())
        << "in phase " << static_cast<int>(it->second);
  }
  void reject(SipCall id, int status) {
    if (!is(id, Phase::offered)) return;
    phases_.erase(id);
    agent_.reject(id, status, "", {}, {}, wire_.now());
  }
  void hang_up_after(SipCall id, Duration delay) {
    wire_.after(delay, [this, id] {
      if (phases_.erase(id) != 0) agent_.bye(id, {}, wire_.now());
    });
  }
  void hang_up_later(SipCall id) { hang_up_after(id, some(10s)); }

  void on(const IncomingCall& e) {
    EXPECT_TRUE(phases_.emplace(e.call, Phase::offered).second);
    if (dice(2) == 0) agent_.provisional(e.call, 180, "", {}, wire_.now());
    if (dice(12) == 0) {  // nobody is at home, and the caller's CANCEL may be lost
      wire_.after(2min, [this, id = e.call] { reject(id, 480); });
      return;
    }
    wire_.after(some(5s), [this, id = e.call] {
      if (!is(id, Phase::offered)) return;
      if (dice(5) == 0) {
        reject(id, 486);
        return;
      }
      phases_[id] = Phase::answered;
      agent_.answer(id, "v=0\r\n", {}, wire_.now());
      if (dice(4) == 0) hang_up_later(id);
    });
  }
  void on(const ProvisionalReceived& e) { expect(e.call, {Phase::inviting}); }
  void on(const AnswerReceived& e) {
    expect(e.call, {Phase::inviting});
    phases_[e.call] = Phase::talking;
    ++answered;
    agent_.ack_answer(e.call, "v=0\r\n", wire_.now());
    if (dice(2) == 0) hang_up_later(e.call);
    hang_up_after(e.call, 60s);  // in case that the other's BYE is lost with its connection
  }
  void on(const FailureReceived& e) {
    expect(e.call, {Phase::inviting, Phase::cancelled});
    phases_.erase(e.call);
    ++failed;
  }
  void on(const CancelReceived& e) {
    expect(e.call, {Phase::offered});
    phases_.erase(e.call);
    ++cancels;
  }
  void on(const AckReceived& e) {
    expect(e.call, {Phase::answered});
    phases_[e.call] = Phase::talking;
    if (dice(2) == 0) hang_up_later(e.call);
    hang_up_after(e.call, 30s);
  }
  void on(const AckMissing& e) {
    expect(e.call, {Phase::answered});
    phases_.erase(e.call);
    ++acks_missing;
  }
  void on(const ByeReceived& e) {
    expect(e.call, {Phase::answered, Phase::talking});
    phases_.erase(e.call);
  }
  void on(const OfferReceived&) { ADD_FAILURE() << "nobody sends re-INVITE here"; }
  void on(const EarlyDialogEnded&) {}
  void on(const OfferAnswered&) {}
  void on(const InfoReceived&) {}
  void on(const IdentityReceived&) {}
  void on(const SessionExpired&) {}
  void on(const PrackMissing&) {}
  void on(const PeerState&) {}
  void on(const Rejected& e) { ADD_FAILURE() << e.text; }

  SocketAddress address_;
  Transport transport_;
  Random& random_;
  SipWire& wire_;
  UserAgent agent_;
  std::unordered_map<SipCall, Phase> phases_;
};

struct Outcome {
  std::size_t answered, failed, cancels;
};

Outcome simulate(std::uint64_t seed, Transport transport, WireFaults faults, int calls) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  SeededRandom random(seed);
  SipWire wire(random, faults);
  Subscriber a("192.0.2.1:5060", transport, random, wire);
  Subscriber b("192.0.2.2:5060", transport, random, wire);
  for (int i = 0; i < calls; ++i) {
    wire.after(std::chrono::milliseconds(20) * i, [&, i] { i % 2 == 0 ? a.call(b) : b.call(a); });
  }
  wire.run_until(Time{} + std::chrono::milliseconds(20) * calls + 10min);
  for (Subscriber* s : {&a, &b}) {
    EXPECT_EQ(s->open(), 0U);
    EXPECT_EQ(s->placed, s->answered + s->failed);
    const auto usage = s->agent().usage();
    EXPECT_EQ(usage.calls, 0U);
    EXPECT_EQ(usage.transactions, 0U);
    EXPECT_EQ(usage.dialogs, 0U);
    EXPECT_EQ(usage.timers, 0U);
    EXPECT_FALSE(s->agent().next_deadline());
  }
  return {a.answered + b.answered, a.failed + b.failed, a.cancels + b.cancels};
}

TEST(UserAgentSim, OnAPerfectWireCallsEndInEveryWay) {
  const auto outcome = simulate(1, Transport::udp, {}, 2000);
  EXPECT_GT(outcome.answered, 800U);
  EXPECT_GT(outcome.failed, 200U);
  EXPECT_GT(outcome.cancels, 100U);
}

TEST(UserAgentSim, LossDuplicatesAndReorderingLeaveNothingBehind) {
  for (const std::uint64_t seed : {11U, 12U, 13U, 14U}) {
    const auto outcome =
        simulate(seed, Transport::udp, {.loss = 0.1, .duplicate = 0.1, .jitter = 300ms}, 2000);
    EXPECT_GT(outcome.answered, 700U);
  }
}

TEST(UserAgentSim, AnAlmostDeadWireLeavesNothingBehind) {
  simulate(21, Transport::udp, {.loss = 0.6, .duplicate = 0.3, .jitter = 2s}, 1000);
}

TEST(UserAgentSim, StreamsCutAnywhereLeaveNothingBehind) {
  const auto outcome = simulate(31, Transport::tcp, {.jitter = 50ms}, 2000);
  EXPECT_GT(outcome.answered, 800U);
}

TEST(UserAgentSim, BreakingConnectionsLeaveNothingBehind) {
  const auto outcome = simulate(41, Transport::tcp, {.jitter = 50ms, .cut = 0.001}, 2000);
  EXPECT_GT(outcome.answered, 300U);
}

}  // namespace
}  // namespace tandem::sip
