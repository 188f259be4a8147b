#pragma once
// A writer of capture files for tests that let Wireshark judge what leaves the process.
#include <algorithm>
#include <fstream>
#include <string>

#include "gateway/base/address.h"
#include "gateway/base/bytes.h"
#include "gateway/base/time.h"

namespace tandem::test {

/// Classic pcap, microseconds, raw IPv4 (LINKTYPE_RAW).
class PcapWriter {
 public:
  explicit PcapWriter(const std::string& path) : file_(path, std::ios::binary) {
    Octets header(24);
    write_be32(&header[0], 0xA1B2C3D4);
    write_be16(&header[4], 2);
    write_be16(&header[6], 4);
    write_be32(&header[16], 65535);
    write_be32(&header[20], 101);
    put(header);
  }

  /// Both addresses are IPv4.
  void udp(Time at, const SocketAddress& from, const SocketAddress& to, OctetView payload) {
    const std::size_t size = 28 + payload.size();
    Octets record(16 + size);
    const auto time = std::chrono::duration_cast<std::chrono::microseconds>(at.time_since_epoch()).count();
    write_be32(&record[0], static_cast<std::uint32_t>(time / 1'000'000));
    write_be32(&record[4], static_cast<std::uint32_t>(time % 1'000'000));
    write_be32(&record[8], static_cast<std::uint32_t>(size));
    write_be32(&record[12], static_cast<std::uint32_t>(size));
    Octet* ip = &record[16];
    ip[0] = 0x45;
    ip[1] = 46 << 2;
    write_be16(ip + 2, static_cast<std::uint16_t>(size));
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
    put(record);
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
