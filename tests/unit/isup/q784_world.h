#pragma once
// One group with a tester at its wire (Q.784: SP A), or two groups back to back, in virtual time.
#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <string>

#include "isup/codec.h"
#include "isup/group.h"

namespace tandem::isup::q784 {

inline Message iam(std::string digits = "1000", std::uint8_t category = 0x0a) {
  Message m(MessageType::iam);
  m.set(NatureOfConnection{}).set(ForwardCallIndicators{}).set(CallingPartysCategory{.value = category});
  m.set(TransmissionMedium{0}).set(CalledPartyNumber{.digits = std::move(digits)});
  return m;
}
inline Message of(MessageType type) {
  Message m(type);
  if (type == MessageType::acm || type == MessageType::con) m.set(BackwardCallIndicators{});
  if (type == MessageType::cpg) m.set(EventInformation{});
  if (type == MessageType::cot) m.set(ContinuityIndicators{});
  return m;
}
inline Message rel(std::uint8_t cause = 16) {
  return Message(MessageType::rel).set(CauseIndicators{.value = cause});
}
inline Message sus(MessageType type, bool network) {
  return Message(type).set(SuspendResume{.network = network});
}
inline Message sam(std::string digits) {
  return Message(MessageType::sam).set(SubsequentNumber{.digits = std::move(digits)});
}
inline Message cot(bool good) {
  return Message(MessageType::cot).set(ContinuityIndicators{.successful = good});
}
inline Message group_of(MessageType type, std::uint8_t range, std::uint8_t kind = 0, unsigned marked = ~0U) {
  Message m(type);
  if (type != MessageType::grs && type != MessageType::gra) m.set(CircuitGroupSupervisionType{.type = kind});
  if (type == MessageType::grs)
    m.set(RangeAndStatus{.range = range});
  else
    m.set(RangeAndStatus::of(range, [&](unsigned i) { return (marked >> i % 32 & 1) != 0; }));
  return m;
}
inline Message checked(Message m, std::uint8_t continuity) {
  return m.set(NatureOfConnection{.continuity = continuity});
}

inline GroupConfig config(std::uint32_t own = 2, std::uint32_t destination = 1, unsigned circuits = 32) {
  GroupConfig c;
  c.own = own;
  c.destination = destination;
  c.reset_at_start = false;
  CicRange range{.first_cic = 1, .circuits = {}};
  for (unsigned i = 0; i < circuits; ++i)
    range.circuits.push_back({1, static_cast<std::uint8_t>(i % 31 + 1)});
  c.circuits.push_back(std::move(range));
  return c;
}

/// A group whose outputs are texts: "1 IAM", "call 1 REL", "over 1 31 again", "free 1", "tone_on 1",
/// "alert 1 ...", "changed 1".
class Tester {
 public:
  explicit Tester(GroupConfig c = config()) : variant(c.variant), group(std::move(c)) {}

  void peer(std::uint16_t cic, const Message& message) {
    const auto octets = encode_with_cic({cic, 0, message}, variant);
    ASSERT_TRUE(octets) << to_string(octets.error());
    group.receive(*octets, now);
  }
  void peer(std::uint16_t cic, MessageType type) { peer(cic, of(type)); }
  bool send(std::uint16_t cic, const Message& message) { return group.send(cic, message, now); }
  bool send(std::uint16_t cic, MessageType type) { return send(cic, of(type)); }
  std::optional<std::uint16_t> seize(Message m = iam(), SeizeOptions options = {}) {
    return group.seize(std::move(m), options, now);
  }
  void wait(Duration d) {
    const Time end = now + d;
    while (const auto at = group.next_deadline()) {
      if (*at > end) break;
      now = std::max(now, *at);
      group.handle_timers(now);
    }
    now = end;
  }
  void wait(int seconds) { wait(std::chrono::seconds(seconds)); }

  /// What has come out since the last time, one after the other: "a; b".
  std::string out() {
    std::string all;
    while (auto output = group.poll_output()) {
      if (!all.empty()) all += "; ";
      all += std::visit([&](const auto& o) { return text(o); }, *output);
    }
    return all;
  }
  CallState state(std::uint16_t cic = 1) { return group.status(cic)->call; }
  /// An outgoing call on circuit 1 that has come as far as `state`.
  void outgoing(CallState state) {
    ASSERT_EQ(seize(iam(), {.cic = 1}), 1);
    if (state == CallState::out_ringing || state == CallState::out_answered) peer(1, MessageType::acm);
    if (state == CallState::out_answered) peer(1, MessageType::anm);
    ASSERT_EQ(this->state(), state);
    out();
  }
  void incoming(CallState state) {
    peer(1, iam());
    if (state == CallState::in_ringing || state == CallState::in_answered) send(1, MessageType::acm);
    if (state == CallState::in_answered) send(1, MessageType::anm);
    ASSERT_EQ(this->state(), state);
    out();
  }

  Variant variant;
  CircuitGroup group;
  Time now{};
  std::optional<Message> last_sent = {};
  std::optional<Message> last_call = {};

 private:
  std::string text(const Transmit& t) {
    const auto m = decode_with_cic(t.octets, variant);
    EXPECT_TRUE(m);
    if (!m) return "undecodable";
    last_sent = m->message;
    auto name = std::to_string(m->cic) + " " + std::string(to_string(m->message.type()));
    if (const auto* cause = m->message.get<CauseIndicators>()) name += " " + std::to_string(cause->value);
    if (const auto* result = m->message.get<ContinuityIndicators>())
      name += result->successful ? " good" : " bad";
    return name;
  }
  std::string text(const ToCall& t) {
    last_call = t.message;
    return "call " + std::to_string(t.cic) + " " + std::string(to_string(t.message.type()));
  }
  static std::string text(const CallOver& o) {
    return "over " + std::to_string(o.cic) + " " + std::to_string(o.cause) + (o.again ? " again" : "");
  }
  static std::string text(const TimerExpired& t) {
    return "expired " + std::string(kTimerRows[static_cast<std::size_t>(t.timer)].name);
  }
  static std::string text(const CircuitFree& f) { return "free " + std::to_string(f.cic); }
  static std::string text(const MediaOrder& m) {
    static constexpr const char* kNames[] = {"loop_on ", "loop_off ", "tone_on ", "tone_off "};
    return kNames[static_cast<std::size_t>(m.action)] + std::to_string(m.cic);
  }
  static std::string text(const GroupAlert& a) {
    return "alert " + std::to_string(a.cic) + " " + std::string(to_string(a.text));
  }
  static std::string text(const CircuitChanged& c) { return "changed " + std::to_string(c.cic); }
  static std::string text(const QueryEnded& q) {
    return "query " + std::to_string(q.first) + " of " + std::to_string(q.seen.size());
  }
  static std::string text(const CheckEnded& c) {
    return "check " + std::to_string(c.cic) + (c.good ? " good" : " bad");
  }
  static std::string text(const ValidationEnded& v) {
    return "validation " + std::to_string(v.cic) + " " + std::to_string(static_cast<int>(v.result));
  }
  static std::string text(const GroupChanged& g) { return g.available ? "available" : "unavailable"; }
};

}  // namespace tandem::isup::q784
