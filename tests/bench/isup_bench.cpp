// What one IAM with twelve parameters costs to decode and to encode.
#include <benchmark/benchmark.h>

#include <cstdlib>

#include "isup/codec.h"

namespace {

using namespace tandem;
using namespace tandem::isup;

/// A diverted call with names, portability and user information, as they come from a mobile network.
Message iam() {
  Message message(MessageType::iam);
  message.set(NatureOfConnection{})
      .set(ForwardCallIndicators{.isdn_access = true})
      .set(CallingPartysCategory{});
  message.set(TransmissionMedium{0}).set(CalledPartyNumber{.digits = "02079460000F"});
  message.set(CallingPartyNumber{.digits = "2079461234"});
  message.set(OptionalForwardCallIndicators{.connected_line_request = true}).set(PropagationDelay{40});
  message.set(UserServiceInformation{{0x90, 0x90, 0xa3}}).set(HopCounter{20});
  message.set(GenericNumber{.digits = "442079461235", .nature = NatureOfAddress::international});
  message.set(ParameterCompatibility{{0x3d, 0xc0}});
  return message;
}

void isup_decode_iam_12(benchmark::State& state) {
  const auto octets = encode(iam(), Variant::itu).value();
  for (auto _ : state) {
    auto message = decode(octets, Variant::itu);
    if (!message || message->parameters().size() != 12) std::abort();
    benchmark::DoNotOptimize(message);
  }
}
BENCHMARK(isup_decode_iam_12);

void isup_encode_iam_12(benchmark::State& state) {
  const auto message = iam();
  for (auto _ : state) {
    auto octets = encode(message, Variant::itu);
    benchmark::DoNotOptimize(octets);
  }
}
BENCHMARK(isup_encode_iam_12);

}  // namespace

BENCHMARK_MAIN();
