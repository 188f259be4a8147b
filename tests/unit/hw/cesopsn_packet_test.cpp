#include "hw/cesopsn_packet.h"

#include <gtest/gtest.h>

#include "gateway/base/random.h"

namespace tandem::hw {
namespace {

std::string encoded(const ControlWord& control, std::size_t payload) {
  Octets out(kMaxPacketOctets);
  const std::size_t size = encode_packet(control, Octets(payload, 0x5A), out);
  EXPECT_EQ(size, payload + 4);
  return to_hex(OctetView(out).first(4));
}

TEST(CesopsnPacket, TheControlWordHasItsBitsWhereTheRfcHasThem) {
  using enum AttachmentCircuit;
  EXPECT_EQ(encoded({.sequence = 0x1234}, 1240), "00001234");
  EXPECT_EQ(encoded({.remote_loss = true, .sequence = 0xFFFF}, 1240), "0400ffff");
  EXPECT_EQ(encoded({.circuit = rdi}, 1240), "02000000");
  EXPECT_EQ(encoded({.circuit = rdi, .remote_loss = true}, 1240), "06000000");
  EXPECT_EQ(encoded({.circuit = invalid, .remote_loss = true}, 0), "0c040000");
}

TEST(CesopsnPacket, LenIsTheWholeSizeBelow64OctetsAndZeroFromThereOn) {
  EXPECT_EQ(encoded({}, 24), "001c0000");
  EXPECT_EQ(encoded({}, 59), "003f0000");
  EXPECT_EQ(encoded({}, 60), "00000000");
  EXPECT_EQ(encoded({}, 62), "00000000");
}

TEST(CesopsnPacket, WhatIsEncodedIsDecoded) {
  SeededRandom random(1);
  for (int i = 0; i < 1000; ++i) {
    const ControlWord control{.circuit = static_cast<AttachmentCircuit>(random.next() % 3),
                              .remote_loss = random.next() % 2 == 0,
                              .sequence = static_cast<std::uint16_t>(random.next())};
    Octets payload(1 + random.next() % 1448);
    for (auto& octet : payload) octet = static_cast<Octet>(random.next());
    Octets out(kMaxPacketOctets);
    out.resize(encode_packet(control, payload, out));
    const auto packet = decode_packet(out, payload.size());
    ASSERT_TRUE(packet) << to_string(packet.error());
    EXPECT_EQ(packet->control, control);
    EXPECT_EQ(Octets(packet->payload.begin(), packet->payload.end()), payload);
  }
}

struct Bad {
  const char* hex;
  Errc code;
  std::uint32_t offset;
};

TEST(CesopsnPacket, ErrorsNameTheRuleAndTheOctet) {
  const Bad bad[] = {
      {"", Errc::truncated, 0},
      {"000000", Errc::truncated, 3},
      {"10080000aabbccdd", Errc::malformed, 0},    // an associated channel header
      {"00480000aabbccdd", Errc::malformed, 1},    // FRG
      {"00070000aabbccdd", Errc::malformed, 1},    // LEN too small
      {"00090000aabbccdd", Errc::malformed, 1},    // LEN too large
      {"01080000aabbccdd", Errc::unsupported, 0},  // L=0 M=01
      {"03080000aabbccdd", Errc::unsupported, 0},  // L=0 M=11: signalling
      {"09040000", Errc::unsupported, 0},          // L=1 M=01
      {"0a040000", Errc::unsupported, 0},          // L=1 M=10
      {"0b040000", Errc::unsupported, 0},          // L=1 M=11
      {"00070000aabbcc", Errc::malformed, 4},      // payload too short
      {"00090000aabbccddee", Errc::malformed, 4},  // too long
      {"00040000", Errc::malformed, 4},            // left out without L
      {"08060000aabb", Errc::malformed, 4},        // with L, but neither whole nor left out
  };
  for (const auto& b : bad) {
    const auto octets = *from_hex(b.hex);
    const auto packet = decode_packet(octets, 4);
    ASSERT_FALSE(packet) << b.hex;
    EXPECT_EQ(packet.error().code, b.code) << b.hex;
    EXPECT_EQ(packet.error().offset, b.offset) << b.hex;
  }
}

TEST(CesopsnPacket, LenMayBeLeftZeroAndAPayloadMayComeWithL) {
  EXPECT_TRUE(decode_packet(*from_hex("00000000aabbccdd"), 4));
  EXPECT_TRUE(decode_packet(*from_hex("08000000"), 4));
  const auto with_payload = decode_packet(*from_hex("08080000aabbccdd"), 4);
  ASSERT_TRUE(with_payload);
  EXPECT_EQ(with_payload->payload.size(), 4U);
}

TEST(CesopsnPacket, APacketOfTheMostFramesFitsAnMtu) {
  EXPECT_EQ(max_packet_frames(tdm::SpanType::e1), 46);
  EXPECT_EQ(max_packet_frames(tdm::SpanType::t1), 60);
}

}  // namespace
}  // namespace tandem::hw
