#pragma once
// The timeslot of a D channel as its frames see it: some get lost, some come twice, and bits go wrong on the
// way from HDLC to HDLC, so that the receiver refuses the frame, or takes it for two.
#include <algorithm>
#include <vector>

#include "gateway/base/bytes.h"
#include "gateway/base/random.h"
#include "tdm/hdlc.h"

namespace tandem::doubles {

struct FrameFaults {
  double loss = 0, damage = 0, duplicate = 0;
};

class FrameWire {
 public:
  /// What comes out at the far end.
  std::vector<Octets> carry(const Octets& frame, const FrameFaults& faults, Random& random) {
    const auto chance = [&random](double part) {
      return static_cast<double>(random.next() >> 11) * 0x1p-53 < part;
    };
    ++carried;
    if (chance(faults.loss)) return ++lost, std::vector<Octets>{};
    if (chance(faults.damage)) return damage(frame, random);
    if (chance(faults.duplicate)) return ++doubled, std::vector<Octets>{frame, frame};
    return {frame};
  }

  std::uint64_t carried = 0, lost = 0, damaged = 0, doubled = 0;
  std::uint64_t mistaken = 0;  ///< damaged, and yet taken for good

 private:
  std::vector<Octets> damage(const Octets& frame, Random& random) {
    ++damaged;
    tdm::HdlcTransmitter transmitter(1);
    tdm::HdlcReceiver receiver;
    transmitter.queue(frame);
    Octets line(frame.size() + frame.size() / 4 + 8);  // stuffed, with its FCS and flags at both ends
    transmitter.fill(line);
    const auto errors = 1 + random.next() % 4;
    for (std::uint64_t i = 0; i < errors; ++i) {
      const auto bit = random.next() % (line.size() * 8);
      line[bit / 8] ^= static_cast<Octet>(1U << bit % 8);
    }
    std::vector<Octets> arrived;
    receiver.push(line, [&](OctetView good) {
      if (!std::ranges::equal(good, frame)) ++mistaken;
      arrived.emplace_back(good.begin(), good.end());
    });
    return arrived;
  }
};

}  // namespace tandem::doubles
