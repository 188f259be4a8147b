#include "tests/exchange/hdlc_link.h"

#include <spandsp.h>

namespace exchange {

HdlcLink::HdlcLink(OnFrame on_frame)
    : on_frame_(std::move(on_frame)),
      receiver_(hdlc_rx_init(nullptr, 0, 0, 1, &HdlcLink::on_frame, this)),
      transmitter_(hdlc_tx_init(nullptr, 0, 1, 0, nullptr, nullptr)) {}

HdlcLink::~HdlcLink() {
  hdlc_rx_free(receiver_);
  hdlc_tx_free(transmitter_);
}

void HdlcLink::on_frame(void* user, const std::uint8_t* frame, int length, int ok) {
  if (length <= 0 || ok == 0) return;  // a negative length is a status
  static_cast<HdlcLink*>(user)->on_frame_({frame, static_cast<std::size_t>(length)});
}

void HdlcLink::receive(std::span<const std::uint8_t> line) {
  hdlc_rx_put(receiver_, line.data(), static_cast<int>(line.size()));
}

void HdlcLink::send(std::span<const std::uint8_t> frame) {
  waiting_.emplace_back(frame.begin(), frame.end());
}

void HdlcLink::transmit(std::span<std::uint8_t> line) {
  for (auto& octet : line) {
    // One frame at a time; it says when it has not gone yet.
    if (!waiting_.empty() &&
        hdlc_tx_frame(transmitter_, waiting_.front().data(), waiting_.front().size()) == 0) {
      waiting_.pop_front();
    }
    octet = static_cast<std::uint8_t>(hdlc_tx_get_byte(transmitter_));
  }
}

}  // namespace exchange
