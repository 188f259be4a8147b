// Links of MTP level 2 as a share of one core: all of them at full load, and all of them idle.
#include <benchmark/benchmark.h>

#include <memory>
#include <vector>

#include "isup/mtp/link.h"

namespace {

using namespace tandem;
using namespace std::chrono_literals;

struct Sink final : mtp::LinkSink {
  std::uint64_t msus = 0;
  void received(OctetView) override { ++msus; }
  void in_service() override {}
  void out_of_service(mtp::Failure) override {}
  void remote_processor_outage(bool) override {}
  void local_processor_outage(bool) override {}
  void backward_sequence(std::uint8_t) override {}
  void retrieved(OctetView) override {}
  void retrieval_complete() override {}
  void congestion(std::uint8_t) override {}
};

constexpr std::size_t kTickOctets = 40;  // 5 ms

struct Pairs {
  explicit Pairs(std::size_t links) {
    const mtp::LinkConfig config;
    for (std::size_t l = 0; l < links; ++l) ends.push_back(std::make_unique<mtp::Link>(config, sink));
    for (auto& end : ends) end->start(now);
    while (ends[0]->state() != mtp::LinkState::in_service) tick(nullptr);
  }
  /// Each link's neighbour is its far end.
  void tick(const Octets* load) {
    std::array<Octet, kTickOctets> line{};
    for (std::size_t l = 0; l < ends.size(); ++l) {
      if (load != nullptr) ends[l]->send(*load, now);
      ends[l]->transmit(line, now);
      ends[l ^ 1]->receive(line, now);
    }
    now += 5ms;
  }
  Sink sink;
  std::vector<std::unique_ptr<mtp::Link>> ends;
  Time now{};
};

/// Full load: an MSU of 40 octets per tick of 40 octets, so that no FISU finds room.
void run(benchmark::State& state, bool loaded) {
  Pairs pairs(static_cast<std::size_t>(state.range(0)));
  const Octets msu(40, 0x5A);
  const auto before = pairs.sink.msus;
  for (auto _ : state) pairs.tick(loaded ? &msu : nullptr);
  const double ticks = static_cast<double>(state.iterations());
  const double links = static_cast<double>(state.range(0));
  state.counters["ns_per_link_20_octets"] = benchmark::Counter(
      ticks * links * kTickOctets / 20 * 1e-9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  // Ticks a second that one core can do, against the 200 that there are.
  state.counters["core_percent"] =
      benchmark::Counter(ticks / 200 / 100, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["msus_per_tick"] = static_cast<double>(pairs.sink.msus - before) / ticks;
}
void mtp2_loaded(benchmark::State& state) {
  run(state, true);
}
void mtp2_idle(benchmark::State& state) {
  run(state, false);
}
BENCHMARK(mtp2_loaded)->Arg(64);
BENCHMARK(mtp2_idle)->Arg(64);

}  // namespace

BENCHMARK_MAIN();
