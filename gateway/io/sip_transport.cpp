#include "gateway/io/sip_transport.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/write.hpp>

#include "gateway/io/endpoint.h"

namespace tandem::io {
namespace {

using boost::asio::ip::tcp;
using boost::asio::ip::udp;
using boost::system::error_code;

constexpr std::size_t kMaxConnections = 4096;
/// From one host, or one IPv6 network of 64 bits: a proxy has a few. So no single one can take them all.
constexpr std::size_t kMaxOfOneHost = 64;
constexpr std::size_t kNetworkOctets = 8;     ///< RFC 4291 2.5.4
constexpr std::size_t kMaxUnsent = 4u << 20;  ///< octets a slow reader may leave unsent before it is cut off
constexpr auto kAcceptPause = std::chrono::milliseconds(100);
constexpr auto kConnectTimeout = std::chrono::seconds(5);
constexpr auto kIdleTimeout = std::chrono::minutes(15);

std::string text(sip::Transport transport, const SocketAddress& address, const error_code& error) {
  return (transport == sip::Transport::udp ? "udp:" : "tcp:") + to_string(address) + ": " + error.message();
}

SocketAddress network_of(SocketAddress address) {
  address.port = 0;
  if (address.v6) std::fill(address.ip.begin() + kNetworkOctets, address.ip.end(), std::uint8_t{0});
  return address;
}

template <class Socket>
void set_dscp(Socket& socket, bool v6, int dscp) {
  error_code ignored;
  const int tos = dscp << 2;
  if (v6) {
    socket.set_option(boost::asio::detail::socket_option::integer<IPPROTO_IPV6, IPV6_TCLASS>(tos), ignored);
  } else {
    socket.set_option(boost::asio::detail::socket_option::integer<IPPROTO_IP, IP_TOS>(tos), ignored);
  }
}

/// Opens, marks and binds a socket or acceptor.
template <class Socket, class Endpoint>
error_code open_and_bind(Socket& socket, const SocketAddress& address, int dscp) {
  error_code error;
  const auto endpoint = to_asio_endpoint<Endpoint>(address);
  if (socket.open(endpoint.protocol(), error)) return error;
  if (address.v6 && socket.set_option(boost::asio::ip::v6_only(true), error)) return error;
  set_dscp(socket, address.v6, dscp);
  if constexpr (std::is_same_v<Endpoint, tcp::endpoint>)
    if (socket.set_option(tcp::acceptor::reuse_address(true), error)) return error;
  socket.bind(endpoint, error);
  return error;
}

}  // namespace

struct SipTransport::UdpListener {
  UdpListener(boost::asio::io_context& io, const SocketAddress& address, Handlers& to)
      : socket(io), local(address), handlers(to) {}

  void receive() {
    socket.async_receive_from(
        boost::asio::buffer(buffer), from, [this](const error_code& error, std::size_t octets) {
          if (error == boost::asio::error::operation_aborted) return;
          if (!error)
            handlers.datagram({sip::Transport::udp, local, from_asio(from), 0}, {buffer.data(), octets});
          receive();
        });
  }

  udp::socket socket;
  SocketAddress local;
  Handlers& handlers;
  udp::endpoint from;
  std::array<Octet, 65536> buffer{};
};

struct SipTransport::TcpListener {
  TcpListener(boost::asio::io_context& io, const SocketAddress& address)
      : acceptor(io), pause(io), local(address) {}
  tcp::acceptor acceptor;
  boost::asio::steady_timer pause;
  SocketAddress local;
};

class SipTransport::Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(SipTransport& owner, tcp::socket socket, sip::Flow flow)
      : owner_(owner), socket_(std::move(socket)), timer_(owner.io_), flow_(flow) {}

  [[nodiscard]] const sip::Flow& flow() const { return flow_; }

  void start() {
    connected_ = true;
    watch(kIdleTimeout);
    read();
    write();
  }

  void connect() {
    watch(kConnectTimeout);
    socket_.async_connect(to_asio_endpoint<tcp::endpoint>(flow_.remote),
                          [self = shared_from_this()](const error_code& error) {
                            if (error) return self->close();
                            self->start();
                          });
  }

  void send(const Octets& octets) {
    unsent_ += octets.size();
    if (unsent_ > kMaxUnsent) return close();
    queue_.push_back(octets);
    if (queue_.size() == 1) write();
  }

  void close() {
    if (closed_) return;
    closed_ = true;
    error_code ignored;
    socket_.close(ignored);
    timer_.cancel();
    const auto self = shared_from_this();
    owner_.forget(flow_);
    auto flow = flow_;
    if (!connected_) flow.connection = 0;  // who asked for it never learnt its number
    owner_.handlers_.closed(flow);
  }

  /// The owner goes away: no handler is called any more.
  void abandon() {
    closed_ = true;
    error_code ignored;
    socket_.close(ignored);
    timer_.cancel();
  }

 private:
  void watch(std::chrono::seconds limit) {
    timer_.expires_after(limit);
    timer_.async_wait([self = shared_from_this()](const error_code& error) {
      if (!error && !self->closed_) self->close();
    });
  }

  void read() {
    socket_.async_read_some(boost::asio::buffer(buffer_),
                            [self = shared_from_this()](const error_code& error, std::size_t octets) {
                              if (self->closed_) return;
                              if (error) return self->close();
                              self->watch(kIdleTimeout);
                              self->owner_.handlers_.stream(self->flow_, {self->buffer_.data(), octets});
                              if (!self->closed_) self->read();
                            });
  }

