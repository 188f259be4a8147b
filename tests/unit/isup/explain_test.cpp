#include "isup/explain.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace tandem::isup {
namespace {

Explanation explained(std::string_view hex, Variant variant = Variant::itu, bool with_cic = false) {
  const auto out = explain(from_hex(hex).value(), variant, with_cic);
  EXPECT_TRUE(out) << hex;
  return out ? *out : Explanation{};
}
const ExplainedField& field(const Explanation& explanation, std::string_view parameter,
                            std::string_view name) {
  static const ExplainedField none;
  for (const auto& each : explanation.parameters) {
    if (each.name != parameter) continue;
    const auto found = std::ranges::find(each.fields, name, &ExplainedField::name);
    if (found != each.fields.end()) return *found;
  }
  ADD_FAILURE() << parameter << " has no " << name;
  return none;
}

TEST(Explain, NamesFieldValueMeaningAndClause) {
  const auto iam = explained("01 11 6001 0a 03 02 06 04 8310 2103 3d 01 ef 00");
  EXPECT_EQ(iam.acronym, "IAM");
  EXPECT_EQ(iam.name, "Initial address");
  EXPECT_EQ(iam.clause, "Q.763 table 32");
  EXPECT_EQ(iam.parameters[0].clause, "Q.763 3.35");
  EXPECT_EQ(iam.parameters[4].offset, 9u);
  EXPECT_EQ(iam.parameters[4].part, "mandatory variable");
  const auto& satellites = field(iam, "NatureOfConnectionIndicators", "satellite indicator");
  EXPECT_EQ(satellites.bits, "BA");
  EXPECT_EQ(satellites.number, 1u);
  EXPECT_EQ(satellites.meaning, "one satellite circuit");
  EXPECT_EQ(field(iam, "ForwardCallIndicators", "ISDN access").bits, "I");
  EXPECT_EQ(field(iam, "CalledPartyNumber", "numbering plan").bits, "2 GFE");
  EXPECT_EQ(field(iam, "CalledPartyNumber", "address signals").value, "123");
  EXPECT_EQ(field(iam, "HopCounter", "hop counter").value, "15");
  EXPECT_EQ(field(iam, "HopCounter", "spare or extension bits not as usual").value, "e0");
}

TEST(Explain, WritesValuesNotAssignedInHex) {
  EXPECT_EQ(field(explained("2c 7f 00"), "EventInformation", "event indicator").meaning,
            "not assigned: 0x7f");
}

TEST(Explain, CountsOctetsFromTheCicWhereThereIsOne) {
  const auto rel = explained("2101 0c 02 00 04 80e3 3dfe", Variant::itu, true);
  EXPECT_EQ(rel.cic, 0x121);
  EXPECT_EQ(rel.parameters[0].offset, 6u);
  EXPECT_EQ(field(rel, "CauseIndicators", "location").meaning, "user");
  EXPECT_EQ(field(rel, "CauseIndicators", "diagnostic").meaning,
            "HopCounter, 0xfe");  // Q.850: names of parameters
  const auto error = explain(from_hex("2101 0c 02 00 05 80e3").value(), Variant::itu, true).error();
  EXPECT_EQ(to_string(error),
            "octet 5: CauseIndicators: its length goes past the end (Q.764 2.9.5) (out of range)");
}

TEST(Explain, NamesCircuitStates) {  // Q.763 3.14
  const auto cqr = explained("2b 02 03 01 03 04 0c 03 1d 01");
  const auto state = [&](int i) {
    return field(cqr, "CircuitStateIndicator", "state of circuit + " + std::to_string(i)).meaning;
  };
  EXPECT_EQ(state(0), "idle, maintenance: no blocking, hardware: no blocking");
  EXPECT_EQ(state(1), "unequipped");
  EXPECT_EQ(state(2), "idle, maintenance: locally blocked, hardware: locally blocked");
  EXPECT_EQ(state(3), "not assigned");
}

TEST(Explain, NamesTheCircuitsOfAStatus) {
  const auto cgb = explained("18 00 01 03 09 0102");
  EXPECT_EQ(field(cgb, "RangeAndStatus", "status").meaning, "1 for circuit of the message + 0 9");
  EXPECT_EQ(field(cgb, "RangeAndStatus", "circuits").value, "10");
}

TEST(Explain, NamesInstructions) {  // Q.763 3.33, 3.41
  const auto message = explained("35 01 38 01 96 39 05 3d c0 fe 02 81 00");
  EXPECT_EQ(field(message, "MessageCompatibilityInformation", "release call").meaning, "release call");
  EXPECT_EQ(field(message, "MessageCompatibilityInformation", "pass on not possible").meaning,
            "discard information");
  EXPECT_EQ(field(message, "ParameterCompatibilityInformation", "HopCounter: pass on not possible").meaning,
            "discard parameter");
  EXPECT_EQ(field(message, "ParameterCompatibilityInformation", "it: release call").number, 1u);
}

TEST(Explain, ReadsWhatQ931Codes) {
  const auto iam =
      explained("01 00 6001 0a 03 06 09 03 9090a3 03 0310 21 03 07 1e028488 a1 7d01 00", Variant::ansi);
  EXPECT_EQ(field(iam, "UserServiceInformation", "information transfer capability").meaning, "3.1 kHz audio");
  EXPECT_EQ(field(iam, "UserServiceInformation", "user information layer 1 protocol").meaning, "G.711 A-law");
  EXPECT_EQ(field(iam, "AccessTransport", "progress indicator").value, "8488");
  EXPECT_EQ(field(iam, "AccessTransport", "one octet").value, "a1");
  EXPECT_EQ(field(iam, "AccessTransport", "elements that end too early").value, "7d01");
  EXPECT_EQ(
      field(explained("06 1604 01 03 01 1e 00"), "AccessTransport", "elements that end too early").value,
      "1e");
}

TEST(Explain, LetsNoControlCharacterThrough) {
  const auto usr = explained("2d 02 00 05 04 1b5b324a");
  EXPECT_EQ(field(usr, "UserToUserInformation", "as text").value, ".[2J");
  const auto cvr = explained("eb 01 02 01 e9 02 1b41 00", Variant::ansi);
  EXPECT_EQ(field(cvr, "CLLI", "code").value, ".A");
  EXPECT_EQ(to_string(cvr).find('\x1b'), std::string::npos);
}

TEST(Explain, ShowsWhatIsNotKnown) {
  const auto message = explained("f7 77");
  EXPECT_EQ(message.acronym, "?");
  EXPECT_EQ(message.name, "not known");
  EXPECT_EQ(message.parameters[0].hex, "77");
  const auto raw = explained("06 1604 01 fe 01 55 3d 00 32 01 aa 00");
  EXPECT_EQ(raw.parameters[1].name, "not known");
  EXPECT_EQ(field(raw, "HopCounter", "too short to be read").value, "");
  EXPECT_EQ(raw.parameters[3].name, "RemoteOperations");
  EXPECT_EQ(raw.parameters[3].clause, "Q.763 3.48");
}

TEST(Explain, IsTextWithALineForEachField) {
  EXPECT_EQ(
      to_string(explained("0100 05 01", Variant::itu, true)),
      "COT continuity check successful\nCIC 1\nCOT Continuity (0x05)  Q.763 table 4\n"
      "octet 3: ContinuityIndicators (0x10), mandatory fixed, Q.763 3.18: 01\n"
      "  continuity                                 A          1            continuity check successful\n");
}

TEST(Explain, TellsWhatEtsiLeavesOut) {  // EN 300 356-1
  EXPECT_TRUE(explained("2e", Variant::etsi).national);
  EXPECT_FALSE(explained("2e", Variant::itu).national);
  EXPECT_FALSE(explained("12", Variant::etsi).national);
  const auto iam = explained("01 00 0000 0a 00 0204 0283 10 23 03 21 01 02 00", Variant::etsi);
  EXPECT_EQ(iam.parameters.back().name, "TransitNetworkSelection");
  EXPECT_TRUE(iam.parameters.back().national);
  EXPECT_NE(to_string(iam).find("national use: not of EN 300 356-1"), std::string::npos);
}

TEST(Explain, ShowsTheBitsAboveTheCic) {
  const auto rsc = explained("21a012", Variant::itu, true);
  EXPECT_EQ(rsc.cic, 33);
  EXPECT_EQ(rsc.cic_spare, 10);
  EXPECT_NE(to_string(rsc).find("CIC 33, spare bits 10"), std::string::npos);
  EXPECT_EQ(explained("21a012", Variant::ansi, true).cic_spare, 2);
}

}  // namespace
}  // namespace tandem::isup
