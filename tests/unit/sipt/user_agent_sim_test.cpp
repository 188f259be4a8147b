// Thousands of calls between two user agents over a bad network, in virtual time. Whatever is lost, doubled
// or overtaken, each side learns the end of each call exactly once and keeps nothing.
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <source_location>
#include <unordered_map>

#include "tests/doubles/sip_wire.h"

namespace tandem::sip {
namespace {

using namespace std::chrono_literals;
using doubles::SipWire;
using doubles::WireFaults;

enum class Phase { inviting, cancelled, offered, answered, talking };

struct Talk {
  Phase phase = Phase::inviting;
  std::vector<std::string> said;  // every description that we gave
  std::size_t offers = 0;         // by offer()
};

/// The only right answer to an offer.
std::string answer_to(std::string_view offer) {
  return "v=0\r\ns=answer " + std::to_string(std::hash<std::string_view>{}(offer)) + "\r\n";
}

struct Counts {
  std::size_t placed = 0, answered = 0, failed = 0, cancels = 0, acks_missing = 0, pracks_missing = 0;
  std::size_t expired = 0, offers_answered = 0, offers_refused = 0, early_offers = 0, by_prack = 0;
  std::size_t by_update = 0, by_invite = 0, infos = 0, branches_ended = 0, reliable_offers = 0, refreshes = 0;
  void operator+=(const Counts& o) {
    placed += o.placed, answered += o.answered, failed += o.failed, cancels += o.cancels;
    acks_missing += o.acks_missing, pracks_missing += o.pracks_missing, expired += o.expired;
    offers_answered += o.offers_answered, offers_refused += o.offers_refused;
    early_offers += o.early_offers, by_prack += o.by_prack, by_update += o.by_update;
    by_invite += o.by_invite, infos += o.infos, branches_ended += o.branches_ended;
    reliable_offers += o.reliable_offers, refreshes += o.refreshes;
  }
};

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

  void call(const SocketAddress& other) {
    InviteInfo info;
    info.request_uri = parse_uri("sip:1000@" + to_string(other)).value();
    info.from = parse_name_addr("<sip:2000@" + to_string(address_) + ">").value();
    info.to = parse_name_addr("<sip:1000@" + to_string(other) + ">").value();
    if (dice(4) != 0) info.sdp = new_offer();
    info.policy = policy();
    const Flow flow{transport_, address_, other, 0};
    const SipCall id = agent_.invite(info, flow, wire_.now());
    talks_[id] = {Phase::inviting, {}, 0};
    if (!info.sdp.empty()) talks_[id].said.push_back(info.sdp);
    ++counts.placed;
    if (dice(4) == 0) {
      wire_.after(some(4s), [this, id] {
        if (!is(id, Phase::inviting)) return;
        talks_[id].phase = Phase::cancelled;
        agent_.cancel(id, {}, wire_.now());
      });
    }
  }

  [[nodiscard]] std::size_t open() const { return talks_.size(); }
  [[nodiscard]] const SocketAddress& address() const { return address_; }
  UserAgent& agent() { return agent_; }
  Counts counts;

