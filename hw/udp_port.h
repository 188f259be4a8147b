#pragma once
#include <expected>
#include <memory>
#include <string>

#include "gateway/base/address.h"
#include "hw/datagram_port.h"

namespace tandem::hw {

/// A connected, non-blocking UDP socket: only what comes from `remote` is received.
class UdpPort final : public DatagramPort {
 public:
  /// Errors: a sentence that names the address and what to do, e.g. "cannot bind 127.0.0.1:40001: Address
  /// already in use; another program, or another span, has this port".
  static std::expected<std::unique_ptr<UdpPort>, std::string> open(const SocketAddress& local,
                                                                   const SocketAddress& remote,
                                                                   std::uint8_t dscp);
  ~UdpPort() override;
  UdpPort(const UdpPort&) = delete;
  UdpPort& operator=(const UdpPort&) = delete;

  bool send(OctetView datagram) override;
  std::optional<Received> receive(std::span<Octet> buffer) override;

 private:
  explicit UdpPort(int socket) : socket_(socket) {}
  int socket_;
};

}  // namespace tandem::hw
