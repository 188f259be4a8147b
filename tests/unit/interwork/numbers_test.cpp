#include "gateway/interwork/numbers.h"

#include <gtest/gtest.h>

#include "gateway/interwork/q931_codes.h"

namespace tandem::interwork {
namespace {

using isup::NatureOfAddress;

const NumberPlan kBritain{"44"};
const NumberPlan kNowhere{};

sip::Uri sip_uri(std::string user) {
  sip::Uri uri;
  uri.user = std::move(user);
  uri.host = "gw.example.com";
  return uri;
}
sip::Uri tel_uri(std::string number, sip::Params params = {}) {
  sip::Uri uri;
  uri.scheme = "tel";
  uri.user = std::move(number);
  uri.params = std::move(params);
  return uri;
}

struct Accepted {
  const char* user;
  const char* country;
  const char* digits;
  NatureOfAddress nature;
};
const Accepted kAccepted[] = {
    {"+442079460000", "44", "2079460000", NatureOfAddress::national},
    {"+442079460000", "", "442079460000", NatureOfAddress::international},
    {"+442079460000", "1", "442079460000", NatureOfAddress::international},
    {"+12025550110", "44", "12025550110", NatureOfAddress::international},
    {"+12025550110", "1", "2025550110", NatureOfAddress::national},
    {"+44-20-7946.0000", "44", "2079460000", NatureOfAddress::national},
    {"+1(202)555-0110", "44", "12025550110", NatureOfAddress::international},
    {"1000", "44", "1000", NatureOfAddress::unknown},
    {"442079460000", "44", "442079460000", NatureOfAddress::unknown},
    {"(020)7946-0000", "44", "02079460000", NatureOfAddress::unknown},
    {"0", "", "0", NatureOfAddress::unknown},
    {"+4", "44", "4", NatureOfAddress::international},
    {"*67#", "44", "B67C", NatureOfAddress::unknown},
    {"1000;postd=22", "44", "1000", NatureOfAddress::unknown},
    {"+442079460000;npdi;rn=1", "44", "2079460000", NatureOfAddress::national},
    {"1234;phone-context=+44", "44", "1234", NatureOfAddress::unknown},
    {"1234;Phone-Context=+44-20", "44", "1234", NatureOfAddress::unknown},
    {"1234;x=1;phone-context=pbx.example.com;y", "44", "1234", NatureOfAddress::unknown},
    {"1234;phone-context=+33", "", "1234", NatureOfAddress::unknown},
    {"1111111111222222222233333333334", "", "1111111111222222222233333333334", NatureOfAddress::unknown},
};

TEST(CalledFromUri, ReadsEveryFormOfATelephoneNumber) {
  for (const auto& row : kAccepted) {
    for (const char* scheme : {"sip", "sips", "tel", "SIP"}) {
      auto uri = sip_uri(row.user);
      uri.scheme = scheme;
      const auto called = called_from_uri(uri, {row.country});
      ASSERT_TRUE(called) << row.user;
      EXPECT_EQ(called->digits, row.digits) << row.user;
      EXPECT_EQ(called->nature, row.nature) << row.user;
      EXPECT_EQ(called->plan, isup::NumberingPlan::isdn);
      EXPECT_TRUE(called->internal_not_allowed);
    }
  }
}

struct Refused {
  const char* user;
  Errc code;
  unsigned offset;
};
const Refused kRefused[] = {
    {"", Errc::missing, 0},
    {"alice", Errc::missing, 0},
    {"anonymous", Errc::missing, 0},
    {"1000a", Errc::missing, 4},
    {"cafe", Errc::missing, 0},
    {"10 00", Errc::missing, 2},
    {"1+2", Errc::missing, 1},
    {"++44", Errc::missing, 1},
    {"+44*1", Errc::missing, 3},
    {"+44#", Errc::missing, 3},
    {"\xd9\xa1", Errc::missing, 0},
    {";phone-context=+44", Errc::missing, 0},
    {"+", Errc::malformed, 1},
    {"+-()", Errc::malformed, 1},
    {"--", Errc::malformed, 0},
    {"+44", Errc::malformed, 3},
    {"+4-4", Errc::malformed, 4},
    {"+;x", Errc::malformed, 1},
    {"1111111111222222222233333333334444444444", Errc::too_long, 31},
    {"+1111111111222222222233333333334444444444", Errc::too_long, 32},
    {"1234;phone-context=+33", Errc::unsupported, 4},
    {"1234;phone-context=+", Errc::unsupported, 4},
    {"1234;phone-context=+4a", Errc::unsupported, 4},
};

TEST(CalledFromUri, TellsWhyAndWhereItIsNotANumber) {
  for (const auto& row : kRefused) {
    const auto called = read_called(sip_uri(row.user), kBritain);
    ASSERT_FALSE(called) << row.user;
    EXPECT_EQ(called.error().code, row.code) << row.user;
    EXPECT_EQ(called.error().offset, row.offset) << row.user;
    EXPECT_FALSE(called_from_uri(sip_uri(row.user), kBritain));
    EXPECT_FALSE(calling_from_uri(sip_uri(row.user), kBritain));
  }
}

TEST(CalledFromUri, ReadsThePhoneContextOfATelUri) {
  EXPECT_TRUE(called_from_uri(tel_uri("863-1234", {{"phone-context", "+44-20"}}), kBritain));
  EXPECT_TRUE(called_from_uri(tel_uri("7042", {{"phone-context", "example.com"}}), kBritain));
  EXPECT_EQ(read_called(tel_uri("863-1234", {{"PHONE-CONTEXT", "+1-914-555"}}), kBritain).error().code,
            Errc::unsupported);
  EXPECT_TRUE(called_from_uri(tel_uri("7042", {{"phone-context", std::nullopt}, {"x", "+1"}}), kBritain));
}

TEST(CalledFromUri, IsNotReadFromOtherSchemes) {
  auto uri = sip_uri("1000");
  uri.scheme = "mailto";
  EXPECT_EQ(read_called(uri, kBritain).error().code, Errc::missing);
}

TEST(CalledFromUri, IgnoresPasswordHeadersAndParameters) {
  auto uri = sip_uri("1000");
  uri.password = "secret";
  uri.headers = "Subject=x";
  uri.params = {{"transport", "tcp"}, {"user", "ip"}};
  EXPECT_EQ(called_from_uri(uri, kBritain)->digits, "1000");
}

TEST(CalledFromUri, StaysBoundedOnAHugeUserPart) {
  EXPECT_EQ(read_called(sip_uri(std::string(1000000, '1')), kBritain).error().code, Errc::too_long);
  EXPECT_EQ(read_called(sip_uri(std::string(1000000, '-')), kBritain).error().code, Errc::malformed);
  EXPECT_TRUE(called_from_uri(sip_uri("1" + std::string(1000000, ';')), kBritain));
}

TEST(CallingFromUri, IsAllowedAndNetworkProvided) {  // RFC 3398 12.2
  const auto calling = calling_from_uri(sip_uri("+442079460000"), kBritain);
  ASSERT_TRUE(calling);
  EXPECT_EQ(*calling, (isup::CallingPartyNumber{.digits = "2079460000",
                                                .nature = NatureOfAddress::national,
                                                .plan = isup::NumberingPlan::isdn,
                                                .incomplete = false,
                                                .presentation = isup::Presentation::allowed,
                                                .screening = isup::Screening::network}));
}

TEST(UserFromNumber, HasAPlusWhereAnE164NumberCanBeMade) {
  EXPECT_EQ(user_from_number("12025550110", NatureOfAddress::international, kBritain), "+12025550110");
  EXPECT_EQ(user_from_number("12025550110", NatureOfAddress::international, kNowhere), "+12025550110");
  EXPECT_EQ(user_from_number("2079460000", NatureOfAddress::national, kBritain), "+442079460000");
}

TEST(UserFromNumber, IsTheDigitsWhereItCannot) {
  EXPECT_EQ(user_from_number("2079460000", NatureOfAddress::national, kNowhere), "2079460000");
  for (const auto nature :
       {NatureOfAddress::subscriber, NatureOfAddress::unknown, NatureOfAddress::network_specific})
    EXPECT_EQ(user_from_number("1000", nature, kBritain), "1000");
  EXPECT_EQ(user_from_number("B67C", NatureOfAddress::national, kBritain), "*67#");
  EXPECT_EQ(user_from_number("", NatureOfAddress::international, kBritain), "");
}

TEST(UserFromNumber, LeavesOutTheEndOfPulsingSignal) {
  EXPECT_EQ(user_from_number("1000F", NatureOfAddress::unknown, kBritain), "1000");
  EXPECT_EQ(user_from_number("2079460000F", NatureOfAddress::national, kBritain), "+442079460000");
  EXPECT_EQ(user_from_number("F", NatureOfAddress::international, kBritain), "");
}

TEST(UserFromNumber, IsReadBackAsTheSameNumber) {
  for (const auto& row : kAccepted) {
    const NumberPlan plan{row.country};
    const auto called = called_from_uri(sip_uri(user_from_number(row.digits, row.nature, plan)), plan);
    ASSERT_TRUE(called) << row.user;
    EXPECT_EQ(called->digits, row.digits);
    EXPECT_EQ(called->nature, row.nature);
  }
}

// --- Q.931 codes ------------------------------------------------------------------------------------------
TEST(TypeOfNumber, IsTranslatedNotCopied) {  // Q.931 table 4-9, Q.763 3.9
  const std::pair<int, int> expected[] = {{0, 2}, {1, 4}, {2, 3}, {3, 5}, {4, 1}};
  for (const auto& [type, nature] : expected) {
    EXPECT_EQ(static_cast<int>(q931::nature_from_type(static_cast<tdm::pri::TypeOfNumber>(type))), nature);
    EXPECT_EQ(static_cast<int>(q931::type_from_nature(static_cast<NatureOfAddress>(nature))), type);
  }
  EXPECT_EQ(q931::nature_from_type(tdm::pri::TypeOfNumber::abbreviated), NatureOfAddress::unknown);
  EXPECT_EQ(q931::nature_from_type(static_cast<tdm::pri::TypeOfNumber>(7)), NatureOfAddress::unknown);
  EXPECT_EQ(q931::type_from_nature(static_cast<NatureOfAddress>(0x7f)), tdm::pri::TypeOfNumber::unknown);
}

TEST(NumberingPlan, IsTranslatedNotCopied) {
  const std::pair<int, int> expected[] = {{0, 0}, {1, 1}, {3, 3}, {4, 4}, {9, 5}};
  for (const auto& [pri, isup] : expected) {
    EXPECT_EQ(static_cast<int>(q931::plan_from_q931(static_cast<tdm::pri::NumberingPlan>(pri))), isup);
    EXPECT_EQ(static_cast<int>(q931::plan_from_isup(static_cast<isup::NumberingPlan>(isup))), pri);
  }
  EXPECT_EQ(q931::plan_from_q931(tdm::pri::NumberingPlan::national), isup::NumberingPlan::unknown);
  EXPECT_EQ(q931::plan_from_isup(static_cast<isup::NumberingPlan>(6)), tdm::pri::NumberingPlan::unknown);
}

TEST(Signals, AreDigitsStarAndHashOrNothing) {
  EXPECT_EQ(q931::signals_from_digits("0123456789*#"), "0123456789BC");
  EXPECT_EQ(q931::digits_from_signals("0123456789BCF99"), "0123456789*#");
  EXPECT_EQ(q931::signals_from_digits("12x4"), "");
  EXPECT_EQ(q931::signals_from_digits("B"), "");
  EXPECT_EQ(q931::signals_from_digits(std::string(31, '1')), std::string(31, '1'));
  EXPECT_EQ(q931::signals_from_digits(std::string(32, '1')), "");
}

using tdm::pri::Progress;
using tdm::pri::ProgressDescription;

TEST(ProgressElements, AreWrittenAsQ931SaysAndReadBack) {
  const std::vector<Progress> progress{{ProgressDescription::inband, tdm::pri::Location::public_local},
                                       {ProgressDescription::not_end_to_end, tdm::pri::Location::user}};
  EXPECT_EQ(q931::write_progress(progress), (Octets{0x1e, 2, 0x82, 0x88, 0x1e, 2, 0x80, 0x81}));
  EXPECT_EQ(q931::read_progress(q931::write_progress(progress)), progress);
}

TEST(ProgressElements, AreFoundAmongOthersAndTruncationEndsTheSearch) {
  // Sending complete (one octet), called sub-address, PI of a national coding, PI, and one that is cut off.
  const Octets elements{0xa1, 0x71, 2, 0x80, 0x50, 0x1e, 2, 0xe2, 0x88, 0x1e, 2, 0x84, 0x82, 0x1e, 2, 0x80};
  EXPECT_EQ(q931::read_progress(elements), (std::vector<Progress>{{ProgressDescription::destination_non_isdn,
                                                                   tdm::pri::Location::public_remote}}));
  EXPECT_TRUE(q931::read_progress(Octets{}).empty());
  EXPECT_TRUE(q931::read_progress(Octets{0x1e}).empty());
  EXPECT_TRUE(q931::read_progress(Octets{0x1e, 1, 0x80}).empty());
}

TEST(ProgressElements, AreLimitedInNumber) {
  const std::vector<Progress> many(1000);
  EXPECT_EQ(q931::write_progress(many).size(), 32u);
  Octets elements;
  for (int i = 0; i < 1000; ++i) elements.insert(elements.end(), {0x1e, 2, 0x80, 0x88});
  EXPECT_EQ(q931::read_progress(elements).size(), 8u);
}

}  // namespace
}  // namespace tandem::interwork
