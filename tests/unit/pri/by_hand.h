#pragma once
// A far end written octet by octet, for what libpri itself never sends.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tdm/pri/d_channel.h"
#include "tdm/pri/q931.h"

namespace tandem::tdm::pri {

/// A network written by hand, with its layer 2 up, and the user's D channel under test.
struct FarByHand {
  Time now{std::chrono::seconds(1)};
  DChannel user;
  int ns = 0;
  int nr = 0;
  std::vector<Output> events;
  std::vector<std::string> sent;

  explicit FarByHand(const DChannelConfig& config = {}) : user(config, now) {
    user.handle_frame(from_hex("000173").value(), now);  // UA
    drain();
  }
  void drain() {
    while (auto output = user.poll_output()) {
      if (const auto* out = std::get_if<FrameOut>(&*output)) {
        const auto frame = parse_frame(out->octets);
        if (frame->kind == FrameKind::rr && frame->pf && !frame->cr) {  // T203: are you there?
          user.handle_frame(Octets{0x00, 0x01, 0x01, static_cast<Octet>(nr << 1 | 1)}, now);
        }
        if (frame->kind != FrameKind::i) continue;
        nr = (frame->ns + 1) & 0x7F;
        sent.push_back(summarize(out->octets));
      } else {
        events.push_back(std::move(*output));
      }
    }
  }
  void send(std::string_view message) {
    Octets frame{0x02, 0x01, static_cast<Octet>(ns << 1), static_cast<Octet>(nr << 1)};
    const auto body = from_hex(message).value();
    frame.insert(frame.end(), body.begin(), body.end());
    ns = (ns + 1) & 0x7F;
    user.handle_frame(frame, now);
    drain();
  }
  template <class T>
  const T* last() const {
    return events.empty() ? nullptr : std::get_if<T>(&events.back());
  }
  /// A call of ours; its reference is 1, so what the far end sends of it has 8001.
  CallRef call_out() {
    pri::Setup setup;
    setup.called.digits = "1000";
    setup.channel = {3, false};
    const auto call = user.setup(setup, now);
    drain();
    EXPECT_EQ(sent.back(), "SETUP cr=1 -> 1000 ch 3");
    return call.value_or(0);
  }
};

struct ByHand : testing::Test, FarByHand {
  explicit ByHand(const DChannelConfig& config = {}) : FarByHand(config) {}
};

}  // namespace tandem::tdm::pri
