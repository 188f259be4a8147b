// isup_messages VECTORS DIRECTORY: every message of the vectors that is laid out as we lay it out, encoded
// from its parameters, as MTP3 in DIRECTORY/itu.pcap and ansi.pcap, and beside them what Wireshark shall say
// of each.
#include <cstdio>
#include <fstream>

#include "isup/codec.h"
#include "tests/doubles/pcap.h"

namespace {

using namespace tandem;
using namespace tandem::isup;

constexpr unsigned kOpc = 0x0123, kDpc = 0x0456;

Octets label(Variant variant, std::uint16_t cic) {
  constexpr Octet kNationalIsup = 0x85;  // Q.704 14.2
  Octets out{kNationalIsup};
  if (variant == Variant::ansi) {
    out.insert(out.end(),
               {Octet(kDpc), Octet(kDpc >> 8), 1, Octet(kOpc), Octet(kOpc >> 8), 2, Octet(cic & 0x1f)});
    return out;
  }
  const auto word = kDpc | kOpc << 14 | static_cast<unsigned>(cic & 15) << 28;
  for (int i = 0; i < 4; ++i) out.push_back(static_cast<Octet>(word >> 8 * i));
  return out;
}

/// Tab-separated, in the order in which isup_tshark.sh asks for them.
std::string expected(const CircuitMessage& circuit) {
  std::string out =
      std::to_string(static_cast<int>(circuit.message.type())) + "\t" + std::to_string(circuit.cic);
  // Of a pass-along message Wireshark shows the one that it carries.
  auto message = circuit.message;
  if (message.type() == MessageType::pam)
    message = decode(message.get<RawParameter>()->contents, Variant::itu).value();
  const auto add = [&](const auto* parameter, auto text) {
    out += "\t" + (parameter ? text(*parameter) : "");
  };
  const auto digits = [](const auto& p) { return p.digits; };
  add(message.get<CalledPartyNumber>(), digits);
  add(message.get<CallingPartyNumber>(), digits);
  add(message.get<ConnectedNumber>(), digits);
  add(message.get<RedirectionNumber>(), digits);
  add(message.get<OriginalCalledNumber>(), digits);
  add(message.get<SubsequentNumber>(), digits);
  add(message.get<CauseIndicators>(), [](const auto& p) { return std::to_string(p.value); });
  add(message.get<TransmissionMedium>(), [](const auto& p) { return std::to_string(p.value); });
  add(message.get<EventInformation>(), [](const auto& p) { return std::to_string(p.event); });
  add(message.get<RangeAndStatus>(), [](const auto& p) { return std::to_string(p.circuits()); });
  add(message.get<HopCounter>(), [](const auto& p) { return std::to_string(p.value); });
  add(message.get<CircuitGroupSupervisionType>(), [](const auto& p) { return std::to_string(p.type); });
  add(message.get<NatureOfConnection>(), [](const auto& p) { return "0x0" + std::to_string(p.satellites); });
  std::string codes;
  for (const auto& parameter : message.parameters())
    codes += (codes.empty() ? "" : ",") + std::to_string(code_of(parameter));
  return out + "\t" + codes;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const std::string directory = argv[2];
  test::PcapWriter itu(directory + "/itu.pcap", test::kLinkMtp3),
      ansi(directory + "/ansi.pcap", test::kLinkMtp3);
  std::ofstream itu_expected(directory + "/itu.expected"), ansi_expected(directory + "/ansi.expected");
  std::ifstream vectors(argv[1]);
  std::uint16_t cic = 0;
  for (std::string line; std::getline(vectors, line);) {
    if (line.empty() || line[0] == '#') continue;
    const auto tab = line.find('\t');
    const auto variant = line.starts_with("ansi") ? Variant::ansi : Variant::itu;
    const auto octets = from_hex(std::string_view(line).substr(tab + 1, line.find('\t', tab + 1) - tab - 1));
    if (!octets) return 1;
    const auto decoded = decode(*octets, variant);
    if (!decoded || !decoded->odd_layout().empty() || to_string(decoded->type()) == "?") continue;
    CircuitMessage circuit{.cic = ++cic, .spare = 0, .message = Message(decoded->type())};
    for (const auto& parameter : decoded->parameters()) circuit.message.append(Parameter(parameter));
    const auto encoded = encode_with_cic(circuit, variant);
    if (!encoded) return 1;
    auto packet = label(variant, cic);
    packet.insert(packet.end(), encoded->begin(), encoded->end());
    (variant == Variant::ansi ? ansi : itu).frame(Time{std::chrono::seconds(cic)}, packet);
    (variant == Variant::ansi ? ansi_expected : itu_expected) << expected(circuit) << '\n';
  }
  return itu.good() && ansi.good() && itu_expected.good() && ansi_expected.good() ? 0 : 1;
}
