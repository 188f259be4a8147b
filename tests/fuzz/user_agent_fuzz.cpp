// A user agent among peers that say anything in any order, and a core that commands anything: each octet
// chooses what happens next. Whatever it was, after the last BYE and half an hour nothing may be left.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>
#include <vector>

#include "sipt/message.h"
#include "sipt/user_agent.h"

using namespace tandem;
using namespace tandem::sip;

namespace {

void check(bool ok) {
  if (!ok) std::abort();
}

constexpr std::string_view kSdp =
    "v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\nm=audio 9 RTP/AVP 8\r\n";
constexpr std::array<std::string_view, 14> kExtra = {
    "",
    "Require: 100rel\r\n",
    "Supported: 100rel, timer\r\n",
    "Session-Expires: 90;refresher=uac\r\nSupported: timer\r\n",
    "Session-Expires: 100;refresher=uas\r\nRequire: timer\r\n",
    "Session-Expires: 1\r\nMin-SE: 4000\r\n",
    "Accept: text/plain\r\n",
    "Record-Route: <sip:192.0.2.9;lr>,<sip:[::1]>\r\n",
    "Require: 100rel\r\nRSeq: 1\r\n",
    "Require: 100rel\r\nRSeq: 2\r\n",
    "RAck: 1 1 INVITE\r\n",
    "Retry-After: 0\r\nMin-SE: 1800\r\n",
    "Expires: 1\r\nMax-Forwards: 0\r\n",
    "Content-Type: multipart/mixed;boundary=v\r\n"};
constexpr std::array<int, 14> kStatuses = {100, 180, 183, 199, 200, 202, 302,
                                           401, 408, 422, 481, 487, 491, 500};
constexpr std::array<std::string_view, 9> kMethods = {"INVITE", "ACK",    "BYE",  "CANCEL", "OPTIONS",
                                                      "INVITE", "UPDATE", "INFO", "PRACK"};
constexpr std::array<int, 5> kWaits = {1, 600, 5000, 33000, 200000};  // ms

class Play {
 public:
  Play(const std::uint8_t* data, std::size_t size)
      : data_(data), end_(data + size), agent_(config(), random_) {}

  void run() {
    while (data_ != end_) {
      act(next() % 24);
      drain();
    }
    for (int round = 0; round < 3; ++round) {
      for (const SipCall call : calls_) agent_.bye(call, {}, now_);
      drain();
      pass(std::chrono::minutes(10));
    }
    agent_.handle_closed(tcp(), now_);
    drain();
    const auto usage = agent_.usage();
    check(usage.calls == 0 && usage.transactions == 0 && usage.dialogs == 0 && usage.timers == 0);
  }

 private:
  static UserAgentConfig config() {
    UserAgentConfig config;
    config.listen = {{Transport::udp, *parse_socket_address("192.0.2.1:5060")},
                     {Transport::tcp, *parse_socket_address("192.0.2.1:5060")}};
    config.max_transactions = 24;
    config.max_calls = 6;
    config.keepalive = std::chrono::seconds(60);
    return config;
  }
  static Flow udp() {
    return {Transport::udp, *parse_socket_address("192.0.2.1:5060"), *parse_socket_address("192.0.2.9:5060"),
            0};
  }
  static Flow tcp() {
    return {Transport::tcp, *parse_socket_address("192.0.2.1:5060"), *parse_socket_address("192.0.2.9:5060"),
            7};
  }
  std::uint8_t next() { return data_ == end_ ? std::uint8_t{0} : *data_++; }
  template <class Table>
  const auto& pick(const Table& table) {
    return table[next() % table.size()];
  }
  std::string_view sdp() { return next() % 2 == 0 ? std::string_view() : kSdp; }
  SipCall call() { return calls_.empty() ? SipCall{} : pick(calls_); }

  static std::string finished(std::string head, std::string_view body) {
    if (!body.empty() && head.find("Content-Type") == std::string::npos)
      head += "Content-Type: application/sdp\r\n";
    return head + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
  }

  std::string request(std::string_view method) {
    const std::string dialog = std::to_string(next() % 3);
    const std::string cseq = std::to_string(next() % 8);
    const std::string_view tag = next() % 4 == 0 ? std::string_view() : std::string_view(our_tag_);
    const bool first = method == "CANCEL" || (method == "INVITE" && tag.empty());
    std::string head(method);
    head += " sip:1@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9:5060;rport;branch=z9hG4bK" + dialog;
    if (!first) head.append(method).append(cseq);
    head += "\r\nFrom: <sip:2@192.0.2.9>;tag=peer" + dialog + "\r\nTo: <sip:1@192.0.2.1>";
    if (!tag.empty() && !first) head.append(";tag=").append(tag);
    head +=
        "\r\nCall-ID: c" + (next() % 4 == 0 ? our_call_ : dialog) + "\r\nCSeq: " + (first ? "1" : cseq) + " ";
    head.append(method).append("\r\nContact: <sip:192.0.2.9>\r\n").append(pick(kExtra));
    return finished(std::move(head), sdp());
  }