 private:
  UserAgentConfig config() const {
    UserAgentConfig config;
    config.listen = {{Transport::udp, address_}, {Transport::tcp, address_}};
    config.invite_timeout = 40s;
    return config;
  }
  CallPolicy policy() {
    CallPolicy out;
    out.reliable = static_cast<Reliable>(dice(8) == 0 ? 2 : dice(2));
    if (dice(2) == 0) out.session_expires = std::chrono::seconds(60 + dice(60));
    if (dice(8) == 0) out.min_se = 100s;
    out.refresher = static_cast<Refresher>(dice(3));
    return out;
  }
  std::uint64_t dice(std::uint64_t sides) { return random_.next() % sides; }
  Duration some(Duration limit) {
    return Duration(static_cast<Duration::rep>(dice(static_cast<std::uint64_t>(limit.count()))));
  }
  std::string new_offer() { return "v=0\r\ns=offer " + std::to_string(random_.next()) + "\r\n"; }
  bool is(SipCall id, Phase phase) const {
    const auto it = talks_.find(id);
    return it != talks_.end() && it->second.phase == phase;
  }
  void expect(SipCall id, std::initializer_list<Phase> allowed,
              std::source_location where = std::source_location::current()) const {
    const auto it = talks_.find(id);
    ASSERT_NE(it, talks_.end()) << "an event of a dead call, line " << where.line();
    EXPECT_NE(std::ranges::find(allowed, it->second.phase), allowed.end())
        << "in phase " << static_cast<int>(it->second.phase) << ", line " << where.line();
  }
  /// An answer is to something that we said.
  void expect_answer(SipCall id, std::string_view sdp, const char* where) const {
    const auto& said = talks_.at(id).said;
    EXPECT_TRUE(std::ranges::any_of(said, [&](const auto& mine) { return answer_to(mine) == sdp; }))
        << where << " call " << id.value << ": " << sdp;
  }
  std::string say(SipCall id, std::string sdp) {
    talks_[id].said.push_back(sdp);
    return sdp;
  }
  void reject(SipCall id, int status) {
    if (!is(id, Phase::offered)) return;
    talks_.erase(id);
    agent_.reject(id, status, "", {}, {}, wire_.now());
  }
  void hang_up_after(SipCall id, Duration delay) {
    wire_.after(delay, [this, id] {
      if (talks_.erase(id) != 0) agent_.bye(id, {}, wire_.now());
    });
  }
  void hang_up_later(SipCall id) { hang_up_after(id, some(10s)); }
  /// Offers and INFO in the course of a call.
  void be_busy(SipCall id, Duration span) {
    for (auto n = dice(4); n > 0; --n) {
      wire_.after(some(span), [this, id] {
        if (!talks_.contains(id) || is(id, Phase::cancelled)) return;
        if (dice(3) == 0) return agent_.info(id, "application/dtmf", "5", wire_.now());
        ++talks_[id].offers;
        agent_.offer(id, say(id, new_offer()), wire_.now());
      });
    }
  }
  void decide_on(SipCall id, const std::string& offer, Duration span) {
    const auto decide = [this, id, offer] {
      if (!talks_.contains(id) || is(id, Phase::cancelled)) return;
      if (dice(6) == 0) return agent_.reject_offer(id, 488, wire_.now(), "304 sim \"no\"");
      agent_.accept_offer(id, say(id, offer.empty() ? new_offer() : answer_to(offer)), wire_.now());
    };
    // Of several early dialogs the first that asked is answered first.
    is(id, Phase::inviting) || dice(2) == 0 ? decide() : wire_.after(some(span), decide);
  }

