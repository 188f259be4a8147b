// What the circuit machines cost: a call set up and released between two groups, octets and all.
#include <benchmark/benchmark.h>
#include <malloc.h>

#include <cstdlib>

#include "isup/group.h"

namespace {

using namespace tandem;
using namespace tandem::isup;

constexpr unsigned kCircuits = 16 * 31;

GroupConfig config(std::uint32_t own, std::uint32_t destination) {
  GroupConfig c;
  c.own = own;
  c.destination = destination;
  c.reset_at_start = false;
  CicRange range{.first_cic = 1, .circuits = std::vector<Circuit>(kCircuits)};
  c.circuits.push_back(std::move(range));
  return c;
}

Message iam() {
  Message m(MessageType::iam);
  m.set(NatureOfConnection{}).set(ForwardCallIndicators{}).set(CallingPartysCategory{});
  m.set(TransmissionMedium{0}).set(CalledPartyNumber{.digits = "02079460000F"});
  m.set(CallingPartyNumber{.digits = "2079461234"}).set(HopCounter{20});
  return m;
}

/// What `from` sends arrives at `to`; returns the messages for call control of `from`.
unsigned pass(CircuitGroup& from, CircuitGroup& to, Time now) {
  unsigned calls = 0;
  while (const auto output = from.poll_output()) {
    if (const auto* t = std::get_if<Transmit>(&*output)) to.receive(t->octets, now);
    if (std::holds_alternative<ToCall>(*output)) ++calls;
  }
  return calls;
}

void q764_call(benchmark::State& state) {
  CircuitGroup a(config(1, 2)), b(config(2, 1));
  const Message call = iam();
  const Message acm = Message(MessageType::acm).set(BackwardCallIndicators{});
  const Message anm(MessageType::anm);
  const Message rel = Message(MessageType::rel).set(CauseIndicators{.value = 16});
  Time now{};
  for (auto _ : state) {
    now += std::chrono::milliseconds(1);
    const auto cic = a.seize(call, {}, now);
    if (!cic) std::abort();
    pass(a, b, now);
    b.send(*cic, acm, now);
    b.send(*cic, anm, now);
    if (pass(b, a, now) != 1) std::abort();
    a.send(*cic, rel, now);
    if (pass(a, b, now) != 2) std::abort();
    pass(b, a, now);
    pass(a, b, now);
    if (a.idle() != kCircuits) std::abort();
  }
  state.counters["calls/s"] =
      benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK(q764_call);

/// Heap of a group by circuit, idle after a call each, so that what calls leave behind counts.
void memory_per_idle_circuit(benchmark::State& state) {
  double octets = 0;
  const Message call = iam();
  const Message rel = Message(MessageType::rel).set(CauseIndicators{.value = 16});
  for (auto _ : state) {
    const auto before = ::mallinfo2().uordblks;
    CircuitGroup a(config(1, 2));
    CircuitGroup b(config(2, 1));
    const Time now{};
    for (unsigned i = 0; i < kCircuits; ++i)
      if (!a.seize(call, {}, now)) std::abort();
    pass(a, b, now);
    for (unsigned i = 0; i < kCircuits; ++i) a.send(static_cast<std::uint16_t>(1 + i), rel, now);
    pass(a, b, now);
    pass(b, a, now);
    pass(a, b, now);
    if (a.idle() != kCircuits || b.idle() != kCircuits) std::abort();
    octets = static_cast<double>(::mallinfo2().uordblks - before) / (2 * kCircuits);
  }
  state.counters["bytes_per_circuit"] = octets;
}
BENCHMARK(memory_per_idle_circuit)->Iterations(1);

}  // namespace

BENCHMARK_MAIN();
