#include "tdm/pri/q931.h"

#include <gtest/gtest.h>

#include <random>

namespace tandem::tdm::pri {
namespace {

Octets hex(std::string_view text) {
  return from_hex(text).value();
}

// An I frame with a SETUP as libpri sends it: bearer, channel, calling and called number, sending complete.
constexpr std::string_view kSetup =
    "0001 0002 08 02 0005 05 04 03 8090a3 18 03 a18383 28 03 416461 6c 05 21a3323031 70 05 8131303030 a1";

std::string value(const std::vector<Explained>& lines, std::string_view name) {
  for (const auto& line : lines) {
    if (line.name == name) return line.value;
  }
  return "(absent)";
}

TEST(Q931, SummarizesFramesForTheLadder) {
  EXPECT_EQ(summarize(hex(kSetup)), "SETUP cr=5 201 -> 1000 ch 3");
  EXPECT_EQ(summarize(hex("02017f")), "SABME");
  EXPECT_EQ(summarize(hex("000173")), "UA");
  EXPECT_EQ(summarize(hex("02010102")), "RR");
  EXPECT_EQ(summarize(hex("0001 0202 08 02 8005 45 08 02 8191")), "DISCONNECT cr=5 cause 17");
  EXPECT_EQ(summarize(hex("0001 0202 08 02 8005 03 1e 02 8188")), "PROGRESS cr=5 PI 8");
  EXPECT_EQ(summarize(hex("0001 0202 08 02 0000 46 18 03 a98387 79 01 80")), "RESTART cr=0 ch 7");
  EXPECT_EQ(summarize(hex("0001 0202 08 02 8005 01 1e 09 81")), "ALERTING cr=5 (malformed)");
  EXPECT_EQ(summarize(hex("00")), "malformed frame");
  EXPECT_EQ(summarize(hex("0001 0202")), "I, malformed message");
}

TEST(Q931, ExplainsASetupElementByElement) {
  const auto lines = decode_q931(hex(kSetup));
  ASSERT_TRUE(lines);
  EXPECT_EQ(value(*lines, "frame"), "I");
  EXPECT_EQ(value(*lines, "N(R)"), "1");
  EXPECT_EQ(value(*lines, "message"), "SETUP");
  EXPECT_EQ(value(*lines, "call reference"), "5, from the side that made it");
  EXPECT_EQ(value(*lines, "bearer capability"), "speech, circuit mode 64 kbit/s, G.711 A-law");
  EXPECT_EQ(value(*lines, "channel identification"), "timeslot 3, preferred");
  EXPECT_EQ(value(*lines, "display"), "\"Ada\"");
  EXPECT_EQ(value(*lines, "calling party number"),
            "201, national, E.164, presentation restricted, network provided");
  EXPECT_EQ(value(*lines, "called party number"), "1000, unknown, E.164");
  EXPECT_EQ(value(*lines, "sending complete"), "yes");
}

TEST(Q931, ExplainsAMessageWithoutItsFrame) {
  const auto lines = decode_q931(hex("08 02 8005 45 08 02 8291 1e 02 8488 1c 03 9fa101 95 2a 01 55"));
  ASSERT_TRUE(lines);
  EXPECT_EQ(value(*lines, "frame"), "(absent)");
  EXPECT_EQ(value(*lines, "call reference"), "5, to the side that made it");
  EXPECT_EQ(value(*lines, "cause"), "17 user busy, public network serving the local user");
  EXPECT_EQ(value(*lines, "progress indicator"),
            "8 in-band information available, public network serving the remote user");
  EXPECT_EQ(value(*lines, "facility"), "0x9fa101");
  EXPECT_EQ(value(*lines, "locking shift"), "codeset 5");
  EXPECT_EQ(value(*lines, "element 0x2a of codeset 5"), "0x55");
}

TEST(Q931, ExplainsSupplementaryServices) {
  const auto lines = decode_q931(
      hex("08 02 0005 05 1c 13 91 a110 020101 020122 3008 a106 3004 02020100 2c 04 2a323123 6d 05 8050313233"
          "71 03 a84142 74 08 2100828132303032 7e 04 04686921"));
  ASSERT_TRUE(lines);
  EXPECT_EQ(value(*lines, "facility"),
            "invoke 1, operation 34 AOCDChargingUnit (0x91a1100201010201223008a106300402020100)");
  EXPECT_EQ(value(*lines, "keypad facility"), "\"*21#\"");
  EXPECT_EQ(value(*lines, "calling party subaddress"), "NSAP, \"P123\"");
  EXPECT_EQ(value(*lines, "called party subaddress"), "user specified, \"AB\"");
  EXPECT_EQ(value(*lines, "redirecting number"),
            "2002, national, E.164, presentation allowed, user provided, not screened, no reply");
  EXPECT_EQ(value(*lines, "user-user"), "protocol 0x04, \"hi!\"");
}

TEST(Q931, NamesMaintenanceMessagesByTheirDiscriminator) {
  EXPECT_EQ(summarize(hex("0001 0000 03 02 0000 0f 01 01 c2 18 03 a98385")),
            "SERVICE cr=0, out of service ch 5");
  EXPECT_EQ(summarize(hex("0001 0000 43 02 0000 07 01 01 c0 18 03 a98385")), "SERVICE cr=0, in service ch 5");
  EXPECT_EQ(summarize(hex("0001 0000 43 02 8000 0f 01 01 c0 18 03 a98385")),
            "SERVICE ACKNOWLEDGE cr=0, in service ch 5");
  EXPECT_EQ(summarize(hex("0001 0000 08 02 8005 6e 27 01 f9")), "NOTIFY cr=5, remote hold");
  EXPECT_EQ(summarize(hex("0001 0000 08 02 0005 7b 2c 02 2a31")), "INFORMATION cr=5 keypad *1");
  EXPECT_EQ(summarize(hex("0001 0000 08 02 0005 7b 70 03 803233")), "INFORMATION cr=5 -> 23");
}

TEST(Q931, SaysAtWhichOctetAMalformedOneBreaks) {
  const auto offset_of = [](std::string_view text) -> std::uint32_t {
    const auto lines = decode_q931(hex(text));
    return lines ? 9999 : lines.error().offset;
  };
  EXPECT_EQ(offset_of("08 02 8005 45 08 05 8291"), 6U);             // length beyond the end
  EXPECT_EQ(offset_of("0001 0202 08 02 8005 45 08 05 8291"), 10U);  // the same within a frame
  EXPECT_EQ(offset_of("08 02 8005 45 08"), 5U);                     // no length
  EXPECT_EQ(offset_of("08 05 8005 45"), 1U);                        // call reference too long
  EXPECT_EQ(offset_of("08 02 80"), 3U);
  EXPECT_EQ(offset_of("01 01 7f"), 0U);  // address extension bit
  EXPECT_EQ(offset_of("00 00 7f"), 1U);
  EXPECT_EQ(offset_of("0001 01"), 3U);  // RR of three octets
  EXPECT_EQ(decode_q931({}).error().code, Errc::truncated);
}

TEST(Q931, ReadsChannelsInAllTheirForms) {
  EXPECT_EQ(read_channel(hex("a98391")), (Channel{17, true}));
  EXPECT_EQ(read_channel(hex("a18381")), (Channel{1, false}));
  EXPECT_EQ(read_channel(hex("e981 8382")), (Channel{2, true}));  // with an interface identifier
  EXPECT_EQ(read_channel(hex("a3")), (Channel{0, false}));        // any
  EXPECT_FALSE(read_channel(hex("81")));                          // of a basic access
  EXPECT_FALSE(read_channel(hex("a993ff")));                      // slot map
  EXPECT_FALSE(read_channel(hex("a9")));
  EXPECT_FALSE(read_channel({}));
}

TEST(Q931, ReadsCausesWithAndWithoutRecommendation) {
  EXPECT_EQ(read_cause(hex("8290")), (Cause{16, Location::public_local}));
  EXPECT_EQ(read_cause(hex("0a809f")), (Cause{31, Location::beyond_interworking}));
  EXPECT_FALSE(read_cause(hex("0a80")));
  EXPECT_FALSE(read_cause(hex("82")));
}

TEST(Q931, ReadsNumbersAndDropsWhatIsNoDigit) {
  const auto number = read_number(hex("1181 2b31 0a 32"));
  ASSERT_TRUE(number);
  EXPECT_EQ(number->digits, "+12");
  EXPECT_EQ(number->type, TypeOfNumber::international);
  EXPECT_FALSE(read_number(hex("2103 3132")));  // octet 3a never ends
  EXPECT_FALSE(read_number({}));
}

TEST(Q931, TakesAnyOctetsWithoutHarm) {
  std::mt19937 random(1);
  for (int i = 0; i < 20'000; ++i) {
    Octets octets(random() % 40);
    for (auto& octet : octets) octet = static_cast<Octet>(random());
    if (octets.size() > 2 && i % 2 == 0) octets[0] = kQ931, octets[1] = 2;
    (void)summarize(octets);
    if (auto lines = decode_q931(octets); !lines) {
      EXPECT_LE(lines.error().offset, octets.size());
    }
  }
}

}  // namespace
}  // namespace tandem::tdm::pri
