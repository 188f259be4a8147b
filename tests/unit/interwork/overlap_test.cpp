#include "gateway/interwork/overlap.h"

#include <gtest/gtest.h>

#include "gateway/interwork/q931_isup.h"
#include "gateway/interwork/sip_isup.h"

namespace tandem::interwork {
namespace {

using isup::Message;
using isup::MessageType;

Message iam(std::string digits) {
  return Message(MessageType::iam).set(isup::CalledPartyNumber{.digits = std::move(digits)});
}
Message sam(std::string digits) {
  return Message(MessageType::sam).set(isup::SubsequentNumber{std::move(digits)});
}
std::string digits(const Message& m) {
  return m.get<isup::CalledPartyNumber>()->digits;
}

TEST(JoinDigits, AppendsUntilTheEndOfPulsing) {  // Q.764 2.1.1.2
  auto m = iam("20");
  EXPECT_FALSE(number_complete(m));
  EXPECT_EQ(join_digits(m, sam("7")), Joined::more);
  EXPECT_EQ(join_digits(m, sam("94F")), Joined::complete);
  EXPECT_EQ(digits(m), "20794F");
  EXPECT_TRUE(number_complete(m));
  EXPECT_EQ(join_digits(m, sam("5")), Joined::nothing);  // RFC 3578 2.1
  EXPECT_EQ(digits(m), "20794F");
}

TEST(JoinDigits, EndOfPulsingAloneCompletes) {
  auto m = iam("207");
  EXPECT_EQ(join_digits(m, sam("F")), Joined::complete);
  EXPECT_EQ(digits(m), "207F");
}

TEST(JoinDigits, DigitsBehindTheEndOfPulsingAreNotDialled) {
  auto m = iam("20");
  EXPECT_EQ(join_digits(m, sam("7F99")), Joined::complete);
  EXPECT_EQ(digits(m), "207F");
}

TEST(JoinDigits, StopsAtTheLongestNumber) {
  auto m = iam(std::string(kMaxDigits, '1'));
  EXPECT_EQ(join_digits(m, sam("2")), Joined::too_long);
  EXPECT_EQ(digits(m).size(), kMaxDigits);
  EXPECT_EQ(join_digits(m, Message(MessageType::sam)), Joined::nothing);
  Message nameless(MessageType::iam);
  EXPECT_EQ(join_digits(nameless, sam("1")), Joined::nothing);
}

TEST(JoinDigits, TheLongerIamMakesTheLongerInvite) {  // RFC 3578 3.1
  auto m = iam("2079").set(isup::CallingPartyNumber{.digits = "201"});
  const NumberPlan plan{"44"};
  InviteTarget target;
  target.peer.host = "192.0.2.9";
  target.local = parse_socket_address("192.0.2.1:5060").value();
  EXPECT_EQ(invite_from_iam(m, plan, target).request_uri.user, "+442079");
  join_digits(m, sam("460F"));
  EXPECT_EQ(invite_from_iam(m, plan, target).request_uri.user, "+442079460");
}

sip::InviteInfo invite(std::string user, std::string call_id = "a@b", std::string tag = "t1") {
  sip::InviteInfo out;
  out.request_uri.user = std::move(user);
  out.request_uri.host = "gw.example.com";
  out.call_id = std::move(call_id);
  out.from.params = {{"tag", std::move(tag)}};
  return out;
}

TEST(SamFromInvite, IsTheDigitsThatALongerInviteAdds) {  // RFC 3578 3.5
  const auto more = sam_from_invite(invite("+44207"), invite("+442079460"), {"44"});
  ASSERT_TRUE(more);
  EXPECT_EQ(*more, sam("9460"));
}

TEST(SamFromInvite, IsNothingForAnotherCallOrAnotherNumber) {
  const auto earlier = invite("1234");
  EXPECT_FALSE(sam_from_invite(earlier, invite("12345", "c@d"), {}));
  EXPECT_FALSE(sam_from_invite(earlier, invite("12345", "a@b", "t2"), {}));
  EXPECT_FALSE(sam_from_invite(earlier, invite("1234"), {}));  // a merged request, no continuation
  EXPECT_FALSE(sam_from_invite(earlier, invite("123"), {}));
  EXPECT_FALSE(sam_from_invite(earlier, invite("12945"), {}));
  EXPECT_FALSE(sam_from_invite(earlier, invite("+12345"), {}));  // another type of number
  EXPECT_FALSE(sam_from_invite(earlier, invite("bob"), {}));
  EXPECT_FALSE(sam_from_invite(invite("1", ""), invite("12", ""), {}));
  EXPECT_FALSE(sam_from_invite(invite("1", "a@b", ""), invite("12", "a@b", ""), {}));
}

TEST(Information, BecomesASamAndComesBack) {  // Q.764 2.1.1.2
  EXPECT_EQ(*sam_from_information({.call = 1, .digits = "12*#"}), sam("12BC"));
  EXPECT_EQ(*sam_from_information({.call = 1, .digits = "1", .sending_complete = true}), sam("1F"));
  EXPECT_EQ(*sam_from_information({.call = 1, .digits = "", .sending_complete = true}), sam("F"));
  EXPECT_FALSE(sam_from_information({.call = 1, .digits = ""}));
  EXPECT_FALSE(sam_from_information({.call = 1, .digits = "12x"}));
  EXPECT_FALSE(sam_from_information({.call = 1, .digits = "12", .keypad = true}));
  const auto more = information_from_sam(sam("12BCF"));
  EXPECT_EQ(more.digits, "12*#");
  EXPECT_TRUE(more.complete);
  EXPECT_FALSE(information_from_sam(sam("1")).complete);
  EXPECT_TRUE(information_from_sam(Message(MessageType::sam)).digits.empty());
}

}  // namespace
}  // namespace tandem::interwork
