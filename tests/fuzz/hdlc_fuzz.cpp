// Line octets into the receiver, against a plain receiver that works bit by bit; and frames out and back in.
#include <cstdlib>

#include "tdm/hdlc.h"

namespace {

using tandem::Octet;
using tandem::Octets;
using tandem::OctetView;

void require(bool holds) {
  if (!holds) std::abort();
}

constexpr tandem::tdm::HdlcLimits kLimits{.min_octets = 3, .max_octets = 40};

/// ISO/IEC 13239 as it reads: find flags, take out stuffed zeros, check.
std::vector<Octets> plain_receiver(OctetView line) {
  std::vector<Octets> frames;
  std::vector<bool> bits;
  bool hunting = true;
  int ones = 0;
  for (std::size_t i = 0; i < line.size() * 8; ++i) {
    const bool bit = (line[i / 8] >> (7 - i % 8) & 1) != 0;
    if (bit) {
      ++ones;
      if (ones >= 7) hunting = true;
      bits.push_back(true);
      continue;
    }
    if (ones == 6) {
      if (!hunting && bits.size() >= 7 && (bits.size() - 7) % 8 == 0) {
        Octets frame((bits.size() - 7) / 8);
        for (std::size_t k = 0; k < frame.size() * 8; ++k)
          if (bits[k]) frame[k / 8] |= static_cast<Octet>(1U << k % 8);
        if (frame.size() >= kLimits.min_octets + 2 && frame.size() <= kLimits.max_octets + 2) {
          const auto fcs = tandem::tdm::hdlc_fcs(OctetView(frame).first(frame.size() - 2));
          if (frame[frame.size() - 2] == (fcs & 0xFF) && frame.back() == fcs >> 8) {
            frame.resize(frame.size() - 2);
            frames.push_back(frame);
          }
        }
      }
      bits.clear();
      hunting = false;
    } else if (ones != 5) {
      bits.push_back(false);
    }
    ones = 0;
  }
  return frames;
}

std::vector<Octets> receive(OctetView line) {
  std::vector<Octets> frames;
  tandem::tdm::HdlcReceiver receiver(kLimits);
  receiver.push(line, [&](OctetView frame) { frames.emplace_back(frame.begin(), frame.end()); });
  require(receiver.counters().frames == frames.size());
  return frames;
}

/// The first octet of each piece is its length; pieces are frames.
void there_and_back(OctetView input) {
  tandem::tdm::HdlcTransmitter transmitter(64, kLimits.max_octets);
  std::vector<Octets> sent;
  Octets line(3);
  while (!input.empty()) {
    const auto piece = input.subspan(1).first(std::min<std::size_t>(input[0], input.size() - 1));
    input = input.subspan(1 + piece.size());
    if (!transmitter.queue(piece)) continue;
    if (piece.size() >= kLimits.min_octets) sent.emplace_back(piece.begin(), piece.end());
    const auto more = line.size();
    line.resize(more + piece.size() / 2);
    transmitter.fill(std::span(line).subspan(more));
  }
  const auto more = line.size();
  line.resize(more + 64 * 60);
  transmitter.fill(std::span(line).subspan(more));
  require(transmitter.queued() == 0);
  // The three octets at the front are zeros, which are no flags.
  require(receive(line) == sent);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || size > 4096) return 0;
  const OctetView input(data + 1, size - 1);
  if (data[0] % 2 == 0) {
    require(receive(input) == plain_receiver(input));
  } else {
    there_and_back(input);
  }
  return 0;
}
