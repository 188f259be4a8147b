// A user agent on real sockets: IPv4 and IPv6 at once, requests too large for UDP, TCP that is refused.
#include "gateway/io/sip_transport.h"

#include <gtest/gtest.h>

#include <boost/asio/write.hpp>
#include <chrono>

#include "gateway/io/endpoint.h"
#include "sipt/message.h"

namespace tandem::io {
namespace {

using boost::asio::ip::tcp;
using boost::asio::ip::udp;
using namespace std::chrono_literals;

constexpr std::uint16_t kPort = 25060;
constexpr std::uint16_t kPeerPort = 25070;

SocketAddress at(std::string_view host, std::uint16_t port) {
  return parse_ip(host, port).value();
}

/// What gateway/io/node.cpp does, with a user agent alone.
class Node {
 public:
  Node() : agent(config(), random_), transport_(io, handlers()) {
    for (const auto& address : config().listen) {
      const auto listening = transport_.listen(address, 0);
      EXPECT_TRUE(listening) << listening.error();
    }
  }
  void pump() {
    while (auto transmit = agent.poll_transmit()) transport_.send(*transmit);
  }
  /// Until it holds, or five seconds have passed.
  template <class Condition>
  bool runs_until(Condition condition) {
    const auto end = std::chrono::steady_clock::now() + 5s;
    while (!condition() && std::chrono::steady_clock::now() < end) {
      io.restart();
      io.run_one_for(10ms);
      agent.handle_timers(now());
      pump();
    }
    return condition();
  }
  static Time now() { return Time(std::chrono::steady_clock::now().time_since_epoch()); }

  boost::asio::io_context io;

 private:
  static sip::UserAgentConfig config() {
    sip::UserAgentConfig config;
    for (const char* host : {"127.0.0.1", "::1"}) {
      config.listen.push_back({sip::Transport::udp, at(host, kPort)});
      config.listen.push_back({sip::Transport::tcp, at(host, kPort)});
    }
    return config;
  }
  SipTransport::Handlers handlers() {
    return {[this](const sip::Flow& flow, OctetView octets) {
              agent.handle_datagram(flow, octets, now());
              pump();
            },
            [this](const sip::Flow& flow, OctetView octets) {
              agent.handle_stream(flow, octets, now());
              pump();
            },
            [this](const sip::Flow& flow) {
              agent.handle_closed(flow, now());
              pump();
            }};
  }
  SeededRandom random_{3};

 public:
  sip::UserAgent agent;

