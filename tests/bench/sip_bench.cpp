// Our parse of an INVITE against sofia-sip's, in one process. "Full" is the index of all header fields and
// the values that a UAS reads of each INVITE; sofia-sip's parser decodes every known header field as it goes.
#include <benchmark/benchmark.h>
#include <sofia-sip/msg.h>
#include <sofia-sip/msg_addr.h>
#include <sofia-sip/msg_buffer.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_parser.h>

#include <cstdlib>
#include <cstring>

#include "sipt/build.h"
#include "sipt/message.h"
#include "sipt/offer_answer.h"
#include "sipt/user_agent.h"
#include "tests/bench/sample_invite.h"

namespace tandem::sip {
namespace {

void check(bool ok) {
  if (!ok) std::abort();
}

/// What a UAS needs before it knows what to do.
void parse_as_uas(Message& message, OctetView octets) {
  const auto parsed = message.parse(octets);
  check(parsed.has_value());
  const auto uri = message.uri();
  const auto via = message.via();
  const auto from = message.from();
  const auto to = message.to();
  const auto call_id = message.call_id();
  const auto cseq = message.cseq();
  const auto contact = message.contact();
  const auto hops = message.max_forwards();
  const auto type = message.content_type();
  check(uri && via && from && to && call_id && cseq && contact && hops && type);
  benchmark::DoNotOptimize(via->branch);
  benchmark::DoNotOptimize(from->tag);
  benchmark::DoNotOptimize(cseq->number);
}

void BM_SipParseTandem(benchmark::State& state) {
  Message message;
  const auto octets = as_octets(kSampleInvite);
  for (auto _ : state) {
    parse_as_uas(message, octets);
    benchmark::DoNotOptimize(message);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * octets.size()));
}
BENCHMARK(BM_SipParseTandem);

void BM_SipParseSofia(benchmark::State& state) {
  for (auto _ : state) {
    msg_t* msg =
        msg_make(sip_default_mclass(), 0, kSampleInvite.data(), static_cast<ssize_t>(kSampleInvite.size()));
    check(msg != nullptr);
    const sip_t* sip = sip_object(msg);
    check(sip->sip_error == nullptr && sip->sip_via && sip->sip_from && sip->sip_to && sip->sip_call_id &&
          sip->sip_cseq && sip->sip_contact && sip->sip_max_forwards && sip->sip_content_type &&
          sip->sip_request && sip->sip_payload);
    benchmark::DoNotOptimize(sip->sip_via->v_branch);
    benchmark::DoNotOptimize(sip->sip_from->a_tag);
    benchmark::DoNotOptimize(sip->sip_cseq->cs_seq);
    msg_destroy(msg);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * kSampleInvite.size()));
}
BENCHMARK(BM_SipParseSofia);

void BM_SipIndex(benchmark::State& state) {
  Message message;
  for (auto _ : state) {
    check(message.parse(as_octets(kSampleInvite)).has_value());
    benchmark::DoNotOptimize(message);
  }
}
BENCHMARK(BM_SipIndex);

void BM_SipValidate(benchmark::State& state) {
  Message message;
  for (auto _ : state) {
    const auto parsed = message.parse(as_octets(kSampleInvite));
    benchmark::DoNotOptimize(validate_request(message, parsed));
  }
}
BENCHMARK(BM_SipValidate);

void BM_SipResponse(benchmark::State& state) {
  Message message;
  check(message.parse(as_octets(kSampleInvite)).has_value());
  SocketAddress source = *parse_socket_address("198.51.100.17:5060");
  for (auto _ : state) benchmark::DoNotOptimize(response_to(message, 180, {}, "8321234356", source).finish());
}
BENCHMARK(BM_SipResponse);

void BM_SdpAnswer(benchmark::State& state) {
  const auto offer = kSampleInvite.substr(kSampleInvite.find("\r\n\r\n") + 4);
  AudioCapabilities ours;
  ours.local = *parse_socket_address("192.0.2.1:20000");
  ours.laws = {Law::a, Law::mu};
  for (auto _ : state) benchmark::DoNotOptimize(make_answer(offer, ours));
}
BENCHMARK(BM_SdpAnswer);

// What a user agent spends on a call that it serves, and on one that it refuses for overload (RFC
// 3261 21.5.4).

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  const auto at = text.find(what);
  check(at != std::string::npos);
  return text.replace(at, what.size(), with);
}

