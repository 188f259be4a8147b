#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json/object.hpp>
#include <expected>
#include <functional>
#include <string>

#include "gateway/base/bytes.h"

namespace tandem::io {

/// What a command answers: a JSON object, with "error" when it failed, and octets that follow it.
struct ControlReply {
  boost::json::object body;
  Octets attachment = {};
};

/// Error as a reply.
ControlReply control_error(std::string text);

/// What the server writes before the attachment: the body, with the attachment's size, as JSON on a line; its
/// texts as visible() makes them.
std::string line_of(const ControlReply& reply);

/// The local control socket: one JSON object on a line in, one JSON object on a line out ("octets" counts the
/// octets that follow the line), then the connection ends.
class ControlServer {
 public:
  using Reply = std::function<void(ControlReply)>;
  /// Must call the reply exactly once, now or later, in the signalling thread.
  using Handler = std::function<void(const boost::json::object& request, Reply reply)>;

  ControlServer(boost::asio::io_context& io, Handler handler);
  ~ControlServer();
  /// Error when the path cannot be bound or another gateway answers on it.
  std::expected<void, std::string> listen(const std::string& path);

 private:
  class Session;
  void accept();

  boost::asio::io_context& io_;
  Handler handler_;
  boost::asio::local::stream_protocol::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  std::string path_;
};

/// Client side, blocking: sends `request` and waits for the reply. Error: a sentence for the operator.
std::expected<ControlReply, std::string> control_request(const std::string& path,
                                                         const boost::json::object& request);

}  // namespace tandem::io
