// ces_packets PCAP EXPECTED: what CESoPSN spans send in all their conditions, for tshark to judge.
// EXPECTED has one line a packet: L and M bits, R, LEN, sequence number, octets of payload.
#include <cstdio>
#include <fstream>
#include <vector>

#include "hw/cesopsn.h"
#include "tests/doubles/pcap.h"

namespace {

using namespace tandem;
using std::chrono::milliseconds;

constexpr std::uint16_t kFirstSequence = 65530;  // so that it goes round early

/// Writes down what is sent; gives what the far end is made to say.
class Recorder final : public hw::DatagramPort {
 public:
  Recorder(test::PcapWriter& pcap, std::vector<Octets>& packets) : pcap_(pcap), packets_(packets) {}
  bool send(OctetView datagram) override {
    const SocketAddress from{.ip = {127, 0, 0, 1}, .port = 40001};
    const SocketAddress to{.ip = {127, 0, 0, 1}, .port = 50001};
    pcap_.udp(now, from, to, datagram);
    packets_.emplace_back(datagram.begin(), datagram.end());
    return true;
  }
  std::optional<hw::Received> receive(std::span<Octet> buffer) override {
    if (inbox.empty()) return std::nullopt;
    const Octets next = std::move(inbox.back());
    inbox.pop_back();
    std::ranges::copy(next, buffer.begin());
    return hw::Received{next.size(), {}};
  }
  Time now{};
  std::vector<Octets> inbox;

 private:
  test::PcapWriter& pcap_;
  std::vector<Octets>& packets_;
};

struct Condition {
  const char* name;
  bool receives;
  hw::AttachmentCircuit far;
  hw::AttachmentCircuit near;
  bool writes;
  unsigned lm;  // what L and M are then
  unsigned r;
};

using enum hw::AttachmentCircuit;
constexpr Condition kConditions[] = {
    {"nothing received", false, normal, normal, true, 0x0, 1},
    {"all well", true, normal, normal, true, 0x0, 0},
    {"AIS received", true, invalid, normal, true, 0x2, 0},
    {"remote defect of the circuit", true, normal, rdi, true, 0x2, 0},
    {"no data of the circuit", true, normal, invalid, true, 0x8, 0},
    {"both lost", false, normal, invalid, true, 0x8, 1},
    {"remote defect, nothing received", false, normal, rdi, true, 0x2, 1},
    {"nobody writes", true, normal, normal, false, 0x8, 0},
};

void run(tdm::SpanType type, int packet_frames, test::PcapWriter& pcap, Time& now, std::ofstream& expected) {
  std::vector<Octets> packets;
  auto owned = std::make_unique<Recorder>(pcap, packets);
  Recorder& port = *owned;
  hw::CesopsnSpan span({.type = type, .packet_frames = packet_frames}, std::move(owned), kFirstSequence);
  const auto width = static_cast<std::size_t>(tdm::timeslot_count(type));
  const std::size_t payload = width * static_cast<std::size_t>(packet_frames);
  std::uint16_t sequence = kFirstSequence;
  std::uint16_t far_sequence = 0;
  for (const Condition& condition : kConditions) {
    span.set_circuit(condition.near);
    // The first 200 ms let the condition be noticed; only then the flags are those of the table.
    for (int tick = 0; tick < 25; ++tick, now += milliseconds(10)) {
      port.now = now;
      for (int i = 0; condition.receives && i < 80; i += packet_frames) {
        const Octets data(condition.far == invalid ? 0 : payload, 0x55);
        Octets packet(hw::kMaxPacketOctets);
        packet.resize(
            hw::encode_packet({.circuit = condition.far, .sequence = far_sequence++}, data, packet));
        port.inbox.insert(port.inbox.begin(), packet);
      }
      packets.clear();
      span.service(now);
      if (condition.writes) span.write(Octets(80 * width, 0xD5), now);
      for (const auto& packet : packets) {
        const bool settled = tick >= 20;
        const unsigned lm = settled ? condition.lm : packet[0] & 0x0BU;
        const unsigned r = settled ? condition.r : packet[0] >> 2 & 1U;
        const std::size_t octets = (lm & 8U) != 0 ? 0 : payload;
        const std::size_t length = octets + 4 < 64 ? octets + 4 : 0;
        expected << lm << ' ' << r << ' ' << length << ' ' << sequence++ << ' ' << octets << '\n';
      }
      if (packets.empty() && condition.writes && packet_frames <= 80)
        expected << condition.name << ": no packet was sent\n";
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: %s PCAP EXPECTED\n", argv[0]);
    return 2;
  }
  test::PcapWriter pcap(argv[1]);
  std::ofstream expected(argv[2]);
  Time now{};
  // Wireshark takes a payload that is no multiple of 8 octets for an error, which RFC 5086 does not: an E1
  // packet has to hold a multiple of 8 frames here.
  for (const int frames : {8, 16, 40}) run(tdm::SpanType::e1, frames, pcap, now, expected);
  for (const int frames : {1, 2, 3, 8, 25, 40, 60}) run(tdm::SpanType::t1, frames, pcap, now, expected);
  return pcap.good() && expected.good() ? 0 : 1;
}
