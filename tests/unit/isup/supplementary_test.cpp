#include <gtest/gtest.h>

#include <set>

#include "isup/contents.h"
#include "isup/message.h"

namespace tandem::isup {
namespace {

TEST(Supplementary, RedirectionInformationIsWrittenWhereQ763PrintsItsLetters) {  // Q.763 3.45
  EXPECT_EQ(
      encode_fields(RedirectionInformation{.indicator = 4, .original_reason = 1, .counter = 5, .reason = 6}),
      (Octets{0x14, 0x65}));
  EXPECT_EQ(decode_fields<RedirectionInformation>(Octets{0x34, 0x21}).value(),
            (RedirectionInformation{.indicator = 4, .original_reason = 3, .counter = 1, .reason = 2}));
  // Issues before 1992 had one octet (Q.763 3.45): it stays alone until a member of the second is set.
  auto early = decode_fields<RedirectionInformation>(Octets{0x34}).value();
  EXPECT_EQ(early.original_reason, 3);
  EXPECT_EQ(encode_fields(early), Octets{0x34});
  early.counter = 2;
  EXPECT_EQ(encode_fields(early), (Octets{0x34, 0x02}));
  EXPECT_EQ(decode_fields<RedirectionInformation>(Octets{}).error().code, Errc::truncated);
}

TEST(Supplementary, NotificationsAndHopsLeaveTheirSpareBitsAlone) {
  EXPECT_EQ(encode_fields(GenericNotification{0x7a}), Octets{0xfa});  // the extension bit: the last octet
  EXPECT_EQ(decode_fields<GenericNotification>(Octets{0xf9}).value(), GenericNotification{0x79});
  EXPECT_EQ(encode_fields(decode_fields<GenericNotification>(Octets{0x79, 0x80}).value()),
            (Octets{0x79, 0x80}));
  EXPECT_EQ(encode_fields(HopCounter{31}), Octets{0x1f});
  EXPECT_EQ(decode_fields<HopCounter>(Octets{0xe7}).value().value, 7);
  EXPECT_EQ(encode_fields(RedirectionNumberRestriction{Presentation::restricted}), Octets{0x01});
}

template <class... P>
std::multiset<int> codes(const std::variant<P...>* /*any*/) {
  std::multiset<int> out;
  const auto one = [&]<class T>(const T* /*type*/) {
    if constexpr (requires { T::spec; }) out.insert(T::spec.code);
  };
  (one(static_cast<const P*>(nullptr)), ...);
  return out;
}
TEST(Supplementary, EachParameterHasACodeOfItsOwn) {  // Q.763 table 5
  const auto all = codes(static_cast<const Parameter*>(nullptr));
  // ANSI has another layout of these.
  for (const int code : all)
    EXPECT_EQ(all.count(code), code == 0x01 || code == 0x23 || code == 0xc0 ? 2u : 1u) << code;
  EXPECT_EQ(OriginalCalledNumber::spec.code, 0x28);
  EXPECT_EQ(RedirectingNumber::spec.code, 0x0b);
  EXPECT_EQ(RedirectionInformation::spec.code, 0x13);
  EXPECT_EQ(RedirectionNumber::spec.code, 0x0c);
  EXPECT_EQ(RedirectionNumberRestriction::spec.code, 0x40);
  EXPECT_EQ(GenericNotification::spec.code, 0x2c);
  EXPECT_EQ(UserToUserInformation::spec.code, 0x20);
  EXPECT_EQ(SubsequentNumber::spec.code, 0x05);
  EXPECT_EQ(HopCounter::spec.code, 0x3d);
  EXPECT_EQ(GenericNumber::spec.code, 0xc0);
}

TEST(Describe, ADivertedCallNamesWhoDivertedItAndWhy) {
  Message iam(MessageType::iam);
  iam.set(CalledPartyNumber{.digits = "1000"});
  iam.set(OriginalCalledNumber{.digits = "1001"});
  iam.set(RedirectingNumber{.digits = "442079460000",
                            .nature = NatureOfAddress::international,
                            .presentation = Presentation::restricted});
  iam.set(RedirectionInformation{.indicator = 4, .original_reason = 1, .counter = 2, .reason = 2});
  EXPECT_EQ(describe(iam),
            "IAM 1000 first called 1001, diverted by +442079460000 (restricted), call diverted, redirections "
            "restricted, first on busy, twice, on no reply");
  EXPECT_EQ(describe(Message(MessageType::cpg)
                         .set(EventInformation{6})
                         .set(RedirectionNumber{.digits = "1002"})
                         .set(RedirectionNumberRestriction{Presentation::restricted})),
            "CPG call forwarded unconditional, diverted to 1002, redirection number restricted");
}

TEST(Describe, OtherSupplementaryParametersAreNamed) {
  EXPECT_EQ(describe(Message(MessageType::cpg).set(EventInformation{2}).set(GenericNotification{0x79})),
            "CPG progress, remote hold");
  EXPECT_EQ(describe(Message(MessageType::sam).set(SubsequentNumber{"12F"})), "SAM 12F");
  EXPECT_EQ(describe(Message(MessageType::rel)
                         .set(CauseIndicators{16, Location::user})
                         .set(UserToUserInformation{.octets = {0x41, 0x42}})),
            "REL cause 16 normal call clearing (user), user-user 04 4142");
  EXPECT_EQ(describe(Message(MessageType::iam)
                         .set(CalledPartyNumber{.digits = "1"})
                         .set(HopCounter{7})
                         .set(GenericNumber{.qualifier = 6, .digits = "22"})),
            "IAM 1 hops left 7, number of kind 6 22");
}

}  // namespace
}  // namespace tandem::isup
