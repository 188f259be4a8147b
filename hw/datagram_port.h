#pragma once
#include <chrono>
#include <optional>
#include <span>

#include "gateway/base/bytes.h"
#include "gateway/base/time.h"

namespace tandem::hw {

/// One datagram taken in.
struct Received {
  std::size_t size = 0;  ///< its octets; more than the buffer holds: it was cut
  Duration age{};        ///< how long ago it arrived; zero when the port does not know
};

/// Where datagrams come from and go to: a connected UDP socket, or a test's wire. Never blocks.
class DatagramPort {
 public:
  virtual ~DatagramPort() = default;
  /// False: it could not be sent now and is dropped.
  virtual bool send(OctetView datagram) = 0;
  /// The next datagram; nothing when none waits.
  virtual std::optional<Received> receive(std::span<Octet> buffer) = 0;
};

}  // namespace tandem::hw