  /// To a request that the user agent sent.
  std::string response() {
    if (requests_.empty()) return {};
    Message to;
    const std::string& text = pick(requests_);
    if (!to.parse(as_octets(text))) return {};
    std::string head = "SIP/2.0 " + std::to_string(pick(kStatuses)) + " x\r\n";
    const auto copy = [&](std::string_view name, HeaderId id) {
      head.append(name).append(": ").append(to.value(id));
      if (id == HeaderId::to && to.to() && to.to()->tag.empty())
        head += ";tag=fork" + std::to_string(next() % 3);
      head += "\r\n";
    };
    copy("Via", HeaderId::via);
    copy("From", HeaderId::from);
    copy("To", HeaderId::to);
    copy("Call-ID", HeaderId::call_id);
    copy("CSeq", HeaderId::cseq);
    head.append("Contact: <sip:192.0.2.9>\r\n").append(pick(kExtra));
    return finished(std::move(head), sdp());
  }

  void receive(std::string text) {
    if (text.empty()) return;
    if (next() % 8 == 0)
      for (int i = 0; i < 3; ++i) text[(next() * 256U + next()) % text.size()] = static_cast<char>(next());
    if (next() % 8 == 0)
      agent_.handle_stream(tcp(), as_octets(text), now_);
    else
      agent_.handle_datagram(udp(), as_octets(text), now_);
  }

  void act(unsigned what) {
    if (what < kMethods.size()) return receive(request(kMethods[what]));
    if (what < 12) return receive(response());
    if (what < 14) return pass(std::chrono::milliseconds(pick(kWaits)));
    command(what);
  }

  void command(unsigned what) {
    switch (what) {
      case 14:
        return invite();
      case 15:
        return agent_.provisional(call(), 100 + next(), sdp(), {}, now_);
      case 16:
        return agent_.answer(call(), sdp(), {}, now_);
      case 17:
        return agent_.reject(call(), 300 + next(), {}, {}, {}, now_);
      case 18:
        return agent_.accept_offer(call(), sdp(), now_);
      case 19:
        return agent_.reject_offer(call(), 400 + next() % 100, now_, "no");
      case 20:
        return agent_.offer(call(), kSdp, now_);
      case 21:
        return next() % 2 == 0 ? agent_.cancel(call(), {}, now_) : agent_.ack_answer(call(), sdp(), now_);
      case 22:
        return next() % 4 == 0 ? agent_.info(call(), "application/dtmf", "5", now_)
                               : agent_.bye(call(), {}, now_);
      default:
        return agent_.handle_closed(next() % 2 == 0 ? tcp() : udp(), now_);
    }
  }

  void invite() {
    if (calls_.size() > 12) return;
    InviteInfo info;
    info.request_uri = *parse_uri("sip:3@192.0.2.9");
    info.from = *parse_name_addr("<sip:1@192.0.2.1>");
    info.to = *parse_name_addr("<sip:3@192.0.2.9>");
    info.sdp = sdp();
    info.policy.reliable = static_cast<Reliable>(next() % 3);
    if (next() % 2 == 0) info.policy.session_expires = std::chrono::seconds(90 + next());
    if (next() % 4 == 0) info.extra.push_back({"X-Large", std::string(1400, 'x')});
    calls_.push_back(agent_.invite(info, next() % 4 == 0 ? tcp() : udp(), now_));
  }

  void drain() {
    while (auto transmit = agent_.poll_transmit()) {
      const std::string text(as_text(transmit->octets));
      Message message;
      if (!message.parse(transmit->octets)) {  // a ping, a pong, or the end of a connection
        check(text.find_first_not_of("\r\n") == std::string::npos);
        if (text.empty()) agent_.handle_closed(transmit->flow, now_);
        continue;
      }
      if (message.is_response()) {
        if (const auto to = message.to(); to && !to->tag.empty()) our_tag_ = to->tag;
        continue;
      }
      check(!validate_request(message, {}));  // what it sends is right
      if (const auto from = message.from()) our_tag_ = from->tag;
      our_call_ = std::string(message.call_id().value_or("c")).substr(1);
      requests_.push_back(text);
      if (requests_.size() > 8) requests_.erase(requests_.begin());
    }
    while (auto event = agent_.poll_event())
      if (const auto* incoming = std::get_if<IncomingCall>(&*event))
        if (calls_.size() < 40) calls_.push_back(incoming->call);
    check(agent_.usage().calls <= 64 && agent_.usage().transactions <= 2000);
  }

  void pass(Duration duration) {
    const Time end = now_ + duration;
    int wakes = 0;
    for (auto due = agent_.next_deadline(); due && *due <= end; due = agent_.next_deadline()) {
      check(++wakes < 20000);  // else it wakes for nothing
      now_ = std::max(now_, *due);
      agent_.handle_timers(now_);
      drain();
    }
    now_ = end;
  }

  const std::uint8_t* data_;
  const std::uint8_t* end_;
  SeededRandom random_{1};
  UserAgent agent_;
  Time now_{};
  std::vector<SipCall> calls_;
  std::vector<std::string> requests_;
  std::string our_tag_, our_call_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Play(data, std::min<std::size_t>(size, 1000)).run();
  return 0;
}
