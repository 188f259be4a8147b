#include "gateway/interwork/routing_params.h"

#include <gtest/gtest.h>

#include "gateway/interwork/q931_isup.h"
#include "gateway/interwork/sip_isup.h"

namespace tandem::interwork {
namespace {

using isup::Message;
using isup::MessageType;

const NumberPlan kAmerica{"1"};

sip::Uri uri(std::string user, sip::Params params = {}) {
  sip::Uri out;
  out.user = std::move(user);
  out.host = "gw";
  out.params = std::move(params);
  return out;
}
Message read(const sip::Uri& request, const NumberPlan& plan = kAmerica, bool trusted = true) {
  sip::InviteInfo invite;
  invite.request_uri = request;
  invite.from.uri = uri("+12025550123");
  invite.to.uri = request;
  return iam_from_invite(invite, plan, {.trusted = trusted}).value();
}
std::string routing_number(const Message& iam) {
  const auto* number = iam.get<isup::NetworkRoutingNumber>();
  return number != nullptr ? number->digits : "none";
}
InviteTarget target(bool trusted = true) {
  InviteTarget out;
  out.peer = uri("");
  out.local = parse_socket_address("192.0.2.1:5060").value();
  out.rules.trusted = trusted;
  return out;
}
std::string request_user(const Message& iam, const NumberPlan& plan = kAmerica, bool trusted = true) {
  return invite_from_iam(iam, plan, target(trusted)).request_uri.user;
}

TEST(RoutingParams, OfARequestUriAreTheQueryTheRoutingNumberAndTheCarrier) {  // RFC 4694 5
  const auto iam = read(uri("+12025551234;npdi;rn=+1-202-544-0000;cic=+10288"));
  EXPECT_EQ(iam.get<isup::CalledPartyNumber>()->digits, "2025551234");
  EXPECT_TRUE(iam.get<isup::ForwardCallIndicators>()->ported_query_done);
  EXPECT_EQ(routing_number(iam), "2025440000");
  EXPECT_EQ(*iam.get<isup::TransitNetworkSelection>(),
            (isup::TransitNetworkSelection{.digits = "0288", .type = 2}));
  EXPECT_EQ(request_user(iam), "+12025551234;npdi;rn=+12025440000;cic=+10288");
}

TEST(RoutingParams, MayStandAmongTheUrisOwnAndBeLocal) {
  const auto iam = read(uri("+12025551234", {{"rn", "2025440000"}, {"cic", "288"}}));
  EXPECT_EQ(routing_number(iam), "2025440000");
  EXPECT_EQ(carrier_of(iam), "288");
  EXPECT_FALSE(iam.get<isup::ForwardCallIndicators>()->ported_query_done);
}

TEST(RoutingParams, WhatIsNoNumberOfThisCountryIsPassedOver) {
  for (const auto* params : {";rn=+442079460000;cic=+440288", ";rn=;cic", ";rn=12ab;cic=02-88x",
                             ";rn=+;cic=+1", ";cic=+1123456789;rn=+112345678901234567890123456789012345"}) {
    const auto iam = read(uri("+12025551234" + std::string(params)));
    EXPECT_EQ(routing_number(iam), "none") << params;
    EXPECT_EQ(carrier_of(iam), "") << params;
  }
  EXPECT_EQ(carrier_of(read(uri("2025551234;cic=+10288"), {})), "");  // which country is that?
  EXPECT_EQ(carrier_of(read(uri("2025551234;cic=0288"), {})), "0288");
}

TEST(RoutingParams, AnUntrustedPeerChoosesNoWay) {  // RFC 4694 7
  const auto request = uri("+12025551234;npdi;rn=+12025440000;cic=+10288");
  const auto iam = read(request, kAmerica, false);
  EXPECT_TRUE(iam.get<isup::ForwardCallIndicators>()->ported_query_done);
  EXPECT_EQ(routing_number(iam), "none");
  EXPECT_EQ(carrier_of(iam), "");
  EXPECT_EQ(request_user(read(request), kAmerica, false), "+12025551234;npdi");
  EXPECT_EQ(request_user(read(request), {}), "2025551234;npdi");  // RFC 4694: global, or with a context
}

TEST(RoutingParams, AnAnsiNetworkHasThePortedNumberBesideTheRoutingNumber) {  // T1.113
  auto iam = Message(MessageType::iam)
                 .set(isup::CalledPartyNumber{.digits = "2025440000"})
                 .set(isup::GenericAddress{.type = 0xc0, .digits = "2025551234"})
                 .set(isup::ForwardCallIndicators{.ported_query_done = true})
                 .set(isup::CarrierIdentification{.digit_1 = 0, .digit_2 = 2, .digit_3 = 8, .digit_4 = 8});
  EXPECT_EQ(request_user(iam), "+12025551234;npdi;rn=+12025440000;cic=+10288");
  EXPECT_EQ(dialled_number(iam)->digits, "2025551234");
  iam.set(isup::GenericAddress{.type = 0, .digits = "7"});
  EXPECT_EQ(dialled_number(iam)->digits, "2025551234");
  EXPECT_FALSE(dialled_number(Message(MessageType::iam)));
  const auto three =
      Message(MessageType::iam)
          .set(isup::AnsiTransitNetworkSelection{.plan = 1, .digit_1 = 2, .digit_2 = 8, .digit_3 = 8});
  EXPECT_EQ(carrier_of(three), "288");
  EXPECT_EQ(carrier_of(Message(MessageType::iam).set(isup::CarrierIdentification{.digit_1 = 0xf})), "");
}

TEST(RoutingParams, TheCallersSwitchIsItsRoutingNumber) {  // T1.113 jurisdiction information
  sip::InviteInfo invite;
  invite.request_uri = invite.to.uri = uri("+12025551234");
  invite.from.uri = uri("+12025550123;rn=+12125440000");
  const auto iam = iam_from_invite(invite, kAmerica).value();
  ASSERT_NE(iam.get<isup::JurisdictionInformation>(), nullptr);
  EXPECT_EQ(iam.get<isup::JurisdictionInformation>()->digits, "212544");
  EXPECT_EQ(routing_number(iam), "none");
  EXPECT_TRUE(invite_from_iam(iam, kAmerica, target()).from.uri.user.contains(";rn=+1212544"));
  EXPECT_FALSE(invite_from_iam(iam, kAmerica, target(false)).from.uri.user.contains("rn="));
  invite.from.uri = uri("+12025550123;rn=+12125");
  EXPECT_EQ(iam_from_invite(invite, kAmerica)->get<isup::JurisdictionInformation>(), nullptr);
}

TEST(RoutingParams, OfAPriAreItsTransitNetworkSelection) {  // Q.931 4.5.29
  tdm::pri::Setup setup;
  setup.called.digits = "1000";
  EXPECT_EQ(carrier_of(iam_from_setup(setup)), "");
  setup.transit_network = "0288";
  const auto iam = iam_from_setup(setup);
  EXPECT_EQ(carrier_of(iam), "0288");
  EXPECT_EQ(setup_from_iam(iam, tdm::pri::Layer1::mu_law).transit_network, "0288");
}

}  // namespace
}  // namespace tandem::interwork
