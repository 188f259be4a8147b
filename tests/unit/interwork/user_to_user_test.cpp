#include "gateway/interwork/user_to_user.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "gateway/interwork/q931_isup.h"
#include "gateway/interwork/sip_isup.h"

namespace tandem::interwork {
namespace {

sip::Headers uui(std::string value) {
  return {{"User-to-User", std::move(value)}};
}

TEST(UserToUser, IsHexWithTheProtocolDiscriminatorFirst) {  // RFC 7433 4.1, RFC 7434 9
  const auto value = read_user_to_user(uui("04486921;encoding=hex;purpose=isdn-uui;content=isdn-uui"));
  ASSERT_TRUE(value);
  EXPECT_EQ(*value, (isup::UserToUserInformation{.protocol = 4, .octets = {0x48, 0x69, 0x21}}));
  const auto header = write_user_to_user(*value);
  EXPECT_EQ(header.name, "User-to-User");
  EXPECT_EQ(header.value, "04486921;encoding=hex;purpose=isdn-uui;content=isdn-uui");
  EXPECT_EQ(*read_user_to_user({header}), *value);
}

TEST(UserToUser, IsReadAsOldAndShortFormsWriteIt) {
  EXPECT_TRUE(read_user_to_user(uui("0448")));
  EXPECT_TRUE(read_user_to_user(uui("04")));  // the discriminator alone permits the service
  EXPECT_TRUE(read_user_to_user(uui("\"04aB\" ; Encoding=HEX ; Purpose = \"isdn-uui\"")));
  EXPECT_TRUE(read_user_to_user(uui("0448;purpose=isdn-interwork")));
  EXPECT_TRUE(read_user_to_user({{"user-to-user", "0448"}}));
  EXPECT_TRUE(read_user_to_user(uui("99;purpose=other, 0448;purpose=isdn-uui")));
}

TEST(UserToUser, IsNothingWhereItCannotBeRead) {
  for (const char* bad : {"", "0", "044", "0x04", "04 48", "04:48", "hello", "0448;encoding=base64",
                          "0448;purpose=other", "0448;content=text", ";encoding=hex", "\"", "0448,0449"})
    EXPECT_FALSE(read_user_to_user(uui(bad))) << bad;
  EXPECT_FALSE(read_user_to_user({}));
  EXPECT_FALSE(read_user_to_user({{"User-to-User", "0448"}, {"User-to-User", "0449"}}));  // RFC 7434 7
}

TEST(UserToUser, HoldsAtMost128OctetsBehindTheDiscriminator) {  // RFC 7434 3
  EXPECT_EQ(read_user_to_user(uui("04" + std::string(256, 'a')))->octets.size(), 128u);
  EXPECT_FALSE(read_user_to_user(uui("04" + std::string(258, 'a'))));
  EXPECT_FALSE(read_user_to_user(uui(std::string(60000, 'a'))));
}

TEST(UserToUser, APresenceWithoutDataPermitsTheService) {
  EXPECT_TRUE(permits_user_to_user(uui("04")));
  EXPECT_TRUE(permits_user_to_user(uui("zz")));
  EXPECT_FALSE(permits_user_to_user(uui("04;purpose=other")));
  EXPECT_FALSE(permits_user_to_user({}));
}

TEST(UserToUser, CrossesInEveryMessageUnlessThePeerHasNone) {
  const sip::Headers headers = uui("0441");
  const isup::UserToUserInformation expected{.protocol = 4, .octets = {0x41}};
  const auto has = [&](const isup::Message& m) {
    const auto* found = m.get<isup::UserToUserInformation>();
    return found != nullptr && *found == expected;
  };
  sip::InviteInfo invite;
  invite.request_uri = sip::parse_uri("sip:1000@gw").value();
  invite.headers = headers;
  EXPECT_TRUE(has(iam_from_invite(invite, {}).value()));
  EXPECT_FALSE(has(iam_from_invite(invite, {}, {.user_to_user = false}).value()));
  EXPECT_TRUE(has(backward_from_provisional(180, false, false, headers)));
  EXPECT_TRUE(has(answer_from_ok({}, {}, {}, true, headers)));
  isup::Message rel(isup::MessageType::rel);
  set_user_to_user(rel, headers, {});
  EXPECT_TRUE(has(rel));

  InviteTarget target;
  target.local = parse_socket_address("192.0.2.1:5060").value();
  const auto said = [](const std::vector<sip::ExtraHeader>& out) {
    return std::ranges::any_of(out, [](const auto& h) { return h.name == "User-to-User"; });
  };
  auto iam = isup::Message(isup::MessageType::iam).set(isup::CalledPartyNumber{.digits = "1"}).set(expected);
  EXPECT_TRUE(said(invite_from_iam(iam, {}, target).extra));
  EXPECT_TRUE(said(headers_for_provisional(iam, {180, false, {}}, {}, target)));
  EXPECT_TRUE(said(headers_for_answer(iam, {}, target)));
  EXPECT_TRUE(said(headers_for_release(iam, 0, {}, target)));
  target.rules.user_to_user = false;
  EXPECT_FALSE(said(invite_from_iam(iam, {}, target).extra));
  EXPECT_FALSE(said(headers_for_answer(iam, {}, target)));
}

TEST(UserToUser, CrossesOnThePriSide) {  // Q.957.1
  const tdm::pri::UserUser value{.protocol = 4, .octets = {0x41, 0x42}};
  tdm::pri::Setup setup;
  setup.called.digits = "1000";
  setup.user_user = value;
  EXPECT_EQ(setup_from_iam(iam_from_setup(setup), tdm::pri::Layer1::a_law).user_user, value);
  EXPECT_EQ(user_user_from_message(backward_from_alerting({}, false, value)), value);
  tdm::pri::ConnectInd connect{.call = 1, .connected = {}, .progress = {}, .channel = {}};
  connect.user_user = value;
  EXPECT_EQ(pri_from_backward(answer_from_connect(connect, true)).user_user, value);
  EXPECT_EQ(user_user_from_message(release_from_cause({}, value)), value);
  EXPECT_FALSE(user_user_from_message(release_from_cause({}, tdm::pri::UserUser{.octets = Octets(129)})));
  auto long_one =
      isup::Message(isup::MessageType::rel).set(isup::UserToUserInformation{.octets = Octets(200)});
  EXPECT_FALSE(user_user_from_message(long_one));
}

}  // namespace
}  // namespace tandem::interwork
