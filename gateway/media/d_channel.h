#pragma once
#include <algorithm>

#include "gateway/base/spsc_queue.h"
#include "gateway/media/commands.h"
#include "tdm/hdlc.h"

namespace tandem::media {

/// A timeslot that carries HDLC: frames of one D channel.
class DChannelPort {
 public:
  DChannelPort(std::uint16_t index, Circuit circuit) : index_(index), circuit_(circuit) {}

  [[nodiscard]] Circuit circuit() const { return circuit_; }
  void move_to(Circuit circuit) { circuit_ = circuit; }

  /// Octets of the timeslot; calls `on_frame(const DFrame&)` for each good frame.
  template <class OnFrame>
  void receive(OctetView octets, OnFrame&& on_frame) {
    receiver_.push(octets, [&](OctetView octets_of_frame) {
      frame_.d_channel = index_;
      frame_.size = static_cast<std::uint16_t>(std::min(octets_of_frame.size(), frame_.octets.size()));
      std::copy_n(octets_of_frame.begin(), frame_.size, frame_.octets.begin());
      on_frame(frame_);
    });
  }
  /// False: the transmitter's queue is full, or the frame is no frame.
  bool send(const DFrame& frame) {
    return transmitter_.queue(
        OctetView(frame.octets).first(std::min<std::size_t>(frame.size, frame.octets.size())));
  }
  void fill(std::span<Octet> octets) { transmitter_.fill(octets); }

 private:
  std::uint16_t index_;
  Circuit circuit_;
  tdm::HdlcReceiver receiver_;
  tdm::HdlcTransmitter transmitter_;
  DFrame frame_;
};

}  // namespace tandem::media
