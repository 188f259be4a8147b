#include "isup/message.h"

#include <gtest/gtest.h>

#include "isup/contents.h"

namespace tandem::isup {
namespace {

TEST(MessageType, EveryTypeHasItsAcronym) {  // Q.763 table 4
  const std::pair<int, const char*> expected[] = {{0x01, "IAM"}, {0x02, "SAM"}, {0x05, "COT"}, {0x06, "ACM"},
                                                  {0x07, "CON"}, {0x09, "ANM"}, {0x0c, "REL"}, {0x0d, "SUS"},
                                                  {0x0e, "RES"}, {0x10, "RLC"}, {0x2c, "CPG"}};
  for (const auto& [code, name] : expected) EXPECT_EQ(to_string(static_cast<MessageType>(code)), name);
  EXPECT_EQ(to_string(static_cast<MessageType>(0xff)), "?");
}

TEST(Message, HoldsEachParameterOnceAndKeepsTheirOrder) {
  Message m(MessageType::acm);
  m.set(BackwardCallIndicators{}).set(OptionalBackwardCallIndicators{.inband = true});
  m.set(BackwardCallIndicators{.called_status = 1});
  ASSERT_EQ(m.parameters().size(), 2u);
  EXPECT_TRUE(std::holds_alternative<BackwardCallIndicators>(m.parameters()[0]));
  EXPECT_EQ(m.get<BackwardCallIndicators>()->called_status, 1);
  EXPECT_EQ(m.get<CauseIndicators>(), nullptr);
}

TEST(Message, KeepsUndeclaredParametersOfDifferentCodes) {
  Message m(MessageType::iam);
  m.set(RawParameter{0xc0, {1}}).set(RawParameter{0x3d, {2}}).set(RawParameter{0xc0, {3}});
  ASSERT_EQ(m.parameters().size(), 2u);
  EXPECT_EQ(std::get<RawParameter>(m.parameters()[0]), (RawParameter{0xc0, {3}}));
  EXPECT_EQ(std::get<RawParameter>(m.parameters()[1]), (RawParameter{0x3d, {2}}));
}

TEST(Describe, IamReadsCalledFromCallingWithMedium) {
  Message m(MessageType::iam);
  m.set(NatureOfConnection{}).set(ForwardCallIndicators{}).set(CallingPartysCategory{});
  m.set(TransmissionMedium{0});
  m.set(CallingPartyNumber{.digits = "201"}).set(CalledPartyNumber{.digits = "1000"});
  EXPECT_EQ(describe(m), "IAM 1000 <- 201 speech");
  m.set(CallingPartyNumber{.digits = "442079460000",
                           .nature = NatureOfAddress::international,
                           .presentation = Presentation::restricted});
  m.set(ForwardCallIndicators{.interworking = true, .isup_all_the_way = false});
  m.set(GenericName{"Ada"});
  EXPECT_EQ(describe(m),
            "IAM 1000 <- +442079460000 (restricted) interworking encountered, ISUP not used all the way, "
            "speech, \"Ada\"");
}

TEST(Describe, IamWithoutACallerNamesOnlyTheCalled) {
  Message m(MessageType::iam);
  m.set(CalledPartyNumber{}).set(TransmissionMedium{2});
  EXPECT_EQ(describe(m), "IAM (no number) 64 kbit/s unrestricted");
}

TEST(Describe, BackwardMessagesNameStatusAndEvent) {
  EXPECT_EQ(describe(Message(MessageType::acm).set(BackwardCallIndicators{})), "ACM no indication");
  EXPECT_EQ(describe(Message(MessageType::acm)
                         .set(BackwardCallIndicators{.called_status = 1, .interworking = true})
                         .set(OptionalBackwardCallIndicators{.inband = true})),
            "ACM subscriber free, interworking encountered, in-band information");
  EXPECT_EQ(describe(Message(MessageType::cpg).set(EventInformation{2})), "CPG progress");
  EXPECT_EQ(describe(Message(MessageType::cpg).set(EventInformation{6})), "CPG call forwarded unconditional");
  EXPECT_EQ(
      describe(Message(MessageType::anm)
                   .set(ConnectedNumber{.digits = "1000", .presentation = Presentation::not_available})),
      "ANM connected 1000 (not available)");
  EXPECT_EQ(describe(Message(MessageType::sus).set(SuspendResume{.network = true})), "SUS by the network");
}

TEST(Describe, RelNamesCauseAndLocation) {
  EXPECT_EQ(describe(Message(MessageType::rel).set(CauseIndicators{17, Location::user})),
            "REL cause 17 user busy (user)");
  EXPECT_EQ(describe(Message(MessageType::rel).set(CauseIndicators{200, static_cast<Location>(15)})),
            "REL cause 200 unassigned (spare)");
}

TEST(Describe, CutsWhatIsLong) {
  Message m(MessageType::iam);
  m.set(CalledPartyNumber{.digits = std::string(100000, '1')}).set(GenericName{std::string(100000, 'x')});
  m.set(AccessTransport{Octets(100000, 0xab)}).set(RawParameter{0x39, Octets(100000, 0xcd)});
  EXPECT_LT(describe(m).size(), 400u);
}

TEST(Describe, WritesOpaqueContentsInHex) {
  EXPECT_EQ(describe(Message(MessageType::acm).set(AccessTransport{{0x1e, 0x02, 0x84, 0x88}})),
            "ACM access transport 1e028488");
  EXPECT_EQ(describe(Message(MessageType::iam).set(RawParameter{0xc0, {1}}).set(CalledPartyNumber{"5"})),
            "IAM 5 parameter c0 01");
}

// --- fields ---------------------------------------------------------------------------------------------
template <BitFields P>
Octets encoded(const P& p) {
  return encode_fields(p);
}

TEST(Fields, AreWrittenWhereQ763PrintsTheirLetters) {
  EXPECT_EQ(encoded(NatureOfConnection{.satellites = 1, .continuity = 2, .echo_device = true}), Octets{0x19});
  // The defaults of RFC 3398 7.2.1.1 and 8.2.3: 60 00, 16 04 and 12 04.
  EXPECT_EQ(encoded(ForwardCallIndicators{}), (Octets{0x60, 0x00}));
  EXPECT_EQ(encoded(BackwardCallIndicators{.called_status = 1}), (Octets{0x16, 0x04}));
  EXPECT_EQ(encoded(BackwardCallIndicators{.called_status = 0}), (Octets{0x12, 0x04}));
  EXPECT_EQ(encoded(ForwardCallIndicators{.international = true,
                                          .interworking = true,
                                          .isup_all_the_way = false,
                                          .isup_preference = 2,
                                          .isdn_access = true}),
            (Octets{0x89, 0x01}));
  EXPECT_EQ(encoded(BackwardCallIndicators{.charge = 1,
                                           .called_status = 2,
                                           .called_category = 2,
                                           .interworking = true,
                                           .isup_all_the_way = false,
                                           .isdn_access = true,
                                           .echo_device = true}),
            (Octets{0x29, 0x31}));
  EXPECT_EQ(encoded(OptionalBackwardCallIndicators{.inband = true}), Octets{0x01});
  EXPECT_EQ(encoded(OptionalBackwardCallIndicators{.call_diversion = true}), Octets{0x02});
  EXPECT_EQ(encoded(CallingPartysCategory{}), Octets{0x0a});
  EXPECT_EQ(encoded(TransmissionMedium{}), Octets{0x03});
  EXPECT_EQ(encoded(SuspendResume{.network = true}), Octets{0x01});
}

TEST(Fields, EventInformationLeavesThePresentationBitAlone) {  // Q.763 3.21: bit H
  EXPECT_EQ(decode_fields<EventInformation>(Octets{0x81}).value(),
            (EventInformation{.event = 1, .restricted = true}));
  EXPECT_EQ(encoded(EventInformation{0xff}), Octets{0x7f});
}

template <class P>
void every_coding_survives() {
  const unsigned codings = P::spec.octets == 1 ? 0x100 : 0x10000;
  for (unsigned word = 0; word < codings; ++word) {
    const Octets octets{static_cast<Octet>(word), static_cast<Octet>(word >> 8)};
    const auto value = decode_fields<P>(octets).value();
    ASSERT_EQ(encode_fields(value), octets) << P::spec.name << ' ' << word;
    ASSERT_EQ(decode_fields<P>(encode_fields(value)).value(), value) << P::spec.name << ' ' << word;
  }
}

TEST(Fields, EveryValueComesBackAsItWas) {
  every_coding_survives<NatureOfConnection>();
  every_coding_survives<ForwardCallIndicators>();
  every_coding_survives<CallingPartysCategory>();
  every_coding_survives<TransmissionMedium>();
  every_coding_survives<BackwardCallIndicators>();
  every_coding_survives<OptionalBackwardCallIndicators>();
  every_coding_survives<EventInformation>();
  every_coding_survives<SuspendResume>();
}

TEST(Fields, ShortContentsAreAnErrorAndLongOnesAreNot) {
  const auto error = decode_fields<ForwardCallIndicators>(Octets{0x60}).error();
  EXPECT_EQ(error.code, Errc::truncated);
  EXPECT_EQ(error.offset, 1u);
  EXPECT_EQ(error.where, "ForwardCallIndicators");
  EXPECT_EQ(decode_fields<ForwardCallIndicators>(Octets{0x60, 0x01, 0xff}).value().isdn_access, true);
}

struct Overlapping {
  std::uint8_t a = 0, b = 0;
  static constexpr ParamSpec spec{.code = 0, .name = "x", .octets = 1, .ref = ""};
  static consteval auto fields() {
    return std::tuple{Field{&Overlapping::a, bits("BA"), "a", names::kMedium},
                      Field{&Overlapping::b, bits("CB"), "b", names::kMedium}};
  }
};
struct Outside {
  std::uint8_t a = 0;
  static constexpr ParamSpec spec{.code = 0, .name = "x", .octets = 1, .ref = ""};
  static consteval auto fields() { return std::tuple{Field{&Outside::a, bits("IH"), "a", names::kMedium}}; }
};
static_assert(!fields_disjoint<Overlapping>());
static_assert(!fields_disjoint<Outside>());

TEST(Spec, CodesAreThoseOfQ763Table5) {
  EXPECT_EQ(TransmissionMedium::spec.code, 0x02);
  EXPECT_EQ(AccessTransport::spec.code, 0x03);
  EXPECT_EQ(CalledPartyNumber::spec.code, 0x04);
  EXPECT_EQ(NatureOfConnection::spec.code, 0x06);
  EXPECT_EQ(ForwardCallIndicators::spec.code, 0x07);
  EXPECT_EQ(CallingPartysCategory::spec.code, 0x09);
  EXPECT_EQ(CallingPartyNumber::spec.code, 0x0a);
  EXPECT_EQ(BackwardCallIndicators::spec.code, 0x11);
  EXPECT_EQ(CauseIndicators::spec.code, 0x12);
  EXPECT_EQ(UserServiceInformation::spec.code, 0x1d);
  EXPECT_EQ(ConnectedNumber::spec.code, 0x21);
  EXPECT_EQ(SuspendResume::spec.code, 0x22);
  EXPECT_EQ(EventInformation::spec.code, 0x24);
  EXPECT_EQ(OptionalBackwardCallIndicators::spec.code, 0x29);
  EXPECT_EQ(GenericName::spec.code, 0xc7);
}

}  // namespace
}  // namespace tandem::isup
