#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <vector>

#include "gateway/base/address.h"
#include "gateway/base/bytes.h"
#include "gateway/base/time.h"

namespace tandem::io {

/// A UDP packet that crossed one of our sockets.
struct CapturedPacket {
  Time at{};
  SocketAddress source;
  SocketAddress destination;
  Octets octets;
};

/// The last packets that a media thread sent and received, always on, in fixed memory. The recording thread
/// copies and never waits; a reader in another thread asks for a turn of the two buffers and takes the one
/// that the recorder has left, so that no octet is ever shared.
class FlightRecorder {
 public:
  /// Two buffers of `packets` packets, each kept up to `packet_octets`; 0 packets: nothing is recorded.
  FlightRecorder(std::size_t packets, std::size_t packet_octets);

  // Recording thread.
  void record(Time at, const SocketAddress& source, const SocketAddress& destination, OctetView packet);
  /// Turns the buffers if a reader has asked; once a tick.
  void service();

  // Reading thread.
  void request();
  /// True when the turn asked for has been made.
  [[nodiscard]] bool ready() const;
  /// What was recorded until the turn, oldest first; empty unless ready().
  std::vector<CapturedPacket> take();

 private:
  struct Header {
    Time at{};
    SocketAddress source, destination;
    std::size_t size = 0;
  };
  struct Buffer {
    std::vector<Header> headers;
    std::vector<Octet> octets;
    std::size_t count = 0;  ///< packets ever recorded
  };
  enum class Turn : int { none, requested, ready };

  std::size_t packet_octets_;
  std::array<Buffer, 2> buffers_;
  std::size_t active_ = 0;  ///< recording thread's; the reader may look while Turn::ready
  std::atomic<Turn> turn_{Turn::none};
};

}  // namespace tandem::io
