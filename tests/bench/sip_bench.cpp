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

}  // namespace
}  // namespace tandem::sip

BENCHMARK_MAIN();