  void write() {
    if (!connected_ || queue_.empty() || closed_) return;
    boost::asio::async_write(socket_, boost::asio::buffer(queue_.front()),
                             [self = shared_from_this()](const error_code& error, std::size_t octets) {
                               if (self->closed_) return;
                               if (error) return self->close();
                               self->unsent_ -= octets;
                               self->queue_.pop_front();
                               self->write();
                             });
  }

  SipTransport& owner_;
  tcp::socket socket_;
  boost::asio::steady_timer timer_;
  sip::Flow flow_;
  bool connected_ = false;
  bool closed_ = false;
  std::array<Octet, 16384> buffer_{};
  std::deque<Octets> queue_;
  std::size_t unsent_ = 0;
};

SipTransport::SipTransport(boost::asio::io_context& io, Handlers handlers)
    : io_(io), handlers_(std::move(handlers)) {}

SipTransport::~SipTransport() {
  for (auto& [id, connection] : connections_) connection->abandon();
}

std::expected<void, std::string> SipTransport::listen(const sip::ListenAddress& address, int dscp) {
  if (address.transport == sip::Transport::udp) {
    auto listener = std::make_unique<UdpListener>(io_, address.address, handlers_);
    if (const auto error = open_and_bind<udp::socket, udp::endpoint>(listener->socket, address.address, dscp))
      return std::unexpected(text(address.transport, address.address, error));
    listener->socket.non_blocking(true);
    // A burst of calls must survive a pause of this process.
    error_code ignored;
    listener->socket.set_option(boost::asio::socket_base::receive_buffer_size(4 << 20), ignored);
    listener->receive();
    udp_.push_back(std::move(listener));
    return {};
  }
  auto listener = std::make_unique<TcpListener>(io_, address.address);
  auto error = open_and_bind<tcp::acceptor, tcp::endpoint>(listener->acceptor, address.address, dscp);
  if (!error) listener->acceptor.listen(tcp::acceptor::max_listen_connections, error);
  if (error) return std::unexpected(text(address.transport, address.address, error));
  accept(*listener);
  tcp_.push_back(std::move(listener));
  return {};
}

void SipTransport::accept(TcpListener& listener) {
  listener.acceptor.async_accept([this, &listener](const error_code& error, tcp::socket socket) {
    if (error == boost::asio::error::operation_aborted) return;
    if (error) {  // no file descriptor left: asking again at once would spin
      listener.pause.expires_after(kAcceptPause);
      return listener.pause.async_wait([this, &listener](const error_code& stopped) {
        if (!stopped) accept(listener);
      });
    }
    error_code gone;
    const auto remote = socket.remote_endpoint(gone);
    if (!gone && may_connect(from_asio(remote))) {
      const sip::Flow flow{sip::Transport::tcp, listener.local, from_asio(remote), ++last_connection_};
      const auto connection = std::make_shared<Connection>(*this, std::move(socket), flow);
      add(connection);
      connection->start();
    }
    accept(listener);
  });
}

bool SipTransport::may_connect(const SocketAddress& remote) const {
  const auto it = by_network_.find(network_of(remote));
  return connections_.size() < kMaxConnections && (it == by_network_.end() || it->second < kMaxOfOneHost);
}

std::shared_ptr<SipTransport::Connection> SipTransport::find(const sip::Flow& flow) const {
  if (const auto it = connections_.find(flow.connection); it != connections_.end()) return it->second;
  const auto it = by_remote_.find(flow.remote);
  return it == by_remote_.end() ? nullptr : connections_.at(it->second);
}

std::shared_ptr<SipTransport::Connection> SipTransport::open(const sip::Flow& flow) {
  sip::Flow with_id = flow;
  with_id.connection = ++last_connection_;
  const auto connection = std::make_shared<Connection>(*this, tcp::socket(io_), with_id);
  add(connection);
  connection->connect();
  return connection;
}

void SipTransport::send(const sip::Transmit& transmit) {
  const auto& flow = transmit.flow;
  if (flow.transport == sip::Transport::udp) {
    for (const auto& listener : udp_) {
      if (listener->local != flow.local && udp_.size() > 1) continue;
      error_code ignored;  // an unreachable host shows as a time-out of the transaction
      listener->socket.send_to(boost::asio::buffer(transmit.octets),
                               to_asio_endpoint<udp::endpoint>(flow.remote), 0, ignored);
      return;
    }
    return;
  }
  auto connection = find(flow);
  if (transmit.octets.empty()) {  // what came on it cannot be framed (RFC 3261 18.3)
    if (connection) connection->close();
    return;
  }
  if (!connection) connection = open(flow);
  connection->send(transmit.octets);
}

void SipTransport::add(const std::shared_ptr<Connection>& connection) {
  connections_.emplace(connection->flow().connection, connection);
  ++by_network_[network_of(connection->flow().remote)];
  by_remote_[connection->flow().remote] = connection->flow().connection;
}

void SipTransport::forget(const sip::Flow& flow) {
  if (connections_.erase(flow.connection) == 0) return;
  const auto network = by_network_.find(network_of(flow.remote));
  if (--network->second == 0) by_network_.erase(network);
  const auto it = by_remote_.find(flow.remote);
  if (it != by_remote_.end() && it->second == flow.connection) by_remote_.erase(it);
}

}  // namespace tandem::io
