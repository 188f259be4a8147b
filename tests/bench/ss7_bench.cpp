// ISUP-to-ISUP calls through the whole signalling core: IAM in by one trunk and out by another, ACM, ANM, REL
// from the caller, RLC on both. MTP level 3 and the circuit machines of both far ends are inside the measure;
// level 2 is not, and media answers at once.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <deque>

#include "tests/doubles/isup_config.h"

namespace {

using namespace tandem;
using namespace std::chrono_literals;
using T = isup::MessageType;

class Rig {
 public:
  Rig()
      : config_(doubles::isup_config(2)),
        ports_(100),
        random_(1),
        gateway_(config_, ports_, random_, now_, WallTime{}, CallId{1}),
        far_(
            config_, now_, [this](Duration, std::function<void()> act) { soon_.push_back(std::move(act)); },
            [this](const media::LinkEvent& event) { gateway_.handle_link(event, now_); }) {
    far_.on_isup(0, [this](const isup::GroupOutput& output) { caller(output); });
    far_.on_isup(1, [this](const isup::GroupOutput& output) { called(output); });
    iam_.set(isup::NatureOfConnection{})
        .set(isup::ForwardCallIndicators{})
        .set(isup::CallingPartysCategory{})
        .set(isup::TransmissionMedium{})
        .set(isup::CalledPartyNumber{.digits = "8000"})
        .set(isup::CallingPartyNumber{.digits = "2079461234"})
        .set(isup::HopCounter{20});
    acm_.set(isup::BackwardCallIndicators{});
    rel_.set(isup::CauseIndicators{.value = 16});
    for (int i = 0; i < 900; ++i) pass(100ms);  // restarts of MTP are over, circuits reset
  }

  /// False: the call did not get all the way.
  bool call() {
    answered_ = released_ = false;
    const auto cic = far_.group(0).seize(iam_, {}, now_);
    settle();
    if (!cic || !answered_) return false;
    far_.group(0).send(*cic, rel_, now_);
    settle();
    return released_;
  }
  void pass(Duration duration) {
    now_ += duration;
    if (const auto due = gateway_.next_deadline(); due && *due <= now_) gateway_.handle_timers(now_);
    far_.wake();
    settle();
  }
  [[nodiscard]] bool idle() const { return gateway_.idle(); }

 private:
  void settle() {
    for (bool busy = true; busy;) {
      busy = far_.drain();
      while (auto output = gateway_.poll_output()) {
        busy = true;
        if (const auto* order = std::get_if<mtp::ToLink>(&*output)) far_.take(*order);
      }
      while (!soon_.empty()) {
        busy = true;
        const auto act = std::move(soon_.front());
        soon_.pop_front();
        act();
      }
    }
  }
  void caller(const isup::GroupOutput& output) {
    const auto* said = std::get_if<isup::ToCall>(&output);
    answered_ = answered_ || (said != nullptr && said->message.type() == T::anm);
  }
  void called(const isup::GroupOutput& output) {
    const auto* said = std::get_if<isup::ToCall>(&output);
    if (said == nullptr) return;
    if (said->message.type() == T::iam) {
      far_.group(1).send(said->cic, acm_, now_);
      far_.group(1).send(said->cic, anm_, now_);
    }
    released_ = released_ || said->message.type() == T::rel;
  }

  core::Config config_;
  Time now_{1s};
  doubles::FakePorts ports_;
  SeededRandom random_;
  core::Gateway gateway_;
  std::deque<std::function<void()>> soon_;
  doubles::FarSs7 far_;
  isup::Message iam_{T::iam}, acm_{T::acm}, anm_{T::anm}, rel_{T::rel};
  bool answered_ = false, released_ = false;
};

void isup_to_isup_calls(benchmark::State& state) {
  Rig rig;
  for (auto _ : state) {
    if (!rig.call()) {
      std::fputs("a call did not get all the way\n", stderr);
      std::abort();
    }
    rig.pass(1ms);
  }
  rig.pass(1s);
  if (!rig.idle()) std::abort();
  state.counters["calls_per_second"] =
      benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK(isup_to_isup_calls)->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
