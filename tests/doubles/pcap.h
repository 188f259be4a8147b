#pragma once
// A writer of capture files for tests that let Wireshark judge what leaves the process.
#include <algorithm>
#include <fstream>
#include <string>

#include "gateway/base/address.h"
#include "gateway/base/bytes.h"
#include "gateway/base/time.h"

namespace tandem::test {

inline constexpr std::uint32_t kLinkRaw = 101;   ///< LINKTYPE_RAW: IPv4
inline constexpr std::uint32_t kLinkMtp3 = 141;  ///< LINKTYPE_MTP3

/// Classic pcap, microseconds.
class PcapWriter {
 public:
  explicit PcapWriter(const std::string& path, std::uint32_t link = kLinkRaw)
      : file_(path, std::ios::binary) {
    Octets header(24);
    write_be32(&header[0], 0xA1B2C3D4);
    write_be16(&header[4], 2);
    write_be16(&header[6], 4);
    write_be32(&header[16], 65535);
    write_be32(&header[20], link);
    put(header);
  }

  /// Both addresses are IPv4.
  void udp(Time at, const SocketAddress& from, const SocketAddress& to, OctetView payload) {
    Octets packet(28 + payload.size());
    Octet* ip = packet.data();
    ip[0] = 0x45;
    ip[1] = 46 << 2;
    write_be16(ip + 2, static_cast<std::uint16_t>(packet.size()));
    ip[6] = 0x40;  // do not fragment
    ip[8] = 64;
    ip[9] = 17;
    std::copy_n(from.ip.begin(), 4, ip + 12);
    std::copy_n(to.ip.begin(), 4, ip + 16);
    write_be16(ip + 10, checksum(OctetView(ip, 20)));
    write_be16(ip + 20, from.port);
    write_be16(ip + 22, to.port);
    write_be16(ip + 24,
               static_cast<std::uint16_t>(8 + payload.size()));  // its checksum 0: not used (RFC 768)
    std::ranges::copy(payload, ip + 28);
    frame(at, packet);
  }
  /// A packet of the link type as it is.
  void frame(Time at, OctetView packet) {
    Octets record(16);
    const auto time = std::chrono::duration_cast<std::chrono::microseconds>(at.time_since_epoch()).count();
    write_be32(&record[0], static_cast<std::uint32_t>(time / 1'000'000));
    write_be32(&record[4], static_cast<std::uint32_t>(time % 1'000'000));
    write_be32(&record[8], static_cast<std::uint32_t>(packet.size()));
    write_be32(&record[12], static_cast<std::uint32_t>(packet.size()));
    put(record);
    put(packet);
  }
  [[nodiscard]] bool good() const { return file_.good(); }

 private:
  static std::uint16_t checksum(OctetView header) {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < header.size(); i += 2) sum += read_be16(&header[i]);
    sum = (sum & 0xFFFF) + (sum >> 16);
    return static_cast<std::uint16_t>(~(sum + (sum >> 16)));
  }
  void put(OctetView octets) {
    const auto text = as_text(octets);
    file_.write(text.data(), static_cast<std::streamsize>(text.size()));
  }
  std::ofstream file_;
};

}  // namespace tandem::test
