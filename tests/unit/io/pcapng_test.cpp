#include "gateway/io/pcapng.h"

#include <gtest/gtest.h>

namespace tandem::io {
namespace {

std::uint32_t le32(const Octets& octets, std::size_t at) {
  return octets.at(at) | std::uint32_t{octets.at(at + 1)} << 8 | std::uint32_t{octets.at(at + 2)} << 16 |
         std::uint32_t{octets.at(at + 3)} << 24;
}

/// Types of the blocks of a file; fails when lengths do not agree.
std::vector<std::uint32_t> block_types(const Octets& file) {
  std::vector<std::uint32_t> types;
  for (std::size_t at = 0; at < file.size();) {
    const auto length = le32(file, at + 4);
    EXPECT_EQ(length % 4, 0u);
    EXPECT_EQ(le32(file, at + length - 4), length) << "the length stands at both ends of a block";
    types.push_back(le32(file, at));
    at += length;
  }
  return types;
}

core::TraceRecord sip_message() {
  core::TraceRecord record;
  record.kind = core::TraceKind::sip;
  record.octets = to_octets("OPTIONS");
  record.flow.local = parse_socket_address("127.0.0.1:5060").value();
  record.flow.remote = parse_socket_address("127.0.0.2:5070").value();
  return record;
}

TEST(Pcapng, IsASectionWithThreeInterfacesAndAPacketForEachRecordWithOctets) {
  auto frame = core::TraceRecord{};
  frame.kind = core::TraceKind::q931;
  frame.octets = {0x00, 0x01, 0x7f};
  auto note = core::TraceRecord{};
  const auto file = make_pcapng({sip_message(), frame, note}, {}, {});
  EXPECT_EQ(block_types(file), (std::vector<std::uint32_t>{0x0a0d0d0a, 1, 1, 1, 6, 6}));
}

TEST(Pcapng, WritesAnIpv4PacketWhoseHeaderSumsToZero) {
  const auto file = make_pcapng({sip_message()}, {}, {});
  const std::size_t packet = 28 + 20 + 20 + 20 + 28;
  ASSERT_GE(file.size(), packet + 35);
  EXPECT_EQ(file[packet], 0x45);
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < 20; i += 2) sum += read_be16(&file[packet + i]);
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  EXPECT_EQ(sum, 0xffffu);
  EXPECT_EQ(read_be16(&file[packet + 20]), 5070) << "received: from the peer's port";
  EXPECT_EQ(read_be16(&file[packet + 22]), 5060);
  EXPECT_EQ(as_text(OctetView(file).subspan(packet + 28, 7)), "OPTIONS");
}

TEST(Pcapng, WritesAnMsuAsASignalUnitWithItsLinkAndDirection) {
  auto record = core::TraceRecord{};
  record.kind = core::TraceKind::mtp;
  record.sent = true;
  record.link = 0x0102;
  record.octets = Octets(70, 0x85);
  const auto file = make_pcapng({record}, {}, {});
  const std::size_t packet = 28 + 20 + 20 + 20 + 28;
  ASSERT_GE(file.size(), packet + 77);
  EXPECT_EQ(le32(file, packet - 20), 2u) << "the interface of MTP2";
  EXPECT_EQ(le32(file, packet - 8), 77u);
  EXPECT_EQ(to_hex(OctetView(file).subspan(packet, 8)), "0100010200003f85") << "63 or more";
}

TEST(Pcapng, OrdersSignallingAndMediaByTime) {
  using namespace std::chrono_literals;
  auto late = sip_message();
  late.at = WallTime{2s};
  const CapturedPacket early{Time{1s}, late.flow.local, late.flow.remote, Octets(172)};
  const auto file = make_pcapng({late}, {early}, WallTime{});
  const std::size_t first = 28 + 20 + 20 + 20;
  EXPECT_EQ(le32(file, first + 16), 1000000u) << "microseconds of the first packet";
  EXPECT_EQ(le32(file, first + 20), 172u + 28u);
}

}  // namespace
}  // namespace tandem::io
