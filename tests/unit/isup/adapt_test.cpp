#include "isup/adapt.h"

#include <gtest/gtest.h>

#include "isup/codec.h"

namespace tandem::isup {
namespace {

Message itu_iam(std::uint8_t medium = 3) {
  Message iam(MessageType::iam);
  iam.set(NatureOfConnection{}).set(ForwardCallIndicators{}).set(CallingPartysCategory{});
  iam.set(TransmissionMedium{medium}).set(CalledPartyNumber{.digits = "1000"});
  return iam;
}
/// Over the wire of the variant.
Message carried(const Message& message, Variant variant) {
  const auto octets = encode(to_variant(message, variant), variant);
  EXPECT_TRUE(octets) << to_string(octets.error());
  return from_variant(decode(octets.value(), variant).value(), variant);
}

TEST(Adapt,
     AnIamCrossesAnAnsiNetworkWithItsMedium) {  // T1.113: no transmission medium, user service information
  for (const auto medium : std::initializer_list<std::uint8_t>{0, 2, 3, 7, 8, 9, 10}) {
    const auto wire = to_variant(itu_iam(medium), Variant::ansi);
    EXPECT_EQ(wire.get<TransmissionMedium>(), nullptr);
    ASSERT_NE(wire.get<UserServiceInformation>(), nullptr);
    EXPECT_EQ(carried(itu_iam(medium), Variant::ansi).get<TransmissionMedium>()->value, medium);
  }
  EXPECT_EQ(carried(itu_iam(6), Variant::ansi).get<TransmissionMedium>()->value, 2);  // no fallback in ANSI
  EXPECT_EQ(to_variant(itu_iam(0), Variant::ansi).get<UserServiceInformation>()->bearer,
            (Octets{0x80, 0x90, 0xa2}));
  EXPECT_EQ(to_variant(itu_iam(99), Variant::ansi).get<UserServiceInformation>()->bearer,
            (Octets{0x90, 0x90, 0xa2}));
}

TEST(Adapt, UserServiceInformationOfTheCallerIsKept) {
  auto iam = itu_iam(2);
  iam.set(UserServiceInformation{{0x89, 0x90, 0x21, 0x8f}});
  const auto wire = to_variant(iam, Variant::ansi);
  EXPECT_EQ(wire.get<UserServiceInformation>()->bearer, (Octets{0x89, 0x90, 0x21, 0x8f}));
  EXPECT_EQ(from_variant(wire, Variant::ansi).get<TransmissionMedium>()->value, 2);
  iam.set(UserServiceInformation{{0x90}});  // too short to tell
  EXPECT_EQ(from_variant(to_variant(iam, Variant::ansi), Variant::ansi).get<TransmissionMedium>()->value, 3);
}

TEST(Adapt, ConIsAnAnmInAnsi) {
  const auto con = Message(MessageType::con).set(BackwardCallIndicators{.called_status = 1});
  const auto wire = to_variant(con, Variant::ansi);
  EXPECT_EQ(wire.type(), MessageType::anm);
  EXPECT_EQ(wire.get<BackwardCallIndicators>()->called_status, 1);
  EXPECT_EQ(to_variant(con, Variant::itu), con);
}

TEST(Adapt, TheCallersOwnNumberIsAGenericAddress) {
  auto iam = itu_iam();
  iam.set(GenericNumber{.digits = "5551234", .screening = Screening::user_failed});
  iam.set(GenericNumber{.qualifier = 5, .digits = "77"});
  const auto wire = to_variant(iam, Variant::ansi);
  EXPECT_EQ(wire.get<GenericNumber>(), nullptr);
  EXPECT_EQ(wire.get<GenericAddress>()->type, 2);
  const auto back = carried(iam, Variant::ansi);
  EXPECT_EQ(*back.get<GenericNumber>(),
            (GenericNumber{.digits = "5551234", .screening = Screening::user_failed}));
  EXPECT_EQ(back.find<GenericNumber>([](const auto& n) { return n.qualifier == 5; }), nullptr);
}

TEST(Adapt, ItuNetworksGetNothingThatIsAnsisAlone) {
  auto iam = itu_iam();
  iam.set(ChargeNumber{.digits = "1"}).set(OriginatingLineInformation{1}).set(GenericName{.name = "Ada"});
  iam.set(GenericAddress{.type = 1, .digits = "2"}).set(JurisdictionInformation{.digits = "202555"});
  iam.set(GenericAddress{.type = 3, .digits = "3"}).set(RawParameter{0xfe, {1}}).set(HopCounter{9});
  const auto wire = to_variant(iam, Variant::itu);
  auto expected = itu_iam();
  expected.set(GenericNumber{.digits = "3"}).set(RawParameter{0xfe, {1}}).set(HopCounter{9});
  EXPECT_EQ(wire, expected);
  EXPECT_EQ(name_of(to_variant(iam, Variant::etsi, {.names = true}), NameOf::calling), "Ada");
  EXPECT_EQ(name_of(to_variant(iam, Variant::ansi), NameOf::calling), "Ada");
}

TEST(Adapt, APortedNumberIsCalledByItsRoutingNumberInAnsi) {  // T1.113, Q.763 3.90
  auto iam = itu_iam();
  iam.set(CalledPartyNumber{.digits = "2025551234"}).set(NetworkRoutingNumber{.digits = "2025440000"});
  const auto wire = to_variant(iam, Variant::ansi);
  EXPECT_EQ(wire.get<NetworkRoutingNumber>(), nullptr);
  EXPECT_EQ(wire.get<CalledPartyNumber>()->digits, "2025440000");
  ASSERT_NE(wire.get<GenericAddress>(), nullptr);
  EXPECT_EQ(wire.get<GenericAddress>()->type, 0xc0);
  EXPECT_EQ(wire.get<GenericAddress>()->digits, "2025551234");
  const auto inside = carried(iam, Variant::ansi);
  // As it came, to the next such network.
  EXPECT_EQ(encode(to_variant(inside, Variant::ansi), Variant::ansi).value(),
            encode(wire, Variant::ansi).value());
  const auto back = to_variant(inside, Variant::itu);
  EXPECT_EQ(back.get<CalledPartyNumber>()->digits, "2025551234");
  ASSERT_NE(back.get<NetworkRoutingNumber>(), nullptr);
  EXPECT_EQ(back.get<NetworkRoutingNumber>()->digits, "2025440000");
  EXPECT_EQ(back.get<GenericAddress>(), nullptr);
  EXPECT_EQ(to_variant(iam, Variant::itu), iam);
}

TEST(Adapt, ACarrierIsIdentifiedWithinTheCountryAndSelectedBeyondIt) {  // T1.113
  auto iam = itu_iam();
  iam.set(TransitNetworkSelection{.digits = "0288"});
  const auto within = to_variant(iam, Variant::ansi);
  EXPECT_EQ(within.get<TransitNetworkSelection>(), nullptr);
  EXPECT_EQ(within.get<AnsiTransitNetworkSelection>(), nullptr);
  ASSERT_NE(within.get<CarrierIdentification>(), nullptr);
  EXPECT_EQ(*within.get<CarrierIdentification>(),
            (CarrierIdentification{.plan = 2, .digit_1 = 0, .digit_2 = 2, .digit_3 = 8, .digit_4 = 8}));
  EXPECT_EQ(to_variant(carried(iam, Variant::ansi), Variant::itu).get<TransitNetworkSelection>()->digits,
            "0288");
  iam.set(CalledPartyNumber{.digits = "442079460000", .nature = NatureOfAddress::international});
  iam.set(TransitNetworkSelection{.digits = "288"});
  const auto beyond = to_variant(iam, Variant::ansi);
  EXPECT_EQ(beyond.get<CarrierIdentification>(), nullptr);
  ASSERT_NE(beyond.get<AnsiTransitNetworkSelection>(), nullptr);
  EXPECT_EQ(beyond.get<AnsiTransitNetworkSelection>()->plan, 1);
  EXPECT_EQ(to_variant(carried(iam, Variant::ansi), Variant::itu).get<TransitNetworkSelection>()->digits,
            "288");
  for (const auto* odd : {"", "12", "12345", "12B4"}) {
    iam.set(TransitNetworkSelection{.digits = odd});
    const auto none = to_variant(iam, Variant::ansi);
    EXPECT_EQ(none.get<AnsiTransitNetworkSelection>(), nullptr) << odd;
    EXPECT_EQ(none.get<CarrierIdentification>(), nullptr) << odd;
  }
}

}  // namespace
}  // namespace tandem::isup
