// Any line into a link, with commands in between; and any units there and back through the framer.
#include <cstdlib>

#include "isup/mtp/link.h"

namespace {

using namespace tandem;
using namespace std::chrono_literals;

void require(bool holds) {
  if (!holds) std::abort();
}

struct Sink final : mtp::LinkSink {
  bool up = false;
  void received(OctetView msu) override { require(msu.size() >= 3 && msu.size() <= mtp::kMaxMsuOctets); }
  void in_service() override {
    require(!up);
    up = true;
  }
  void out_of_service(mtp::Failure reason) override {
    require(reason != mtp::Failure::none);
    up = false;
  }
  void remote_processor_outage(bool) override {}
  void local_processor_outage(bool) override {}
  void backward_sequence(std::uint8_t bsnt) override { require(bsnt < 128); }
  void retrieved(OctetView msu) override { require(msu.size() >= 3 && msu.size() <= mtp::kMaxMsuOctets); }
  void retrieval_complete() override {}
  void congestion(std::uint8_t level) override { require(level <= 3); }
};

/// An octet says what comes next; units are framed by a second transmitter, so that they get past the FCS.
void drive(OctetView input, mtp::Correction correction) {
  Sink sink;
  mtp::LinkConfig config;
  config.correction = correction;
  mtp::Link link(config, sink);
  mtp::SignalUnitTransmitter far;
  mtp::SignalUnitReceiver ear;
  Time now{};
  const Octets msu{0x85, 1, 2, 3, 4, 5, 6};
  while (!input.empty()) {
    const Octet what = input[0];
    input = input.subspan(1);
    switch (what % 16) {
      case 0:
        link.start(now);
        break;
      case 1:
        link.stop(now);
        break;
      case 2:
        link.emergency((what & 16) != 0, now);
        break;
      case 3:
        link.local_processor_outage((what & 16) != 0, now);
        break;
      case 4:
        link.send(msu, now);
        break;
      case 5:
        link.receiving_congestion(static_cast<mtp::CongestionAction>(what / 16 % 3), now);
        break;
      case 6:
        link.retrieve_backward_sequence();
        break;
      case 7:
        link.retrieve(what);
        break;
      case 8:
        now += what / 16 * 200ms;
        break;
      default: {
        const auto unit = input.first(std::min<std::size_t>(what / 16 + 3, input.size()));
        input = input.subspan(unit.size());
        Octets line(unit.size() * 2 + 6);
        bool sent = false;
        far.fill(line, [&](std::span<Octet> to) -> std::size_t {
          if (sent || unit.empty()) return 0;
          sent = true;
          std::ranges::copy(unit, to.begin());
          return unit.size();
        });
        link.receive(line, now);
        break;
      }
    }
    Octets line(16);
    link.transmit(line, now);
    // What it says is well formed always.
    ear.push(line, [](OctetView unit) { require(mtp::read_header(unit).has_value()); }, [] {});
    require(ear.counters().fcs_errors == 0 && ear.counters().unaligned == 0 && ear.counters().too_long == 0);
    now += 2ms;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const OctetView input(data + 1, size - 1);
  if (data[0] % 4 == 0) {
    Sink sink;
    mtp::LinkConfig config;
    config.rate = (data[0] & 4) != 0 ? mtp::LineRate::k56 : mtp::LineRate::k64;
    mtp::Link link(config, sink);
    link.start(Time{});
    link.receive(input, Time{});
  } else {
    drive(input, data[0] % 2 == 0 ? mtp::Correction::basic : mtp::Correction::preventive);
  }
  return 0;
}
