#pragma once
// Calls between two legs that do as the test says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "gateway/core/exchange.h"
#include "tests/doubles/gateway_world.h"

namespace tandem::core {

using namespace std::chrono_literals;
using T = isup::MessageType;

class FakeLeg final : public Leg {
 public:
  FakeLeg(CallId call, int attempt, std::string party, bool packet, media::RtpTransport* transport)
      : Leg(call, attempt, std::move(party)), packet_(packet) {
    end_.transport = transport;
    end_.local.port = 20000;
  }
  void send(const isup::Message& message, Time) override { heard.push_back(message); }
  void accepted(Time) override { ++accepts; }
  [[nodiscard]] bool packet() const override { return packet_; }
  [[nodiscard]] std::optional<Circuit> circuit() const override {
    return packet_ || held ? std::nullopt : std::optional(Circuit{0, 5});
  }
  [[nodiscard]] const RtpEnd* rtp() const override { return packet_ ? &end_ : nullptr; }
  void describe(Cdr&) const override {}
  [[nodiscard]] std::vector<T> types() const {
    std::vector<T> types;
    for (const auto& message : heard) types.push_back(message.type());
    return types;
  }

  [[nodiscard]] bool overlapping() const override { return more; }
  void send_digit(char digit, std::uint16_t, Time) override { digits += digit; }
  bool hand_over(Leg&, Time) override { return hands_over; }
  RtpEnd& end() { return end_; }

  std::vector<isup::Message> heard;
  std::string digits;
  int accepts = 0;
  bool more = false;
  bool hands_over = false;
  bool held = false;  ///< its channel was given up

 private:
  bool packet_;
  RtpEnd end_;
};

class ExchangeTest : public ::testing::Test, public LegFactory, public CircuitHolds {
 protected:
  explicit ExchangeTest(Config own = doubles::small_config(2))
      : config(std::move(own)),
        context(config, random, now, WallTime{}, CallId{1}),
        media(context, ports, *this),
        exchange(context, media, *this) {}

  std::unique_ptr<Leg> make_leg(const Target& target, CallId call, int attempt) override {
    auto leg = std::make_unique<FakeLeg>(call, attempt,
                                         target.trunk() ? config.trunks[target.index].name : "carrier",
                                         !target.trunk(), port.transport);
    outs.push_back(leg.get());
    return leg;
  }
  [[nodiscard]] bool reachable(const Target&) const override { return reachable_; }
  [[nodiscard]] bool takes_overlap(const Target&) const override { return takes_overlap_; }
  void hold_media(Circuit) override { ++holds; }
  void release_media(Circuit) override { --holds; }

  void offer(const std::string& from, bool packet, const std::string& digits = "1000",
             bool overlapping = false) {
    port = media.open_port(false);
    auto leg = std::make_unique<FakeLeg>(CallId{1}, 0, from, packet, port.transport);
    in = leg.get();
    in->more = overlapping;
    isup::Message iam(T::iam);
    isup::CalledPartyNumber called;
    called.digits = digits;
    called.nature = isup::NatureOfAddress::unknown;
    iam.set(called);
    exchange.offer(std::move(leg), std::move(iam));
    exchange.run(now);
  }
  void say(FakeLeg* leg, isup::Message message) {
    exchange.post(*leg, std::move(message));
    exchange.run(now);
  }
  void rlc(FakeLeg* leg) { say(leg, isup::Message(T::rlc)); }
  /// Media answers CloseSession.
  void settle_media() {
    std::vector<SessionId> closed;
    for (const auto& output : context.out)
      if (const auto* command = std::get_if<media::Command>(&output))
        if (const auto* close = std::get_if<media::CloseSession>(command)) closed.push_back(close->session);
    context.out.clear();
    for (const auto session : closed)
      if (const auto owner = media.closed({session, nullptr, {}})) exchange.media_closed(*owner, {}, now);
    exchange.run(now);
  }
  void expire(TimerKind kind) {
    const auto key = context.timers.pop_expired(now + 1000s);
    ASSERT_TRUE(key);
    ASSERT_EQ(key->kind, kind);
    exchange.handle_timer(*key, now);
    exchange.run(now);
  }
  static isup::Message acm(bool free) {
    isup::Message message(T::acm);
    isup::BackwardCallIndicators indicators;
    indicators.called_status = free ? 1 : 0;
    message.set(indicators);
    return message;
  }
  /// The commands of a kind that media was given.
  template <class Command>
  [[nodiscard]] std::vector<Command> commands() const {
    std::vector<Command> list;
    for (const auto& output : context.out)
      if (const auto* command = std::get_if<media::Command>(&output))
        if (const auto* found = std::get_if<Command>(command)) list.push_back(*found);
    return list;
  }
  [[nodiscard]] int last_cause(const FakeLeg* leg) const { return cause_of(leg->heard.back()).value; }

  Config config;
  Time now{1s};
  SeededRandom random{1};
  doubles::FakePorts ports;
  Context context;
  MediaControl media;
  Exchange exchange;
  RtpPorts::Port port;
  FakeLeg* in = nullptr;
  std::vector<FakeLeg*> outs;
  bool reachable_ = true;
  bool takes_overlap_ = false;
  int holds = 0;
};

}  // namespace tandem::core
