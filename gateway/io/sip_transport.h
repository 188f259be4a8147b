#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

#include "sipt/config.h"
#include "sipt/user_agent.h"

namespace tandem::io {

/// The sockets of the SIP side: UDP, and TCP with a connection for each peer, opened on demand
/// (RFC 3261 18).
class SipTransport {
 public:
  struct Handlers {
    std::function<void(const sip::Flow&, OctetView)> datagram;
    std::function<void(const sip::Flow&, OctetView)> stream;
    std::function<void(const sip::Flow&)> closed;
  };

  SipTransport(boost::asio::io_context& io, Handlers handlers);
  ~SipTransport();
  /// Error: "tcp:127.0.0.1:5060: Address already in use".
  std::expected<void, std::string> listen(const sip::ListenAddress& address, int dscp);
  void send(const sip::Transmit& transmit);

 private:
  struct UdpListener;
  struct TcpListener;
  class Connection;

  void accept(TcpListener& listener);
  std::shared_ptr<Connection> open(const sip::Flow& flow);
  std::shared_ptr<Connection> find(const sip::Flow& flow) const;
  /// There is room for a connection from there.
  [[nodiscard]] bool may_connect(const SocketAddress& remote) const;
  void add(const std::shared_ptr<Connection>& connection);
  void forget(const sip::Flow& flow);

  boost::asio::io_context& io_;
  Handlers handlers_;
  std::vector<std::unique_ptr<UdpListener>> udp_;
  std::vector<std::unique_ptr<TcpListener>> tcp_;
  std::unordered_map<std::uint64_t, std::shared_ptr<Connection>> connections_;
  std::unordered_map<SocketAddress, std::uint64_t> by_remote_;  ///< the newest connection of each peer
  std::unordered_map<SocketAddress, std::size_t> by_network_;   ///< how many connections each has
  std::uint64_t last_connection_ = 0;
};

}  // namespace tandem::io
