// Session timers, both roles (RFC 4028).
#include "user_agent_harness.h"

namespace tandem::sip {
namespace {

using namespace std::chrono_literals;

CallPolicy policy_of(std::chrono::seconds interval, Refresher refresher = Refresher::any,
                     std::chrono::seconds min_se = 90s) {
  return {.session_expires = interval, .min_se = min_se, .refresher = refresher};
}

struct Caller : Harness {
  explicit Caller(const CallPolicy& policy) {
    InviteInfo info = call_to_peer();
    info.policy = policy;
    call = ua.invite(info, udp_flow(), now);
    invite = one();
  }
  void answer(std::string_view headers) {
    inject(response(invite, "200 OK", "peer", headers, kSdp));
    event<AnswerReceived>();
    one();
  }
  SipCall call;
  Sent invite;
};

struct Callee : Harness {
  explicit Callee(std::string_view headers, const CallPolicy& policy = {}) {
    inject(invite("z9hG4bKinv", headers));
    call = event<IncomingCall>().call;
    ua.set_policy(call, policy);
    ua.answer(call, kSdp, {}, now);
    ok = sent().back();
    inject(request("ACK", "z9hG4bKack", ok.to_tag()));
    event<AckReceived>();
  }
  SipCall call;
  Sent ok;
};

// --- as caller ------------------------------------------------------------------------------------------

TEST(UserAgentSessionTimer, IsAskedForAndRefreshedByUpdateAtHalfTime) {
  Caller peer(policy_of(1800s));
  EXPECT_EQ(peer.invite.value(HeaderId::session_expires), "1800");
  EXPECT_FALSE(peer.invite.message().has(HeaderId::min_se));
  peer.answer("Session-Expires: 1200;refresher=uac\nRequire: timer\nAllow: INVITE, UPDATE\n");
  peer.pass(599s);
  EXPECT_TRUE(peer.sent().empty());
  peer.pass(1s);
  const Sent update = peer.one();
  EXPECT_TRUE(update.is("UPDATE "));
  EXPECT_TRUE(update.message().body().empty());
  EXPECT_EQ(update.value(HeaderId::session_expires), "1200;refresher=uac");
  peer.inject(Harness::response(update, "200 OK", "", "Session-Expires: 1200;refresher=uac\n"));
  EXPECT_TRUE(peer.events().empty());
  peer.pass(600s);
  EXPECT_TRUE(peer.one().is("UPDATE "));
}

TEST(UserAgentSessionTimer, IsRefreshedByReinviteWithTheSameSdpWherePeersHaveNoUpdate) {
  Caller peer(policy_of(600s, Refresher::self));
  EXPECT_EQ(peer.invite.value(HeaderId::session_expires), "600;refresher=uac");
  peer.answer("Session-Expires: 600;refresher=uac\n");
  peer.pass(300s);
  const Sent reinvite = peer.one();
  EXPECT_TRUE(reinvite.is("INVITE "));
  EXPECT_EQ(reinvite.message().body(), kSdp);  // the same o= line
  peer.inject(Harness::response(reinvite, "200 OK", "", "Session-Expires: 600;refresher=uac\n", kSdp));
  EXPECT_TRUE(peer.one().is("ACK "));
  EXPECT_TRUE(peer.events().empty());
  // Where the answer to a refresh is another than before, the core is told.
  peer.pass(300s);
  const Sent second = peer.one();
  peer.inject(
      Harness::response(second, "200 OK", "", "Session-Expires: 600;refresher=uac\n", "v=0\r\no=new"));
  EXPECT_EQ(peer.event<OfferAnswered>().sdp, "v=0\r\no=new");
}

TEST(UserAgentSessionTimer, FallsBackToReinviteWhenTheUpdateIsNotAllowedAfterAll) {
  Caller peer(policy_of(600s));
  peer.answer("Session-Expires: 600;refresher=uac\nAllow: UPDATE\n");
  peer.pass(300s);
  peer.inject(Harness::response(peer.one(), "405 Method Not Allowed"));
  EXPECT_TRUE(peer.one().is("INVITE "));
  EXPECT_TRUE(peer.events().empty());
}

TEST(UserAgentSessionTimer, EndsTheCallWhenThePeerDoesNotRefresh) {
  Caller peer(policy_of(600s, Refresher::peer));
  EXPECT_EQ(peer.invite.value(HeaderId::session_expires), "600;refresher=uas");
  peer.answer("Session-Expires: 600;refresher=uas\n");
  peer.pass(567s);
  EXPECT_TRUE(peer.sent().empty());
  peer.pass(1s);  // 32 seconds before its end
  EXPECT_EQ(peer.event<SessionExpired>().call, peer.call);
  const Sent bye = peer.one();
  EXPECT_TRUE(bye.is("BYE "));
  EXPECT_TRUE(bye.value(HeaderId::reason).starts_with("SIP;cause=408"));
  peer.expect_nothing_left();
}

TEST(UserAgentSessionTimer, AShortOneEndsAThirdBeforeItsTime) {
  Caller peer(policy_of(90s, Refresher::peer));
  peer.answer("Session-Expires: 90;refresher=uas\n");
  peer.pass(60s);
  peer.event<SessionExpired>();
}

TEST(UserAgentSessionTimer, GoesOnWithTheirRefresh) {
  Caller peer(policy_of(600s, Refresher::peer));
  peer.answer("Session-Expires: 600;refresher=uas\n");
  peer.pass(300s);
  peer.inject(Harness::in_dialog(peer.invite, "UPDATE", 1, "peer",
                                 "Supported: timer\nSession-Expires: 600;refresher=uac\n"));
  const Sent ok = peer.one();
  EXPECT_EQ(ok.value(HeaderId::session_expires), "600;refresher=uac");
  EXPECT_EQ(ok.value(HeaderId::require), "timer");
  peer.pass(567s);
  EXPECT_TRUE(peer.events().empty());
  peer.pass(1s);
  peer.event<SessionExpired>();
}

TEST(UserAgentSessionTimer, IsOursAloneWhenThePeerHasNone) {
  Caller peer(policy_of(600s));
  peer.answer("");
  peer.pass(300s);
  const Sent reinvite = peer.one();
  EXPECT_TRUE(reinvite.is("INVITE "));
  EXPECT_EQ(reinvite.value(HeaderId::session_expires), "600;refresher=uac");
  peer.inject(Harness::response(reinvite, "200 OK", "", "", kSdp));
  peer.one();
  peer.pass(300s);
  EXPECT_TRUE(peer.one().is("INVITE "));
}

TEST(UserAgentSessionTimer, IsNotRunWhenNobodyWantsOne) {
  Caller peer(CallPolicy{});
  EXPECT_FALSE(peer.invite.message().has(HeaderId::session_expires));
  EXPECT_TRUE(peer.invite.has("timer"));
  peer.answer("");
  peer.pass(24h);
  EXPECT_TRUE(peer.sent().empty());
  EXPECT_TRUE(peer.events().empty());
}

TEST(UserAgentSessionTimer, TooShortIsAskedForAgainWithTheirMinimum) {
  Caller peer(policy_of(100s));
  peer.inject(Harness::response(peer.invite, "422 Session Interval Too Small", "peer", "Min-SE: 1800\n"));
  const auto sent = peer.sent();
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_TRUE(sent[0].is("ACK "));
  const Sent& again = sent[1];
  EXPECT_EQ(again.value(HeaderId::cseq), "2 INVITE");
  EXPECT_EQ(again.value(HeaderId::call_id), peer.invite.value(HeaderId::call_id));
  EXPECT_EQ(again.from_tag(), peer.invite.from_tag());
  EXPECT_NE(again.branch(), peer.invite.branch());
  EXPECT_EQ(again.value(HeaderId::session_expires), "1800");
  EXPECT_EQ(again.value(HeaderId::min_se), "1800");
  EXPECT_TRUE(peer.events().empty());
  peer.invite = again;
  peer.answer("Session-Expires: 1800;refresher=uac\nAllow: UPDATE\n");
  peer.ua.bye(peer.call, {}, peer.now);
  peer.expect_nothing_left();
}

TEST(UserAgentSessionTimer, TooShortForEverIsAFailure) {
  Caller peer(policy_of(100s));
  for (int i = 0; i < 50; ++i) {
    peer.inject(Harness::response(peer.invite, "422 Session Interval Too Small", "peer",
                                  "Min-SE: " + std::to_string(1800 + i) + "\n"));
    const auto sent = peer.sent();
    if (sent.size() < 2) break;
    peer.invite = sent[1];
  }
  EXPECT_EQ(peer.event<FailureReceived>().status, 422);
  peer.expect_nothing_left();
}

TEST(UserAgentSessionTimer, ARefreshThatIsTooShortIsRepeatedLonger) {
  Caller peer(policy_of(600s));
  peer.answer("Session-Expires: 600;refresher=uac\nAllow: UPDATE\n");
  peer.pass(300s);
  peer.inject(Harness::response(peer.one(), "422 Session Interval Too Small", "", "Min-SE: 900\n"));
  const Sent again = peer.one();
  EXPECT_EQ(again.value(HeaderId::session_expires), "900;refresher=uac");
  EXPECT_EQ(again.value(HeaderId::min_se), "900");
}

TEST(UserAgentSessionTimer, ARefreshThatMeetsNoDialogEndsTheCall) {
  Caller peer(policy_of(600s));
  peer.answer("Session-Expires: 600;refresher=uac\nAllow: UPDATE\n");
  peer.pass(300s);
  peer.inject(Harness::response(peer.one(), "481 Call/Transaction Does Not Exist"));
  peer.event<SessionExpired>();
  EXPECT_TRUE(peer.one().is("BYE "));
  peer.expect_nothing_left();
}

TEST(UserAgentSessionTimer, ThatIsAbsurdlyShortIsNotFollowed) {
  Caller peer(policy_of(600s));
  peer.answer("Session-Expires: 1;refresher=uac\nAllow: UPDATE\n");
  peer.pass(44s);
  EXPECT_TRUE(peer.sent().empty());
  peer.pass(1s);
  EXPECT_TRUE(peer.one().is("UPDATE "));
}

// --- as callee ------------------------------------------------------------------------------------------

TEST(UserAgentSessionTimer, OfACallerIsTakenAndLeftToHimToRefresh) {
  Callee peer("Supported: timer\nSession-Expires: 1800\n");
  EXPECT_EQ(peer.ok.value(HeaderId::session_expires), "1800;refresher=uac");
  EXPECT_EQ(peer.ok.value(HeaderId::require), "timer");
  peer.pass(1768s);
  peer.event<SessionExpired>();
  EXPECT_TRUE(peer.one().is("BYE "));
}

TEST(UserAgentSessionTimer, OfACallerIsReducedButNotBelowHisMinimum) {
  Callee peer("Supported: timer\nSession-Expires: 1800\nMin-SE: 900\n", policy_of(600s, Refresher::self));
  EXPECT_EQ(peer.ok.value(HeaderId::session_expires), "900;refresher=uas");
  peer.pass(450s);
  const Sent refresh = peer.one();
  EXPECT_TRUE(refresh.is("INVITE "));
  EXPECT_EQ(refresh.value(HeaderId::session_expires), "900;refresher=uac");
  EXPECT_EQ(refresh.value(HeaderId::min_se), "900");
}

TEST(UserAgentSessionTimer, TheCallersChoiceOfRefresherCounts) {
  Callee ours("Supported: timer\nx: 1800;refresher=uas\n", policy_of(1800s, Refresher::peer));
  EXPECT_EQ(ours.ok.value(HeaderId::session_expires), "1800;refresher=uas");
  Callee theirs("Supported: timer\nx: 1800;refresher=uac\n", policy_of(1800s, Refresher::self));
  EXPECT_EQ(theirs.ok.value(HeaderId::session_expires), "1800;refresher=uac");
}

TEST(UserAgentSessionTimer, IsOursToRefreshWhenTheCallerHasNone) {
  Callee peer("", policy_of(600s, Refresher::peer));
  EXPECT_EQ(peer.ok.value(HeaderId::session_expires), "600;refresher=uas");
  EXPECT_FALSE(peer.ok.message().has(HeaderId::require));
  peer.pass(300s);
  EXPECT_TRUE(peer.one().is("INVITE "));
}

TEST(UserAgentSessionTimer, OfACallerThatIsTooShortGets422) {
  Harness peer;
  peer.inject(Harness::invite("z9hG4bKinv", "Supported: timer\nSession-Expires: 60\n"));
  const Sent refused = peer.one();
  EXPECT_TRUE(refused.is("SIP/2.0 422 "));
  EXPECT_EQ(refused.value(HeaderId::min_se), "90");
  EXPECT_TRUE(peer.events().empty());
  peer.expect_nothing_left();
}

TEST(UserAgentSessionTimer, OfACallerThatIsTooShortForThePolicyGets422) {
  Harness peer;
  peer.inject(Harness::invite("z9hG4bKinv", "Supported: timer\nSession-Expires: 100\n"));
  const SipCall call = peer.event<IncomingCall>().call;
  peer.sent();
  peer.ua.set_policy(call, policy_of(0s, Refresher::any, 300s));
  const Sent refused = peer.one();
  EXPECT_TRUE(refused.is("SIP/2.0 422 "));
  EXPECT_EQ(refused.value(HeaderId::min_se), "300");
  EXPECT_EQ(peer.event<CancelReceived>().reasons.at(0).cause, 422);
  peer.expect_nothing_left();
}

TEST(UserAgentSessionTimer, BelowTheAbsoluteMinimumOfACallerWithoutItIsNone) {
  // RFC 4028 4, 9: neither echoed nor raised, and 422 would mean nothing to the caller.
  for (const auto* value : {"0", "1", "60", "89"}) {
    Callee peer("Session-Expires: " + std::string(value) + "\n");
    EXPECT_FALSE(peer.ok.message().has(HeaderId::session_expires)) << value;
    peer.pass(1h);
    EXPECT_TRUE(peer.sent().empty());
    EXPECT_TRUE(peer.events().empty());
  }
  Callee least("Session-Expires: 90\n");
  EXPECT_EQ(least.ok.value(HeaderId::session_expires), "90;refresher=uas");
}

TEST(UserAgentSessionTimer, OfOursTakesThePlaceOfOneBelowTheAbsoluteMinimum) {
  Callee peer("Session-Expires: 60\nMin-SE: 900\n", policy_of(600s));
  EXPECT_EQ(peer.ok.value(HeaderId::session_expires), "900;refresher=uas");
  peer.pass(450s);
  EXPECT_TRUE(peer.one().is("INVITE "));
}

TEST(UserAgentSessionTimer, OfAProxyBelowThePolicyIsTakenAllTheSame) {
  // RFC 4028 9: it MUST NOT be raised, and a caller without the timer cannot be asked.
  Callee peer("Session-Expires: 100\n", policy_of(0s, Refresher::any, 300s));
  EXPECT_EQ(peer.ok.value(HeaderId::session_expires), "100;refresher=uas");
}

TEST(UserAgentSessionTimer, ARefreshOfTheirsThatIsTooShortGets422AndTheCallGoesOn) {
  Callee peer("Supported: timer\nSession-Expires: 1800\n");
  peer.inject(Harness::request("UPDATE", "z9hG4bKup", peer.ok.to_tag(), 2,
                               "Supported: timer\nSession-Expires: 10\n"));
  EXPECT_TRUE(peer.one().is("SIP/2.0 422 "));
  peer.inject(Harness::request("INVITE", "z9hG4bKre", peer.ok.to_tag(), 3,
                               "Supported: timer\nSession-Expires: 10\n", kSdp));
  EXPECT_TRUE(peer.one().is("SIP/2.0 422 "));
  EXPECT_TRUE(peer.events().empty());
}

TEST(UserAgentSessionTimer, GarbageInItIsPassedOver) {
  Callee peer("Supported: timer\nSession-Expires: soon;refresher=me\nMin-SE: -1\n");
  EXPECT_FALSE(peer.ok.message().has(HeaderId::session_expires));
}

TEST(UserAgentSessionTimer, IsTurnedOffByARefreshWithoutOne) {
  Callee peer("Supported: timer\nSession-Expires: 600\n");
  peer.inject(Harness::request("UPDATE", "z9hG4bKup", peer.ok.to_tag(), 2, "Supported: timer\n"));
  EXPECT_FALSE(peer.one().message().has(HeaderId::session_expires));
  peer.pass(1h);
  EXPECT_TRUE(peer.events().empty());
}

}  // namespace
}  // namespace tandem::sip