  void on(const IncomingCall& e) {
    EXPECT_TRUE(talks_.emplace(e.call, Talk{Phase::offered, {}, 0}).second);
    const std::string offer = e.info.sdp;
    agent_.set_policy(e.call, policy());
    const auto description = [this, id = e.call, offer] {
      return say(id, offer.empty() ? new_offer() : answer_to(offer));
    };
    // The same in each response, as a description changes by offers only.
    const std::string mine = description();
    for (auto n = dice(4); n > 0; --n) {
      wire_.after(some(3s), [this, id = e.call, mine] {
        if (is(id, Phase::offered))
          agent_.provisional(id, 180 + static_cast<int>(dice(4)), dice(2) == 0 ? mine : "", {}, wire_.now());
      });
    }
    if (dice(3) == 0) be_busy(e.call, 5s);
    if (dice(12) == 0) {  // nobody is at home, and the caller's CANCEL may be lost
      wire_.after(2min, [this, id = e.call] { reject(id, 480); });
      return;
    }
    wire_.after(some(5s), [this, id = e.call, mine] {
      if (!is(id, Phase::offered)) return;
      if (dice(5) == 0) return reject(id, 486);
      talks_[id].phase = Phase::answered;
      agent_.answer(id, mine, {}, wire_.now());
      if (dice(4) == 0) hang_up_later(id);
    });
  }
  void on(const ProvisionalReceived& e) {
    expect(e.call, {Phase::inviting});
    if (e.role == SdpRole::answer) expect_answer(e.call, e.sdp, "a provisional response");
    if (e.role != SdpRole::offer) return;
    ++counts.reliable_offers;
    decide_on(e.call, e.sdp, 1s);
    if (dice(2) == 0) be_busy(e.call, 5s);
  }
  void on(const AnswerReceived& e) {
    expect(e.call, {Phase::inviting});
    talks_[e.call].phase = Phase::talking;
    ++counts.answered;
    if (e.role == SdpRole::answer) expect_answer(e.call, e.sdp, "a 2xx");
    if (e.role == SdpRole::offer) agent_.ack_answer(e.call, say(e.call, answer_to(e.sdp)), wire_.now());
    if (dice(2) == 0) hang_up_later(e.call);
    be_busy(e.call, 30s);
    hang_up_after(e.call, dice(8) == 0 ? 300s : 60s);  // in case that the other's BYE is lost
  }
  void on(const FailureReceived& e) {
    expect(e.call, {Phase::inviting, Phase::cancelled});
    talks_.erase(e.call);
    ++counts.failed;
  }
  void on(const CancelReceived& e) {
    expect(e.call, {Phase::offered, Phase::answered});  // a 2xx may wait for a PRACK
    talks_.erase(e.call);
    ++counts.cancels;
  }
  void on(const AckReceived& e) {
    expect(e.call, {Phase::answered, Phase::talking});
    if (!e.sdp.empty()) expect_answer(e.call, e.sdp, "an ACK");
    if (std::exchange(talks_[e.call].phase, Phase::talking) == Phase::talking) return;
    if (dice(2) == 0) hang_up_later(e.call);
    be_busy(e.call, 30s);
    hang_up_after(e.call, dice(8) == 0 ? 300s : 30s);
  }
  void on(const AckMissing& e) {
    expect(e.call, {Phase::answered, Phase::talking});
    talks_.erase(e.call);
    ++counts.acks_missing;
  }
  void on(const PrackMissing& e) {
    expect(e.call, {Phase::offered, Phase::answered});
    talks_.erase(e.call);
    ++counts.pracks_missing;
  }
  void on(const SessionExpired& e) {
    expect(e.call, {Phase::answered, Phase::talking});
    talks_.erase(e.call);
    ++counts.expired;
  }
  void on(const ByeReceived& e) {
    expect(e.call, {Phase::offered, Phase::answered, Phase::talking});
    talks_.erase(e.call);
  }
  void on(const OfferReceived& e) {
    expect(e.call, {Phase::inviting, Phase::offered, Phase::answered, Phase::talking});
    if (is(e.call, Phase::inviting) || is(e.call, Phase::offered)) ++counts.early_offers;
    ++(e.via == OfferVia::prack    ? counts.by_prack
       : e.via == OfferVia::update ? counts.by_update
                                   : counts.by_invite);
    decide_on(e.call, e.sdp, e.via == OfferVia::invite ? Duration(3s) : Duration(300ms));
  }
  void on(const OfferAnswered& e) {
    expect(e.call, {Phase::inviting, Phase::offered, Phase::answered, Phase::talking});
    if (e.status != 200) {
      ++counts.offers_refused;
      return;
    }
    expect_answer(e.call, e.sdp, "a response to an offer");
    ++counts.offers_answered;
  }
  void on(const EarlyDialogEnded& e) {
    expect(e.call, {Phase::inviting});
    ++counts.branches_ended;
  }
  void on(const InfoReceived& e) {
    EXPECT_EQ(e.content_type, "application/dtmf");
    EXPECT_EQ(e.body, "5");
    ++counts.infos;
  }
  void on(const IdentityReceived&) { ADD_FAILURE() << "nobody changes his name here"; }
  void on(const PeerState&) {}
  void on(const Rejected& e) { ADD_FAILURE() << e.text; }

