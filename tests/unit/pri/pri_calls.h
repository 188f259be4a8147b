#pragma once
// Calls over a pair of D channels, for the tests of tdm/pri.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tdm/pri/q931.h"
#include "tests/doubles/pri_pair.h"

namespace tandem::tdm::pri {

using doubles::PriPair;
inline constexpr auto kNet = PriPair::network;
inline constexpr auto kUser = PriPair::user;

inline PriPair::End other(PriPair::End end) {
  return end == kNet ? kUser : kNet;
}

inline Setup a_setup(std::uint8_t timeslot = 3, std::string called = "1000") {
  Setup setup;
  setup.channel = {.timeslot = timeslot, .exclusive = true};
  setup.called = {.digits = std::move(called), .type = TypeOfNumber::national};
  setup.calling =
      Number{.digits = "4930201", .type = TypeOfNumber::national, .screening = Screening::network};
  return setup;
}

struct Joined {
  PriPair::End from;
  CallRef caller = 0;
  CallRef called = 0;
};

/// Brings one call from `from` to the point where the other end has its SETUP.
inline Joined ring(PriPair& pair, PriPair::End from, const Setup& setup, SetupInd* seen = nullptr) {
  const auto ref = pair.at(from).setup(setup, pair.now());
  EXPECT_TRUE(ref);
  pair.settle();
  const auto indication = pair.take<SetupInd>(other(from));
  EXPECT_TRUE(indication);
  if (seen != nullptr && indication) *seen = *indication;
  return {from, ref.value_or(0), indication ? indication->call : 0};
}

inline Joined answered(PriPair& pair, PriPair::End from, const Setup& setup) {
  const auto call = ring(pair, from, setup);
  pair.at(other(from)).connect(call.called, setup.channel, pair.now());
  pair.settle();
  EXPECT_TRUE(pair.take<ConnectInd>(from));
  return call;
}

/// Clears a call from the caller's side, whatever its state; the events of that are taken.
inline void clear(PriPair& pair, const Joined& call) {
  pair.at(call.from).disconnect(call.caller, 16, pair.now());
  pair.settle();
  pair.at(other(call.from)).disconnect(call.called, 16, pair.now());
  pair.settle();
  pair.take(kNet);
  pair.take(kUser);
}

/// Messages of one end in a few words, as they are sent.
struct Ladder {
  std::vector<std::string> lines[2];

  explicit Ladder(PriPair& pair) : pair_(pair) {
    pair.tap = [this](PriPair::End from, OctetView octets) {
      const auto frame = parse_frame(octets);
      if (frame && frame->kind == FrameKind::i) lines[from].push_back(summarize(octets));
    };
  }
  ~Ladder() {
    pair_.tap = [](PriPair::End, OctetView) {};
  }
  Ladder(const Ladder&) = delete;
  Ladder& operator=(const Ladder&) = delete;

 private:
  PriPair& pair_;
};

}  // namespace tandem::tdm::pri
