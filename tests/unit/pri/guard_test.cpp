// What a hostile or broken far end sends, and what becomes of it.
#include "tdm/pri/guard.h"

#include <gtest/gtest.h>

#include "tdm/pri/d_channel.h"
#include "tdm/pri/q931_elements.h"
#include "tests/doubles/pri_pair.h"

namespace tandem::tdm::pri {
namespace {

using doubles::PriPair;
using namespace std::chrono_literals;

Octets hex(std::string_view text) {
  return from_hex(text).value();
}

constexpr std::string_view kHead = "0001 0000 ";

Screened screened(std::string_view message, WireReference known = 0xFFFF, bool maintenance = false) {
  return screen(
      hex(std::string(kHead) + std::string(message)),
      [=](WireReference reference) { return reference == known; }, maintenance);
}

std::string passed(std::string_view message, WireReference known = 0xFFFF, bool maintenance = false) {
  const auto frame = screened(message, known, maintenance).frame;
  return frame.size() < 4 ? "" : to_hex(OctetView(frame).subspan(4));
}
const std::string kPassedOver = "ff0000";

TEST(PriGuard, PassesAWholeSetupAsItIs) {
  const std::string setup = "08020005050403809 0a31803a183831e0281836c0521a33230317005813130 3030a1";
  std::string bare;
  for (const char c : setup) {
    if (c != ' ') bare.push_back(c);
  }
  EXPECT_EQ(passed(setup), bare);
  EXPECT_TRUE(screened(setup).complaint.empty());
  EXPECT_TRUE(screened(setup).received);
}

TEST(PriGuard, TakesOutElementsThatLibpriWouldReadBeyond) {
  EXPECT_EQ(passed("08020005 05 6c 02 2103"), "0802000505");  // no end of octet group 3
  EXPECT_EQ(passed("08020005 05 08 01 80"), "0802000505");    // cause of one octet
  EXPECT_EQ(passed("08020005 05 08 02 0080"), "0802000505");  // recommendation, no value
  EXPECT_EQ(passed("08020005 05 04 02 8098"), "0802000505");  // multirate without the rate
  EXPECT_EQ(passed("08020005 05 4c 01 21"), "0802000505");
  EXPECT_EQ(passed("08020005 05 0c 00"), "0802000505");
  EXPECT_EQ(passed("08020005 05 28 00"), "0802000505");
  EXPECT_EQ(passed("08020005 05 7e 03 044142"), "0802000505");    // user-user is read here
  EXPECT_EQ(passed("08020005 05 1c 04 91a10502"), "0802000505");  // facility of a wrong length
  EXPECT_EQ(passed("08020005 05 96 28 01 41"), "0802000505");     // other codesets
  EXPECT_EQ(passed("08020005 05 9e 28 01 41 28 01 42"), "0802000505280142");
  EXPECT_EQ(passed("08020005 05 28 01 41 28 01 42"), "0802000505280141");  // 5.8.6.2
  EXPECT_EQ(passed("08020005 05 28 01 41 70 09 81"), "0802000505280141");  // cut off
  EXPECT_FALSE(screened("08020005 05 28 01 41 70 09 81").complaint.empty());
}

TEST(PriGuard, KeepsMandatoryUnknownElementsForLibpriToRefuse) {
  EXPECT_EQ(passed("08020005 05 0e 01 41"), "08020005050e0141");  // Q.931 5.8.7.1
}

TEST(PriGuard, WidensACallReferenceOfOneOctet) {
  EXPECT_EQ(passed("080185 7a", kOurs | 5), "080280057a");
}

TEST(PriGuard, LetsOnlyRestartsHaveTheGlobalReference) {
  EXPECT_EQ(passed("08020000 46 7901 87"), "0802000046790187");
  EXPECT_EQ(passed("08028000 4e 7901 80"), "080280004e790180");
  EXPECT_EQ(passed("08028000 46 7901 87"), kPassedOver);
  EXPECT_EQ(passed("08020000 4e 7901 80"), kPassedOver);
  EXPECT_EQ(passed("08020000 05"), kPassedOver);
  EXPECT_EQ(passed("08020000 7d 08028090 140100"), kPassedOver);
  EXPECT_EQ(passed("08020007 46 7901 87"), kPassedOver);
  EXPECT_EQ(passed("0800 62"), kPassedOver);  // dummy reference
}

TEST(PriGuard, AnswersUnknownReferencesWithoutKeepingThem) {
  EXPECT_EQ(passed("08020009 6e 2701 80"), "0802000975");  // as STATUS ENQUIRY: cause 81
  EXPECT_EQ(passed("08028009 01"), "0802800975");
  EXPECT_EQ(passed("08028009 05 0403 8090a3"), kPassedOver);       // SETUP to the side that made it
  EXPECT_EQ(passed("08020009 7d 08028090 140100"), "080200095a");  // STATUS null: nothing to do
  EXPECT_EQ(passed("08020009 7d 08028090 14010a"), "0802000975");
  EXPECT_EQ(passed("08020009 5a 08028090"), "080200095a");
  EXPECT_EQ(passed("08020005 05 0403 8090a3", 5), kPassedOver);  // a second SETUP
}

TEST(PriGuard, PassesMaintenanceOfOneChannelWhereItIsUsed) {
  const auto given = [](std::string_view message) { return passed(message, 0xFFFF, true); };
  EXPECT_EQ(given("03020000 0f 0101c2 1803a98385"), "030200000f0101c21803a98385");
  EXPECT_EQ(given("43020000 07 0101c0 1803a98385 1803a98386"), "43020000070101c01803a98385");
  EXPECT_EQ(given("03010f 07 0101c2"), kPassedOver);             // a call reference that is not global
  EXPECT_EQ(given("03020000 0f 0101c2"), kPassedOver);           // the D channel itself
  EXPECT_EQ(given("03020000 0f 0101c2 1801a8"), kPassedOver);    // no channel
  EXPECT_EQ(given("03020000 0f 0100 1803a98385"), kPassedOver);  // no status
  EXPECT_EQ(given("03020000 0f 1803a98385"), kPassedOver);
  EXPECT_EQ(given("03020000 05 0101c2 1803a98385"), kPassedOver);   // another message
  EXPECT_EQ(passed("03020000 0f 0101c2 1803a98385"), kPassedOver);  // not in this country
  EXPECT_EQ(given("99020000 0f"), kPassedOver);
}

TEST(PriGuard, DropsFramesThatADChannelHasNot) {
  const auto none = [](WireReference) { return false; };
  for (const auto* frame : {"", "00", "0001", "0001 01", "0101 7f", "0000 7f", "fcff 03 0f0000 01ff",
                            "0003 7f", "0401 7f", "0001 03 0802000505", "0001 af", "0001 ef", "0001 0d00"}) {
    EXPECT_TRUE(screen(hex(frame), none, false).frame.empty()) << frame;
  }
  Octets longest = hex("0001 0000 08020005 05");
  longest.resize(4 + kN201, 0xA1);
  EXPECT_FALSE(screen(longest, none, false).frame.empty());
  longest.push_back(0xA1);
  EXPECT_TRUE(screen(longest, none, false).frame.empty());
}

TEST(PriGuard, PutsLocationsAndProgressIntoWhatLibpriSends) {
  const auto amended = [](std::string_view frame) {
    return to_hex(amend(hex(frame), [](WireReference reference, MessageType type) {
      Amendments amendments;
      if (reference == (kOurs | 5)) {
        amendments.location = Location::transit;
        if (type == MessageType::setup) {
          amendments.insert = {encode_progress({ProgressDescription::destination_non_isdn, Location::user})};
        }
      }
      return amendments;
    }));
  };
  EXPECT_EQ(amended("0001 0000 08 02 0005 05 0403 8090a3 1803 a18383 2801 41"),
            "000100000802000505"
            "04038090a3"
            "1803a18383"
            "1e028082"
            "280141");
  EXPECT_EQ(amended("0001 0000 08 02 0005 05 0403 8090a3"), "00010000080200050504038090a31e028082");
  EXPECT_EQ(amended("0001 0000 08 02 0005 45 0802 8190"), "00010000080200054508028390");
  EXPECT_EQ(amended("0001 0000 08 02 8005 45 0802 8190"), "00010000080280054508028190");  // another call
  EXPECT_EQ(amended("0001 7f"), "00017f");
}

struct Hostile : testing::Test {
  PriPair pair;
  Octets frame(std::string_view message, int ns) {
    Octets octets = hex("0001");
    octets.push_back(static_cast<Octet>(ns << 1));
    octets.push_back(0);
    const auto body = hex(message);
    octets.insert(octets.end(), body.begin(), body.end());
    return octets;
  }
  /// Up, then the user side is silent and this test is in its place.
  void take_over() {
    pair.start();
    pair.wire = [](PriPair::End, OctetView) { return false; };
  }
};

TEST_F(Hostile, StrayReferencesLeaveNoRecords) {
  take_over();
  auto& net = pair.at(PriPair::network);
  // Each of these types makes libpri keep a record when its reference is new.
  const std::string_view types[] = {"6e", "4e", "46", "03", "7d", "24", "31",
                                    "7b", "62", "02", "45", "4d", "5a"};
  int ns = 0;
  for (int i = 0; i < 500; ++i) {
    const auto type = types[static_cast<std::size_t>(i) % std::size(types)];
    const Octets reference{static_cast<Octet>(i >> 8), static_cast<Octet>(i | 1)};
    net.handle_frame(frame("0802" + to_hex(reference) + std::string(type), ns++ & 0x7F), pair.now());
  }
  EXPECT_EQ(net.calls(), 0U);
  EXPECT_EQ(net.call_records(), 0U);
}

TEST_F(Hostile, ManySetupsAreRefusedAboveTheLimit) {
  take_over();
  auto& net = pair.at(PriPair::network);
  for (int i = 1; i <= 1000; ++i) {
    const Octets reference{static_cast<Octet>(i >> 8), static_cast<Octet>(i)};
    net.handle_frame(
        frame("0802" + to_hex(reference) + "05 0403 8090a3 1803 a18383 7003 813131", (i - 1) & 0x7F),
        pair.now());
  }
  EXPECT_EQ(net.calls(), kMaxCalls);
  EXPECT_EQ(net.call_records(), kMaxCalls);
}

TEST_F(Hostile, AFarEndThatTakesNothingCannotFillTheQueue) {
  take_over();
  auto& net = pair.at(PriPair::network);
  net.handle_frame(hex("0001 0500"), pair.now());  // RNR: answers have to wait
  std::size_t taken = 0;
  for (int i = 0; i < 20'000; ++i) {
    net.handle_frame(frame("08020009 75", static_cast<int>(taken & 0x7F)), pair.now());  // wants an answer
    bool acknowledged = false;
    while (auto output = net.poll_output()) {
      const auto* sent = std::get_if<FrameOut>(&*output);
      // RR, or REJ once the sequence stands still.
      acknowledged = acknowledged || (sent != nullptr && parse_frame(sent->octets)->kind == FrameKind::rr);
    }
    if (acknowledged) ++taken;
  }
  EXPECT_GT(taken, 500U);
  EXPECT_LT(taken, 700U);
}

TEST_F(Hostile, ARefusedBearerIsNoCall) {
  take_over();
  auto& net = pair.at(PriPair::network);
  net.handle_frame(frame("08020005 05 0402 8890 1803 a18383", 0), pair.now());  // 64 kbit/s data: reported
  EXPECT_EQ(net.calls(), 1U);
  net.handle_frame(frame("08020006 05 0402 88c0 1803 a18383", 1), pair.now());  // packet mode: 65 by libpri
  net.handle_frame(frame("08020007 05 1803 a18383", 2), pair.now());            // no bearer capability: 96
  EXPECT_EQ(net.calls(), 1U);
  EXPECT_EQ(net.call_records(), 1U);
}

TEST_F(Hostile, AMalformedMessageDoesNotDisturbTheCallsThatAreUp) {
  take_over();
  auto& net = pair.at(PriPair::network);
  net.handle_frame(frame("08020005 05 0403 8090a3 1803 a18383 7003 813131", 0), pair.now());
  net.handle_frame(frame("08020006 45 08", 1), pair.now());
  net.handle_frame(frame("08020005 05", 2), pair.now());
  net.handle_frame(frame("ff", 3), pair.now());
  net.handle_frame(frame("", 4), pair.now());
  EXPECT_EQ(net.calls(), 1U);
  pair.settle();
  EXPECT_TRUE(pair.take<SetupInd>(PriPair::network));
  EXPECT_GE(pair.count<Notice>(PriPair::network), 3U);
}

}  // namespace
}  // namespace tandem::tdm::pri