 private:
  SipTransport transport_;
};

std::string options(std::string_view transport, std::string_view sent_by) {
  std::string text("OPTIONS sip:x SIP/2.0\r\nVia: SIP/2.0/");
  text.append(transport).append(" ").append(sent_by).append(";branch=z9hG4bK;rport\r\nCall-ID: ");
  text.append(transport).append(sent_by).append("\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:x@y>\r\n");
  return text + "CSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n";
}

/// What a datagram socket receives next.
std::string next_of(Node& node, udp::socket& socket) {
  if (!node.runs_until([&] { return socket.available() > 0; })) return {};
  std::string text(65536, '\0');
  text.resize(socket.receive(boost::asio::buffer(text)));
  return text;
}
std::string next_of(Node& node, tcp::socket& socket) {
  if (!node.runs_until([&] { return socket.available() > 0; })) return {};
  std::string text(65536, '\0');
  text.resize(socket.read_some(boost::asio::buffer(text)));
  return text;
}

sip::InviteInfo call(std::size_t padding) {
  sip::InviteInfo info;
  info.request_uri = *sip::parse_uri("sip:1@127.0.0.1");
  info.from = *sip::parse_name_addr("<sip:2@127.0.0.1>");
  info.to = *sip::parse_name_addr("<sip:1@127.0.0.1>");
  info.extra.push_back({"X-Padding", std::string(padding, 'x')});
  return info;
}
sip::Flow to_peer(std::string_view host) {
  return {sip::Transport::udp, at(host, kPort), at(host, kPeerPort), 0};
}

TEST(SipTransport, AnswersInTheAddressFamilyOfThePeer) {
  Node node;
  for (const char* host : {"127.0.0.1", "::1"}) {
    const std::string self = to_string(at(host, kPort));
    udp::socket datagrams(node.io, to_asio_endpoint<udp::endpoint>(at(host, 0)));
    const auto request = options("UDP", to_string(at(host, 9)));
    datagrams.send_to(boost::asio::buffer(request), to_asio_endpoint<udp::endpoint>(at(host, kPort)));
    const std::string by_udp = next_of(node, datagrams);
    EXPECT_TRUE(by_udp.starts_with("SIP/2.0 200 OK\r\n")) << host;
    EXPECT_NE(by_udp.find("Contact: <sip:" + self + ">\r\n"), std::string::npos) << by_udp;
    EXPECT_NE(by_udp.find(";received=" + std::string(host) + "\r\n"), std::string::npos)
        << by_udp;  // no brackets

    tcp::socket stream(node.io);
    stream.connect(to_asio_endpoint<tcp::endpoint>(at(host, kPort)));
    boost::asio::write(stream, boost::asio::buffer("\r\n\r\n" + options("TCP", to_string(at(host, 9)))));
    std::string by_tcp = next_of(node, stream);
    while (by_tcp.size() < 10) by_tcp += next_of(node, stream);
    EXPECT_TRUE(by_tcp.starts_with("\r\nSIP/2.0 200 OK\r\n")) << by_tcp;  // a pong before it
    EXPECT_NE(by_tcp.find("Contact: <sip:" + self + ";transport=tcp>\r\n"), std::string::npos) << by_tcp;
  }
}

TEST(SipTransport, ALargeRequestGoesByTcpWhereThePeerListens) {
  Node node;
  for (const char* host : {"127.0.0.1", "::1"}) {
    tcp::acceptor acceptor(node.io, to_asio_endpoint<tcp::endpoint>(at(host, kPeerPort)));
    acceptor.non_blocking(true);
    node.agent.invite(call(1500), to_peer(host), Node::now());
    node.pump();
    tcp::socket stream(node.io);
    boost::system::error_code error;
    EXPECT_TRUE(node.runs_until([&] { return stream.is_open() || !acceptor.accept(stream, error); }));
    const std::string invite = next_of(node, stream);
    EXPECT_NE(invite.find("Via: SIP/2.0/TCP " + to_string(at(host, kPort)) + ";"), std::string::npos)
        << invite;
  }
}

TEST(SipTransport, ALargeRequestGoesByUdpWhereTcpIsRefused) {
  Node node;
  udp::socket datagrams(node.io, to_asio_endpoint<udp::endpoint>(at("127.0.0.1", kPeerPort)));
  node.agent.invite(call(1500), to_peer("127.0.0.1"), Node::now());
  node.pump();
  const std::string invite = next_of(node, datagrams);
  EXPECT_GT(invite.size(), 1500U);
  EXPECT_NE(invite.find("Via: SIP/2.0/UDP 127.0.0.1:25060;"), std::string::npos) << invite;
}

TEST(SipTransport, OneHostHasNotMoreThanItsShareOfConnections) {
  constexpr std::size_t kShare = 64;
  Node node;
  for (const char* host : {"127.0.0.1", "::1"}) {
    std::vector<tcp::socket> streams;
    for (std::size_t i = 0; i <= kShare; ++i) {
      auto& stream = streams.emplace_back(node.io);
      stream.connect(to_asio_endpoint<tcp::endpoint>(at(host, kPort)));
    }
    const auto ping = [&](tcp::socket& stream) {
      boost::system::error_code error;
      boost::asio::write(stream, boost::asio::buffer(std::string("\r\n\r\n")), error);
      return next_of(node, stream);
    };
    EXPECT_EQ(ping(streams[kShare - 1]), "\r\n") << host;
    boost::system::error_code error;
    std::array<char, 4> none{};
    streams[kShare].non_blocking(true);
    EXPECT_TRUE(node.runs_until([&] {
      streams[kShare].read_some(boost::asio::buffer(none), error);
      return error && error != boost::asio::error::would_block;
    })) << host
        << ": one too many is closed";
    streams.erase(streams.begin(), streams.begin() + 2);
    bool again = false;
    EXPECT_TRUE(node.runs_until([&] {
      tcp::socket stream(node.io);
      stream.connect(to_asio_endpoint<tcp::endpoint>(at(host, kPort)));
      node.io.run_for(10ms);
      boost::asio::write(stream, boost::asio::buffer(std::string("\r\n\r\n")), error);
      node.io.run_for(10ms);
      again = !error && stream.available(error) == 2;
      return again;
    })) << host
        << ": when one is gone there is room again";
  }
}

TEST(SipTransport, AnAddressThatIsTakenIsAnError) {
  Node node;
  boost::asio::io_context io;
  SipTransport other(io, {});
  const auto listening = other.listen({sip::Transport::tcp, at("::1", kPort)}, 0);
  ASSERT_FALSE(listening);
  EXPECT_EQ(listening.error(), "tcp:[::1]:25060: Address already in use");
}

}  // namespace
}  // namespace tandem::io
