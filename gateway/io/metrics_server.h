#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <expected>
#include <functional>
#include <memory>
#include <string>

#include "gateway/base/address.h"

namespace tandem::io {

/// Serves one page by HTTP/1.1, at /metrics, to whoever asks. Requests are small, take 10 s at most, and 16
/// clients are served at once.
class MetricsServer {
 public:
  using Page = std::function<std::string()>;
  MetricsServer(boost::asio::io_context& io, Page page);
  /// Error: a sentence.
  std::expected<void, std::string> listen(const SocketAddress& address);
  /// Where it listens: the port that the system chose for port 0.
  [[nodiscard]] SocketAddress address() const;

 private:
  class Session;
  void accept();

  Page page_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  std::shared_ptr<int> clients_ = std::make_shared<int>(0);
};

}  // namespace tandem::io
