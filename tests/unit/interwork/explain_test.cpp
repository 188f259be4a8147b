#include "gateway/interwork/explain.h"

#include <gtest/gtest.h>

namespace tandem::interwork {
namespace {

using isup::CauseIndicators;
using isup::Location;

sip::FailureReceived failure(int status) {
  sip::FailureReceived out{};
  out.status = status;
  return out;
}
sip::Reason q850(int cause) {
  return {.protocol = "Q.850", .cause = cause, .text = {}, .location = {}};
}
sip::NameAddr contact(std::string text) {
  return sip::parse_name_addr(text).value();
}

TEST(Explain, AStatusNamesItsCauseItsPartyAndItsClause) {
  const CauseIndicators cause{.value = 1};
  EXPECT_EQ(explain(status_from_cause(cause), cause, "telco"),
            "404 because cause 1 from telco, RFC 3398 7.2.4.1");
  const std::vector<CauseOverride> own{{.cause = 17, .status = 600}, {.cause = 1, .status = 410}};
  EXPECT_EQ(explain(status_from_cause(cause, own), cause, "telco"),
            "410 because cause 1 from telco, by the override of telco");
  const CauseIndicators rejected{.value = 21, .location = Location::user};
  EXPECT_EQ(explain(status_from_cause(rejected), rejected, "telco"),
            "603 because cause 21 from telco, RFC 3398 7.2.4.1 (+)");
}

TEST(Explain, ACauseNamesItsStatusItsPartyAndItsClause) {
  EXPECT_EQ(explain(cause_from_failure(failure(486), false, {}), 486, "carrier-a"),
            "cause 17 because status 486 from carrier-a, RFC 3398 8.2.6.1");
  const std::vector<CauseOverride> own{{.cause = 19, .status = 480}};
  EXPECT_EQ(explain(cause_from_failure(failure(480), false, {.causes = own}), 480, "carrier-a"),
            "cause 19 because status 480 from carrier-a, by the override of carrier-a");
  auto reasoned = failure(480);
  reasoned.reasons = {q850(1)};
  EXPECT_EQ(explain(cause_from_failure(reasoned, false, {.reason_decides = true}), 480, "carrier-a"),
            "cause 1 because Reason in status 480 from carrier-a, RFC 6432 3");
  auto silent = failure(408);
  silent.timeout = true;
  EXPECT_EQ(explain(cause_from_failure(silent, false, {}), 408, "carrier-a"),
            "cause 102 because carrier-a did not answer, RFC 3398 8.2.6.1");
  EXPECT_EQ(explain(cause_from_failure(silent, true, {}), 408, "carrier-a"),
            "cause 18 because carrier-a did not answer, RFC 3398 8.1.3");
}

TEST(Explain, AnInviteThatCannotGoOnSaysWhy) {
  const auto error = fail(Errc::missing, 0, "telephone number", "not a digit").error();
  EXPECT_EQ(
      explain(status_from_error(error), error, "carrier-a"),
      "404 because the INVITE of carrier-a cannot go on: telephone number: not a digit, RFC 3398 7.2.1.1");
}

TEST(CauseFromFailure, ReasonCountsOnlyByPolicyAndBeforeTheOverride) {
  auto reasoned = failure(480);
  reasoned.reasons = {q850(1)};
  const std::vector<CauseOverride> own{{.cause = 19, .status = 480}};
  EXPECT_EQ(cause_from_failure(reasoned, false, {}).cause.value, 18);
  EXPECT_EQ(cause_from_failure(reasoned, false, {.reason_decides = true, .causes = own}).cause.value, 1);
  EXPECT_EQ(cause_from_failure(failure(480), false, {.reason_decides = true, .causes = own}).cause.value, 19);
  const std::vector<CauseOverride> half{{.cause = 0, .status = 480}};
  EXPECT_EQ(cause_from_failure(failure(480), false, {.causes = half}).cause.value, 18);
}

TEST(CauseFromFailure, ARedirectionHasItsNumberAsDiagnostic) {  // RFC 3398 8.2.5
  auto moved = failure(302);
  moved.contacts = {contact("<sip:bob@x.example.com>;q=0.1"), contact("<tel:+442079460000>;q=0.7")};
  const auto choice = cause_from_failure(moved, false, {.plan = {"44"}});
  EXPECT_EQ(choice.cause.value, 23);
  ASSERT_TRUE(new_number(choice.cause));
  EXPECT_EQ(new_number(choice.cause)->digits, "2079460000");
  EXPECT_EQ(new_number(choice.cause)->nature, isup::NatureOfAddress::national);
  moved.contacts.pop_back();
  EXPECT_TRUE(cause_from_failure(moved, false, {}).cause.diagnostic.empty());
}

TEST(RedirectTargets, AreTakenBestFirstAndOnlyWhatCanBeCalled) {  // RFC 3261 20.10
  const std::vector<sip::NameAddr> contacts{contact("<sip:1@a>;q=0.2"), contact("<mailto:x@y>;q=1.0"),
                                            contact("<sip:2@b>"), contact("<tel:+123>;q=0.2"),
                                            contact("<sip:4@d>;q=x")};
  const auto all = redirect_targets(contacts, 9);
  ASSERT_EQ(all.size(), 4u);
  EXPECT_EQ(all[0].user, "2");
  EXPECT_EQ(all[1].user, "1");
  EXPECT_EQ(all[2].user, "+123");
  EXPECT_EQ(all[3].user, "4");
  EXPECT_EQ(redirect_targets(contacts, 1).size(), 1u);
  EXPECT_TRUE(redirect_targets({}, 5).empty());
}

}  // namespace
}  // namespace tandem::interwork
