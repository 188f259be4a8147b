#pragma once
// HDLC on the octets of a timeslot by SpanDSP.
#include <cstdint>
#include <deque>
#include <functional>
#include <span>
#include <vector>

extern "C" {
struct hdlc_rx_state_s;
struct hdlc_tx_state_s;
}

namespace exchange {

class HdlcLink {
 public:
  using OnFrame = std::function<void(std::span<const std::uint8_t>)>;  ///< a good frame, without FCS

  explicit HdlcLink(OnFrame on_frame);
  ~HdlcLink();
  HdlcLink(const HdlcLink&) = delete;
  HdlcLink& operator=(const HdlcLink&) = delete;

  void receive(std::span<const std::uint8_t> line);
  void send(std::span<const std::uint8_t> frame);
  /// The next octets for the line: frames as they were sent, flags between.
  void transmit(std::span<std::uint8_t> line);
  /// No frame waits behind the one that is on its way.
  [[nodiscard]] bool idle() const { return waiting_.empty(); }

 private:
  static void on_frame(void* user, const std::uint8_t* frame, int length, int ok);

  OnFrame on_frame_;
  hdlc_rx_state_s* receiver_;
  hdlc_tx_state_s* transmitter_;
  std::deque<std::vector<std::uint8_t>> waiting_;
};

}  // namespace exchange