/// The sample, and the requests that follow it, of a new call each time: the number stands in branch and
/// Call-ID.
class Caller {
 public:
  Caller() {
    const std::string sample(kSampleInvite);
    invite_ = replaced(replaced(sample, "a84b4c76e66710d8f1e2@", "a84b4c76e66700000000@"), "nashds8f00d77a1b",
                       "nashds8f00000000");
    Message message;
    check(message.parse(as_octets(invite_)).has_value());
    head_ = invite_.substr(0, invite_.size() - message.body().size());
    head_ = replaced(replaced(head_, "Content-Type: application/sdp\r\n", ""), "Content-Length: 243",
                     "Content-Length: 0");
  }
  const std::string& invite() {
    ++number_;
    return numbered(invite_);
  }
  /// ACK or BYE of the call.
  std::string next(std::string_view method, std::string_view cseq, std::string_view to_tag) {
    std::string text = replaced(head_, "INVITE sip", std::string(method) + " sip");
    text = replaced(std::move(text), "314159 INVITE", std::string(cseq) + " " + std::string(method));
    text = replaced(std::move(text), "branch=z9hG4bK", "branch=z9hG4bK" + std::string(method));
    text = replaced(std::move(text), ";user=phone>", ";user=phone>;tag=" + std::string(to_tag));
    return numbered(text);
  }

 private:
  std::string& numbered(std::string& text) const {
    std::string digits = std::to_string(number_);
    digits.insert(0, 8 - digits.size(), '0');
    text.replace(text.find("nashds8f") + 8, 8, digits);
    text.replace(text.find("a84b4c76e667") + 12, 8, digits);
    return text;
  }
  std::string invite_, head_;
  std::uint32_t number_ = 0;
};

struct Callee {
  explicit Callee(std::size_t max_calls) : agent(config(max_calls), random) {}
  static UserAgentConfig config(std::size_t max_calls) {
    UserAgentConfig config;
    config.listen = {{Transport::udp, *parse_socket_address("192.0.2.1:5060")}};
    config.max_calls = max_calls;
    return config;
  }
  void receive(std::string_view text) {
    now += std::chrono::milliseconds(1);
    agent.handle_timers(now);
    agent.handle_datagram(flow, as_octets(text), now);
  }
  /// The last message of those sent.
  std::string sent() {
    std::string last;
    while (auto transmit = agent.poll_transmit()) last = as_text(transmit->octets);
    return last;
  }
  SipCall call() {
    SipCall call;
    while (auto event = agent.poll_event())
      if (const auto* incoming = std::get_if<IncomingCall>(&*event)) call = incoming->call;
    return call;
  }

  Flow flow{Transport::udp, *parse_socket_address("192.0.2.1:5060"),
            *parse_socket_address("198.51.100.17:5060"), 0};
  SeededRandom random{1};
  UserAgent agent;
  Time now{};
};

void BM_CallServed(benchmark::State& state) {
  Callee callee(0);
  Caller caller;
  const auto sdp = kSampleInvite.substr(kSampleInvite.find("\r\n\r\n") + 4);
  for (auto _ : state) {
    callee.receive(caller.invite());
    const SipCall call = callee.call();
    callee.agent.answer(call, sdp, {}, callee.now);
    const std::string ok = callee.sent();
    Message message;
    check(message.parse(as_octets(ok)).has_value() && message.status() == 200);
    const std::string tag(message.to()->tag);
    callee.receive(caller.next("ACK", "314159", tag));
    callee.receive(caller.next("BYE", "314160", tag));
    callee.call();
    check(callee.sent().starts_with("SIP/2.0 200 "));
  }
}
BENCHMARK(BM_CallServed);

void BM_CallRefusedForOverload(benchmark::State& state) {
  Callee callee(1);
  Caller caller;
  callee.receive(caller.invite());
  callee.call();
  callee.sent();
  for (auto _ : state) {
    callee.receive(caller.invite());
    check(callee.sent().starts_with("SIP/2.0 503 "));
    callee.call();
  }
  check(callee.agent.usage().calls <= 1);
}
BENCHMARK(BM_CallRefusedForOverload);

}  // namespace
}  // namespace tandem::sip

BENCHMARK_MAIN();