  SocketAddress address_;
  Transport transport_;
  Random& random_;
  SipWire& wire_;
  UserAgent agent_;
  std::unordered_map<SipCall, Talk> talks_;
};

Counts simulate(std::uint64_t seed, Transport transport, WireFaults faults, int calls, bool forks = false) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  SeededRandom random(seed);
  SipWire wire(random, faults);
  Subscriber a("192.0.2.1:5060", transport, random, wire);
  Subscriber b("192.0.2.2:5060", transport, random, wire);
  Subscriber c("192.0.2.3:5060", transport, random, wire);
  const SocketAddress both = parse_socket_address("192.0.2.9:5060").value();
  wire.group(both, {b.address(), c.address()});
  for (int i = 0; i < calls; ++i) {
    wire.after(std::chrono::milliseconds(20) * i, [&, i] {
      if (forks && i % 3 == 0) return a.call(both);
      i % 2 == 0 ? a.call(b.address()) : b.call(a.address());
    });
  }
  wire.run_until(Time{} + std::chrono::milliseconds(20) * calls + 15min);
  Counts sum;
  for (Subscriber* s : {&a, &b, &c}) {
    EXPECT_EQ(s->open(), 0U);
    EXPECT_EQ(s->counts.placed, s->counts.answered + s->counts.failed);
    const auto usage = s->agent().usage();
    EXPECT_EQ(usage.calls, 0U);
    EXPECT_EQ(usage.transactions, 0U);
    EXPECT_EQ(usage.dialogs, 0U);
    EXPECT_EQ(usage.timers, 0U);
    EXPECT_FALSE(s->agent().next_deadline());
    sum += s->counts;
  }
  return sum;
}

TEST(UserAgentSim, OnAPerfectWireCallsEndInEveryWay) {
  const auto counts = simulate(1, Transport::udp, {}, 2000);
  EXPECT_GT(counts.answered, 600U);
  EXPECT_GT(counts.failed, 200U);
  EXPECT_GT(counts.cancels, 100U);
  EXPECT_EQ(counts.expired, 0U);
  EXPECT_EQ(counts.acks_missing, 0U);
  EXPECT_EQ(counts.pracks_missing, 0U);
}

TEST(UserAgentSim, OffersCrossEachOtherInEveryWay) {
  const auto counts = simulate(2, Transport::udp, {.jitter = 200ms}, 2000, true);
  EXPECT_GT(counts.offers_answered, 300U);
  EXPECT_GT(counts.offers_refused, 50U);
  EXPECT_GT(counts.early_offers, 20U);
  EXPECT_GT(counts.reliable_offers, 20U);
  EXPECT_GT(counts.by_update, 20U);
  EXPECT_GT(counts.by_invite, 300U);
  EXPECT_GT(counts.infos, 200U);
  EXPECT_GT(counts.branches_ended, 50U);
}

TEST(UserAgentSim, LossDuplicatesAndReorderingLeaveNothingBehind) {
  for (const std::uint64_t seed : {11U, 12U, 13U, 14U}) {
    const auto counts =
        simulate(seed, Transport::udp, {.loss = 0.1, .duplicate = 0.1, .jitter = 300ms}, 1000, true);
    EXPECT_GT(counts.answered, 250U);
  }
}

TEST(UserAgentSim, AnAlmostDeadWireLeavesNothingBehind) {
  simulate(21, Transport::udp, {.loss = 0.6, .duplicate = 0.3, .jitter = 2s}, 1000, true);
}

TEST(UserAgentSim, StreamsCutAnywhereLeaveNothingBehind) {
  const auto counts = simulate(31, Transport::tcp, {.jitter = 50ms}, 2000);
  EXPECT_GT(counts.answered, 600U);
}

TEST(UserAgentSim, BreakingConnectionsLeaveNothingBehind) {
  const auto counts = simulate(41, Transport::tcp, {.jitter = 50ms, .cut = 0.001}, 2000);
  EXPECT_GT(counts.answered, 300U);
}

}  // namespace
}  // namespace tandem::sip
