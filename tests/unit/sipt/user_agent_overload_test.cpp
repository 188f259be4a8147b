// What cannot be served is refused with 503, cheaply; what belongs to calls that are there always passes.
#include "user_agent_harness.h"

namespace tandem::sip {
namespace {

using namespace std::chrono_literals;

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  const auto at = text.find(what);
  EXPECT_NE(at, std::string::npos);
  return text.replace(at, what.size(), with);
}

/// An INVITE of a call of its own.
std::string call_number(int number) {
  const std::string n = std::to_string(number);
  return replaced(replaced(Harness::invite("z9hG4bKcall" + n), "c1@", "c" + n + "@"), ";tag=bob",
                  ";tag=bob" + n);
}

UserAgentConfig limited(double calls_per_second, std::size_t max_calls) {
  UserAgentConfig config = config_of_tests();
  config.calls_per_second = calls_per_second;
  config.max_calls = max_calls;
  config.retry_after = 17s;
  return config;
}

int taken_up(Harness& peer) {
  int count = 0;
  for (const Event& event : peer.events()) count += std::holds_alternative<IncomingCall>(event) ? 1 : 0;
  return count;
}

TEST(UserAgentOverload, CallsBeyondTheRateGet503WithRetryAfterAndLeaveNothing) {
  Harness peer(limited(5, 0));
  for (int i = 0; i < 20; ++i) peer.inject(call_number(i));
  const auto sent = peer.sent();
  ASSERT_EQ(sent.size(), 20U);
  for (std::size_t i = 0; i < sent.size(); ++i)
    EXPECT_TRUE(sent[i].is(i < 5 ? "SIP/2.0 100 " : "SIP/2.0 503 "));
  EXPECT_EQ(sent.back().value(HeaderId::retry_after), "17");
  EXPECT_FALSE(sent.back().to_tag().empty());
  EXPECT_EQ(peer.ua.usage().transactions, 5U);
  EXPECT_EQ(peer.ua.usage().calls, 5U);
  EXPECT_EQ(peer.ua.refused_calls(), 15U);
  EXPECT_EQ(taken_up(peer), 5);
  peer.now += 1s;
  for (int i = 20; i < 40; ++i) peer.inject(call_number(i));
  EXPECT_EQ(taken_up(peer), 5);
}

TEST(UserAgentOverload, IsReportedOnceASecondWithItsNumber) {
  Harness peer(limited(1, 0));
  std::vector<std::string> words;
  for (int i = 0; i < 2000; ++i) {
    peer.now += 1ms;
    peer.inject(call_number(i));
    for (const Event& event : peer.events())
      if (const auto* rejected = std::get_if<Rejected>(&event)) words.push_back(rejected->text);
  }
  ASSERT_EQ(words.size(), 2U);
  EXPECT_EQ(words[0], "1 INVITE refused with 503: calls_per_second");
  EXPECT_EQ(words[1], "999 INVITE refused with 503: calls_per_second");
  EXPECT_EQ(peer.ua.refused_calls(), 1998U);
}

TEST(UserAgentOverload, TheSame503GoesToARetransmissionAndItsAckIsAbsorbed) {
  Harness peer(limited(0, 1));
  peer.inject(call_number(1));
  peer.sent();
  peer.inject(call_number(2));
  const Sent first = peer.one();
  peer.inject(call_number(2));
  EXPECT_EQ(peer.one().text, first.text);
  peer.events();
  peer.inject(replaced(Harness::request("ACK", "z9hG4bKcall2", first.to_tag()), "c1@", "c2@"));
  EXPECT_TRUE(peer.sent().empty());
  EXPECT_TRUE(peer.events().empty());
}

TEST(UserAgentOverload, ACallThatEndsMakesRoomForAnother) {
  Harness peer(limited(0, 2));
  peer.inject(call_number(1));
  const SipCall first = peer.event<IncomingCall>().call;
  peer.ua.invite(Harness::call_to_peer(), udp_flow(), peer.now);
  peer.sent();
  peer.inject(call_number(2));
  EXPECT_TRUE(peer.one().is("SIP/2.0 503 "));
  peer.events();
  peer.ua.reject(first, 486, "", {}, {}, peer.now);  // its transaction lives on
  peer.sent();
  peer.inject(call_number(3));
  EXPECT_TRUE(peer.one().is("SIP/2.0 100 "));
  peer.event<IncomingCall>();
}

TEST(UserAgentOverload, WhatBelongsToACallAlwaysPasses) {
  Harness peer(limited(0.001, 1));
  peer.inject(Harness::invite());
  const SipCall call = peer.event<IncomingCall>().call;
  peer.sent();
  peer.inject(Harness::invite());  // a retransmission
  EXPECT_TRUE(peer.one().is("SIP/2.0 100 "));
  peer.ua.answer(call, std::string(kSdp), {}, peer.now);
  const Sent ok = peer.one();
  peer.inject(Harness::request("ACK", "z9hG4bKack", ok.to_tag()));
  peer.event<AckReceived>();
  peer.inject(Harness::request("INVITE", "z9hG4bKre", ok.to_tag(), 2, "", kSdp));
  peer.event<OfferReceived>();
  peer.sent();
  peer.ua.accept_offer(call, std::string(kSdp), peer.now);
  EXPECT_TRUE(peer.one().is("SIP/2.0 200 "));
  peer.inject(Harness::request("OPTIONS", "z9hG4bKo"));
  EXPECT_TRUE(peer.one().is("SIP/2.0 200 "));
  peer.inject(Harness::request("BYE", "z9hG4bKbye", ok.to_tag(), 3));
  EXPECT_TRUE(peer.one().is("SIP/2.0 200 "));
  EXPECT_EQ(peer.ua.refused_calls(), 0U);
}

TEST(UserAgentOverload, StrangersGet403AndTakeNobodysPlace) {
  Harness peer(limited(2, 0));
  peer.ua.set_callers([](const SocketAddress& remote) { return remote.host() == "192.0.2.9"; });
  const Flow stranger{Transport::udp, address_of("192.0.2.1:5060"), address_of("203.0.113.9:5060"), 0};
  for (int i = 0; i < 50; ++i) peer.inject(call_number(i), stranger);
  const auto sent = peer.sent();
  ASSERT_EQ(sent.size(), 50U);
  for (const auto& one : sent) EXPECT_TRUE(one.is("SIP/2.0 403 Unknown Peer\r\n")) << one.text;
  EXPECT_EQ(peer.ua.usage().transactions, 0U);
  EXPECT_EQ(peer.ua.usage().calls, 0U);
  EXPECT_EQ(taken_up(peer), 0);
  for (int i = 0; i < 2; ++i) peer.inject(call_number(i));
  EXPECT_EQ(taken_up(peer), 2);
  EXPECT_EQ(peer.ua.refused_calls(), 0U);
}

TEST(UserAgentOverload, AStrangersOtherRequestsAreAnsweredAsEver) {
  Harness peer(limited(0, 0));
  peer.ua.set_callers([](const SocketAddress&) { return false; });
  peer.inject(Harness::request("OPTIONS", "z9hG4bKo"));
  EXPECT_TRUE(peer.one().is("SIP/2.0 200 "));
  peer.inject(Harness::request("BYE", "z9hG4bKb", "tag"));
  EXPECT_TRUE(peer.one().is("SIP/2.0 481 "));
}

TEST(UserAgentOverload, NoLimitIsNoLimit) {
  Harness peer(limited(0, 0));
  for (int i = 0; i < 500; ++i) peer.inject(call_number(i));
  EXPECT_EQ(taken_up(peer), 500);
}

TEST(UserAgentOverload, Answers503WithoutATransactionWhenThereAreTooMany) {
  UserAgentConfig config = config_of_tests();
  config.max_transactions = 3;
  Harness peer(config);
  for (int i = 0; i < 3; ++i) {
    peer.inject(
        replaced(Harness::invite("z9hG4bK" + std::to_string(i)), "c1@", "c" + std::to_string(i) + "@"));
    peer.event<IncomingCall>();
  }
  peer.sent();
  peer.inject(replaced(Harness::invite("z9hG4bKmore"), "c1@", "cx@"));
  const Sent full = peer.one();
  EXPECT_TRUE(full.is("SIP/2.0 503 "));
  EXPECT_EQ(full.message().retry_after().value(), 10U);
  peer.event<Rejected>();
  EXPECT_EQ(peer.ua.usage().transactions, 3U);
  peer.ua.invite(Harness::call_to_peer(), udp_flow(), peer.now);
  EXPECT_EQ(peer.event<FailureReceived>().status, 503);
  // What ends calls still goes through.
  peer.inject(Harness::request("CANCEL", "z9hG4bK1"));
  const auto sent = peer.sent();
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_TRUE(sent[0].is("SIP/2.0 200 OK\r\n"));
  EXPECT_TRUE(sent[1].is("SIP/2.0 487 "));
  peer.event<CancelReceived>();
}

}  // namespace
}  // namespace tandem::sip
