// tests/vectors/isup/messages.tsv: a message of every type, ITU-T and ANSI, and malformed ones.
#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "isup/codec.h"
#include "isup/explain.h"
#include "isup/registry.h"

namespace tandem::isup {
namespace {

struct Vector {
  Variant variant;
  std::string hex, text;
};
std::vector<Vector> vectors() {
  std::vector<Vector> out;
  std::ifstream file(TANDEM_SOURCE_DIR "/tests/vectors/isup/messages.tsv");
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    const auto first = line.find('\t'), second = line.find('\t', first + 1);
    const auto name = line.substr(0, first);
    out.push_back({name == "ansi"   ? Variant::ansi
                   : name == "etsi" ? Variant::etsi
                                    : Variant::itu,
                   line.substr(first + 1, second - first - 1), line.substr(second + 1)});
  }
  return out;
}

TEST(IsupVectors, SayWhatIsExpectedAndLeaveAsTheyCame) {
  int accepted = 0, refused = 0;
  for (const auto& vector : vectors()) {
    const auto octets = from_hex(vector.hex).value();
    const auto message = decode(octets, vector.variant);
    EXPECT_EQ(message ? describe(*message) : "error: " + to_string(message.error()), vector.text)
        << vector.hex;
    ++(message ? accepted : refused);
    if (!message) continue;
    EXPECT_EQ(to_hex(encode(*message, vector.variant).value()), to_hex(octets));
    Octets with_cic{0x21, 0x00};
    with_cic.insert(with_cic.end(), octets.begin(), octets.end());
    EXPECT_EQ(
        to_hex(encode_with_cic(decode_with_cic(with_cic, vector.variant).value(), vector.variant).value()),
        to_hex(with_cic));
  }
  EXPECT_GT(accepted, 70);
  EXPECT_GT(refused, 12);
}

TEST(IsupVectors, HaveAMessageOfEveryType) {  // Q.763 table 4, T1.113
  std::set<std::pair<bool, int>> seen;
  for (const auto& vector : vectors())
    if (const auto octets = from_hex(vector.hex).value(); !octets.empty() && decode(octets, vector.variant))
      seen.insert({vector.variant == Variant::ansi, octets[0]});
  for (int code = 0; code < 256; ++code) {
    const auto type = static_cast<MessageType>(code);
    const auto* itu = find_message(type, Variant::itu);
    const auto* ansi = find_message(type, Variant::ansi);
    if (itu != nullptr) {
      EXPECT_TRUE(seen.contains({false, code})) << itu->name;
    }
    if (ansi != nullptr && ansi != itu) {
      EXPECT_TRUE(seen.contains({true, code})) << ansi->name;
    }
  }
}

TEST(IsupVectors, AreExplainedWithEveryOctetOfTheirParameters) {
  for (const auto& vector : vectors()) {
    const auto octets = from_hex(vector.hex).value();
    const auto message = decode(octets, vector.variant);
    const auto explanation = explain(octets, vector.variant, false);
    ASSERT_EQ(message.has_value(), explanation.has_value()) << vector.hex;
    if (!message) {
      EXPECT_EQ(to_string(explanation.error()), to_string(message.error()));
      continue;
    }
    ASSERT_EQ(explanation->parameters.size(), message->parameters().size()) << vector.hex;
    for (const auto& parameter : explanation->parameters) {
      const auto contents = from_hex(parameter.hex).value();
      ASSERT_LE(parameter.offset + contents.size(), octets.size());
      EXPECT_TRUE(std::equal(contents.begin(), contents.end(), octets.begin() + parameter.offset));
      EXPECT_FALSE(parameter.fields.empty()) << vector.hex << ' ' << parameter.name;
      for (const auto& field : parameter.fields) EXPECT_FALSE(field.name.empty());
    }
  }
}

}  // namespace
}  // namespace tandem::isup
