#include "gateway/io/control_server.h"

#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "gateway/io/text.h"

namespace tandem::io {
namespace {

using boost::asio::local::stream_protocol;
using boost::system::error_code;

constexpr std::size_t kMaxRequest = 64 * 1024;
constexpr std::size_t kMaxPath = 107;  // sockaddr_un, which Asio ends with a zero
constexpr auto kAcceptPause = std::chrono::milliseconds(100);
constexpr auto kRequestTimeout = std::chrono::seconds(10);

/// Peers' octets reach the replies: neither the parser nor the terminal at the other end is to stumble.
void make_visible(boost::json::value& value) {
  if (auto* text = value.if_string()) {
    *text = visible(*text, true);
  } else if (auto* array = value.if_array()) {
    for (auto& element : *array) make_visible(element);
  } else if (auto* object = value.if_object()) {
    for (auto& member : *object) make_visible(member.value());
  }
}

}  // namespace

ControlReply control_error(std::string text) {
  return {{{"error", std::move(text)}}};
}

std::string line_of(const ControlReply& reply) {
  boost::json::value body = reply.body;
  if (!reply.attachment.empty()) body.as_object()["octets"] = reply.attachment.size();
  make_visible(body);
  return boost::json::serialize(body) + "\n";
}

class ControlServer::Session : public std::enable_shared_from_this<Session> {
 public:
  Session(boost::asio::io_context& io, stream_protocol::socket socket, const Handler& handler)
      : socket_(std::move(socket)), timer_(io), handler_(handler) {}

  void start() {
    watch();
    boost::asio::async_read_until(socket_, boost::asio::dynamic_buffer(input_, kMaxRequest), '\n',
                                  [self = shared_from_this()](const error_code& error, std::size_t octets) {
                                    self->timer_.cancel();
                                    if (!error) self->serve(octets);
                                  });
  }

 private:
  /// Cuts off a client that neither asks nor reads.
  void watch() {
    timer_.expires_after(kRequestTimeout);
    timer_.async_wait([self = shared_from_this()](const error_code& error) {
      error_code ignored;
      if (!error) self->socket_.close(ignored);
    });
  }

  void serve(std::size_t octets) {
    error_code error;
    const auto request = boost::json::parse(std::string_view(input_).substr(0, octets), error);
    if (error || !request.is_object()) return answer(control_error("a request is one JSON object on a line"));
    handler_(request.as_object(),
             [self = shared_from_this()](ControlReply reply) { self->answer(std::move(reply)); });
  }

  void answer(ControlReply reply) {
    output_ = line_of(reply);
    output_.append(as_text(reply.attachment));
    watch();
    boost::asio::async_write(
        socket_, boost::asio::buffer(output_),
        [self = shared_from_this()](const error_code&, std::size_t) { self->timer_.cancel(); });
  }

  stream_protocol::socket socket_;
  boost::asio::steady_timer timer_;
  const Handler& handler_;
  std::string input_;
  std::string output_;
};

ControlServer::ControlServer(boost::asio::io_context& io, Handler handler)
    : io_(io), handler_(std::move(handler)), acceptor_(io), pause_(io) {}

ControlServer::~ControlServer() {
  if (!path_.empty()) ::unlink(path_.c_str());
}

std::expected<void, std::string> ControlServer::listen(const std::string& path) {
  const auto refuse = [&](const std::string& why) {
    return std::unexpected("control socket " + path + ": " + why);
  };
  if (path.size() > kMaxPath) return refuse("the path is longer than 107 octets");
  struct stat found{};
  const bool there = ::lstat(path.c_str(), &found) == 0;
  if (there && !S_ISSOCK(found.st_mode))
    return refuse("something that is no socket is there; choose another path");
  error_code error;
  stream_protocol::socket probe(io_);
  probe.connect(stream_protocol::endpoint(path), error);
  if (!error) return refuse("another gateway answers on it; stop it or choose another path");
  if (there) ::unlink(path.c_str());  // left by a process that was killed
  const auto old_mask = ::umask(0117);
  acceptor_.open();
  acceptor_.bind(stream_protocol::endpoint(path), error);
  ::umask(old_mask);
  if (error) return refuse(error.message());
  path_ = path;
  acceptor_.listen();
  accept();
  return {};
}

void ControlServer::accept() {
  acceptor_.async_accept([this](const error_code& error, stream_protocol::socket socket) {
    if (error == boost::asio::error::operation_aborted) return;
    if (!error) {
      std::make_shared<Session>(io_, std::move(socket), handler_)->start();
      return accept();
    }
    pause_.expires_after(kAcceptPause);  // no file descriptor left: asking again at once would spin
    pause_.async_wait([this](const error_code& stopped) {
      if (!stopped) accept();
    });
  });
}

std::expected<ControlReply, std::string> control_request(const std::string& path,
                                                         const boost::json::object& request) {
  if (path.size() > kMaxPath)
    return std::unexpected("control socket " + path + ": the path is longer than 107 octets");
  boost::asio::io_context io;
  stream_protocol::socket socket(io);
  error_code error;
  socket.connect(stream_protocol::endpoint(path), error);
  if (error)
    return std::unexpected("no gateway answers on " + path + " (" + error.message() +
                           "); is it running? name its socket with --control or TANDEM_CONTROL");
  boost::asio::write(socket, boost::asio::buffer(boost::json::serialize(request) + "\n"), error);
  std::string input;
  if (!error) boost::asio::read(socket, boost::asio::dynamic_buffer(input), error);
  const auto end = input.find('\n');
  if (end == std::string::npos)
    return std::unexpected("the gateway ended the connection: " + error.message());
  const auto body = boost::json::parse(std::string_view(input).substr(0, end), error);
  if (error || !body.is_object()) return std::unexpected("the gateway's answer is not JSON");
  ControlReply reply{body.as_object(), to_octets(std::string_view(input).substr(end + 1))};
  if (const auto* text = reply.body.if_contains("error"))
    return std::unexpected(std::string(text->as_string()));
  const auto* octets = reply.body.if_contains("octets");
  if (octets != nullptr && octets->to_number<std::size_t>() != reply.attachment.size())
    return std::unexpected("the gateway's answer was cut short");
  return reply;
}

}  // namespace tandem::io
