#include "gateway/io/metrics_server.h"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <optional>

#include "gateway/io/endpoint.h"

namespace tandem::io {
namespace {

namespace http = boost::beast::http;
using boost::asio::ip::tcp;
using boost::system::error_code;

constexpr auto kPatience = std::chrono::seconds(10);
constexpr auto kAcceptPause = std::chrono::milliseconds(100);
constexpr std::uint32_t kMaxHeader = 8192;
constexpr int kMaxClients = 16;

}  // namespace

class MetricsServer::Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, Page page, std::shared_ptr<int> clients)
      : stream_(std::move(socket)), page_(std::move(page)), clients_(std::move(clients)) {
    ++*clients_;
  }
  ~Session() { --*clients_; }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void read() {
    parser_.emplace();
    parser_->header_limit(kMaxHeader);
    parser_->body_limit(std::uint64_t{0});
    stream_.expires_after(kPatience);
    http::async_read(stream_, buffer_, *parser_,
                     [self = shared_from_this()](const error_code& error, std::size_t) {
                       if (!error) return self->answer();
                       self->stream_.socket().close();
                     });
  }

 private:
  void answer() {
    const auto& request = parser_->get();
    response_ = {http::status::ok, request.version()};
    response_.keep_alive(request.keep_alive());
    response_.set(http::field::content_type, "text/plain; charset=utf-8");
    const auto target = std::string_view(request.target().data(), request.target().size());
    const bool head = request.method() == http::verb::head;
    if (request.method() != http::verb::get && !head) {
      response_.result(http::status::method_not_allowed);
      response_.set(http::field::allow, "GET, HEAD");
    } else if (target.substr(0, target.find('?')) != "/metrics") {
      response_.result(http::status::not_found);
      response_.body() = "metrics are at /metrics\n";
    } else {
      response_.set(http::field::content_type, "text/plain; version=0.0.4; charset=utf-8");
      response_.body() = page_();
    }
    response_.prepare_payload();
    if (head) response_.body().clear();  // the length stays (RFC 9110 9.3.2)
    stream_.expires_after(kPatience);
    http::async_write(stream_, response_, [self = shared_from_this()](const error_code& error, std::size_t) {
      if (!error && self->response_.keep_alive()) return self->read();
      error_code ignored;
      self->stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    });
  }

  boost::beast::tcp_stream stream_;
  boost::beast::flat_buffer buffer_{kMaxHeader};
  std::optional<http::request_parser<http::empty_body>> parser_;
  http::response<http::string_body> response_;
  Page page_;
  std::shared_ptr<int> clients_;
};

MetricsServer::MetricsServer(boost::asio::io_context& io, Page page)
    : page_(std::move(page)), acceptor_(io), pause_(io) {}

std::expected<void, std::string> MetricsServer::listen(const SocketAddress& address) {
  const auto endpoint = to_asio_endpoint<tcp::endpoint>(address);
  error_code error;
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(kMaxClients, error);
  if (error) return std::unexpected("metrics on " + to_string(address) + ": " + error.message());
  accept();
  return {};
}

SocketAddress MetricsServer::address() const {
  return from_asio(acceptor_.local_endpoint());
}

void MetricsServer::accept() {
  acceptor_.async_accept([this](const error_code& error, tcp::socket socket) {
    if (error == boost::asio::error::operation_aborted) return;
    if (!error) {
      if (*clients_ < kMaxClients) std::make_shared<Session>(std::move(socket), page_, clients_)->read();
      return accept();
    }
    pause_.expires_after(kAcceptPause);  // no file descriptor left: asking again at once would spin
    pause_.async_wait([this](const error_code& stopped) {
      if (!stopped) accept();
    });
  });
}

}  // namespace tandem::io
