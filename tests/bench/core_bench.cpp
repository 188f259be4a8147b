// Call set-ups and releases a second through the whole signalling core, and memory per call.
//
// The SIP side is canned text (cheap), the far side of each trunk is a D channel of its own (libpri on both
// ends, whose time is inside the measure), media answers at once.
#include <benchmark/benchmark.h>
#include <malloc.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "gateway/core/gateway.h"
#include "gateway/media/engine.h"
#include "tests/doubles/gateway_world.h"

namespace {

using namespace tandem;
using namespace std::chrono_literals;
namespace pri = tdm::pri;

/// Octets of this process in memory.
std::size_t resident() {
  std::FILE* file = std::fopen("/proc/self/statm", "r");
  if (file == nullptr) return 0;
  unsigned long size = 0, pages = 0;
  const int fields = std::fscanf(file, "%lu %lu", &size, &pages);
  std::fclose(file);
  return fields == 2 ? pages * 4096 : 0;
}

std::string_view part_between(std::string_view text, std::string_view from, std::string_view to) {
  const auto begin = text.find(from);
  if (begin == std::string_view::npos) return {};
  const auto rest = text.substr(begin + from.size());
  return rest.substr(0, rest.find(to));
}

/// The calling party: INVITE, ACK and BYE as text, numbered.
class Caller {
 public:
  Caller(std::uint64_t number, std::size_t trunk)
      : id_(std::to_string(number)), called_(std::to_string(1000 + trunk)) {}
  [[nodiscard]] std::string invite() const {
    static const std::string sdp =
        "v=0\r\no=- 1 1 IN IP4 198.51.100.1\r\ns=-\r\nc=IN IP4 198.51.100.1\r\nt=0 0\r\n"
        "m=audio 30000 RTP/AVP 8 0 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\n"
        "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\n";
    return head("INVITE", "1 INVITE", "i", "") +
           "Contact: <sip:2000@198.51.100.1:5060>\r\nContent-Type: application/sdp\r\nContent-Length: " +
           std::to_string(sdp.size()) + "\r\n\r\n" + sdp;
  }
  /// Our tag is in the 200.
  void answered(std::string_view response) {
    const auto to = part_between(response, "\r\nTo: ", "\r\n");
    tag_ = std::string(part_between(to, ";tag=", ";"));
  }
  [[nodiscard]] std::string ack() const {
    return head("ACK", "1 ACK", "a", tag_) + "Content-Length: 0\r\n\r\n";
  }
  [[nodiscard]] std::string bye() const {
    return head("BYE", "2 BYE", "b", tag_) + "Content-Length: 0\r\n\r\n";
  }

 private:
  [[nodiscard]] std::string head(std::string_view method, std::string_view cseq, std::string_view branch,
                                 std::string_view tag) const {
    std::string text;
    text.reserve(700);
    text.append(method).append(" sip:").append(called_).append(
        "@192.0.2.1:5060 SIP/2.0\r\nVia: SIP/2.0/UDP 198.51.100.1:5060;branch=z9hG4bK");
    text.append(branch)
        .append(id_)
        .append("\r\nMax-Forwards: 70\r\nFrom: <sip:2000@198.51.100.1>;tag=f")
        .append(id_);
    text.append("\r\nTo: <sip:1000@192.0.2.1>");
    if (!tag.empty()) text.append(";tag=").append(tag);
    text.append("\r\nCall-ID: ").append(id_).append("@198.51.100.1\r\nCSeq: ").append(cseq).append("\r\n");
    return text;
  }
  std::string id_;
  std::string called_;
  std::string tag_;
};

/// Number 1000 and a trunk's index leads to that trunk.
core::Config config_for(int trunks) {
  auto config = doubles::small_config(trunks);
  config.routes.clear();
  for (std::size_t i = 0; i < config.trunks.size(); ++i) {
    core::RouteConfig route;
    route.match = "^" + std::to_string(1000 + i) + "$";
    route.to = {config.trunks[i].name};
    config.routes.push_back(route);
  }
  return config;
}

/// Timeslots on which nothing happens.
class SilentSpan final : public tdm::Span {
 public:
  [[nodiscard]] tdm::SpanType type() const override { return tdm::SpanType::e1; }
  void service(Time) override {}
  void read(std::span<Octet> frames) override { std::ranges::fill(frames, Octet{0xff}); }
  void write(std::span<const Octet>, Time) override {}
  [[nodiscard]] tdm::Alarms alarms() const override { return {}; }
  [[nodiscard]] tdm::SpanCounters counters() const override { return {}; }
  [[nodiscard]] double clock_offset_ppm() const override { return 0; }
};

/// A gateway with far ends that answer at once, without delay anywhere.
class Rig {
 public:
  explicit Rig(int trunks)
      : config_(config_for(trunks)),
        ports_(40000),
        random_(1),
        gateway_(config_, ports_, random_, now_, WallTime{}, CallId{1}) {
    pri::DChannelConfig far;
    far.side = pri::Side::network;
    for (int i = 0; i < trunks; ++i) fars_.push_back(std::make_unique<pri::DChannel>(far, now_));
    flow_ = {sip::Transport::udp, config_.sip.listen[0].address, config_.peers[0].destination.remote, 0};
    for (int i = 0; i < 40; ++i) pass(100ms);
  }

  /// The media engine in place of one that answers at once.
  void use_engine() {
    media::EngineConfig own;
    own.rtp_timeout = {};
    std::vector<tdm::Span*> pointers;
    for (std::size_t i = 0; i < fars_.size(); ++i) {
      spans_.push_back(std::make_unique<SilentSpan>());
      pointers.push_back(spans_.back().get());
      own.spans.emplace_back();
    }
    engine_ = std::make_unique<media::Engine>(own, pointers);
  }
  void tick() {
    if (engine_) engine_->tick(now_);
  }

  /// Everything until nobody has anything to say.
  void settle() {
    for (bool busy = true; busy;) {
      busy = false;
      while (auto output = gateway_.poll_output()) {
        busy = true;
        std::visit([this](auto& out) { take(out); }, *output);
      }
      while (!touched_.empty()) {
        const auto trunk = touched_.back();
        touched_.pop_back();
        while (auto output = fars_[trunk]->poll_output()) {
          busy = true;
          serve(trunk, *output);
        }
      }
    }
  }
  void pass(Duration duration) {
    now_ += duration;
    if (const auto due = gateway_.next_deadline(); due && *due <= now_) gateway_.handle_timers(now_);
    for (std::size_t i = 0; i < fars_.size(); ++i)
      if (const auto due = fars_[i]->next_deadline(); due && *due <= now_) {
        fars_[i]->handle_timers(now_);
        touched_.push_back(i);
      }
    for (std::size_t i = 0; i < fars_.size(); ++i) touched_.push_back(i);
    settle();
  }
  bool set_up(Caller& caller) {
    answer_.clear();
    say(caller.invite());
    if (answer_.empty()) return false;
    caller.answered(answer_);
    say(caller.ack());
    return true;
  }
  void release(const Caller& caller) { say(caller.bye()); }
  [[nodiscard]] const core::Gateway& gateway() const { return gateway_; }

 private:
  void say(const std::string& text) {
    gateway_.handle_datagram(flow_, as_octets(text), now_);
    settle();
  }
  void take(sip::Transmit& transmit) {
    const auto text = as_text(transmit.octets);
    if (text.starts_with("SIP/2.0 200") && part_between(text, "CSeq: ", "\r").ends_with("INVITE"))
      answer_ = text;
  }
  void take(core::FrameToSend& frame) {
    fars_[frame.trunk]->handle_frame(frame.octets, now_);
    touched_.push_back(frame.trunk);
  }
  void take(mtp::ToLink&) {}  // it has no SS7
  void take(media::Command& command) {
    if (engine_) {
      if (!engine_->post(command)) std::abort();
      return;
    }
    if (const auto* close = std::get_if<media::CloseSession>(&command)) {
      media::SessionClosed closed;
      closed.session = close->session;
      gateway_.handle_media(closed, now_);
    }
  }
  template <class T>
  void take(T&) {}  // records and traces: made, not kept

  void serve(std::size_t trunk, pri::Output& output) {
    auto& far = *fars_[trunk];
    if (auto* frame = std::get_if<pri::FrameOut>(&output)) {
      gateway_.handle_frame(trunk, frame->octets, now_);
    } else if (const auto* setup = std::get_if<pri::SetupInd>(&output)) {
      far.proceeding(setup->call, setup->setup.channel, now_);
      far.alerting(setup->call, setup->setup.channel, false, now_);
      far.connect(setup->call, setup->setup.channel, now_);
      touched_.push_back(trunk);
    } else if (const auto* gone = std::get_if<pri::DisconnectInd>(&output)) {
      far.disconnect(gone->call, gone->cause, now_);
      touched_.push_back(trunk);
    }
  }

  core::Config config_;
  Time now_{1s};
  doubles::FakePorts ports_;
  SeededRandom random_;
  core::Gateway gateway_;
  std::vector<std::unique_ptr<pri::DChannel>> fars_;
  std::vector<std::size_t> touched_;
  std::vector<std::unique_ptr<SilentSpan>> spans_;
  std::unique_ptr<media::Engine> engine_;
  sip::Flow flow_;
  std::string answer_;
};

/// One call after the other: INVITE to the end of the clearing. At least 4,000 a second are asked for.
void sip_to_pri_calls(benchmark::State& state) {
  Rig rig(4);
  std::uint64_t number = 0;
  for (auto _ : state) {
    ++number;
    Caller caller(number, number % 4);
    if (!rig.set_up(caller)) {
      state.SkipWithError("a call was not answered");
      break;
    }
    rig.release(caller);
    rig.pass(1ms);
  }
  state.counters["calls_per_second"] =
      benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK(sip_to_pri_calls)->Unit(benchmark::kMicrosecond)->MinTime(2);

/// Calls held at once on many E1s, with the media engine: what the process grows by, far ends included. At
/// most 64 KiB a call are allowed; the engine's lanes are there before the first call and count as well.
void memory_per_call(benchmark::State& state) {
  const auto calls = static_cast<std::size_t>(state.range(0));
  for (auto _ : state) {
    malloc_trim(0);
    const auto before = resident();
    Rig rig(static_cast<int>((calls + 29) / 30));
    rig.use_engine();
    const auto empty = resident();
    std::vector<Caller> callers;
    callers.reserve(calls);
    std::size_t up = 0;
    for (std::size_t i = 0; i < calls; ++i) {
      callers.emplace_back(i + 1, i / 30);
      up += rig.set_up(callers.back());
      if (i % 30 == 29) rig.tick();
    }
    if (up != calls) {
      state.SkipWithError("a call was not answered");
      return;
    }
    for (int i = 0; i < 400; ++i) rig.pass(100ms);  // until transactions have ended
    for (int i = 0; i < 20; ++i) rig.tick();
    const auto per_call = [&](std::size_t from) {
      return static_cast<double>(resident() - from) / static_cast<double>(calls);
    };
    state.counters["bytes_per_call"] = per_call(empty);
    state.counters["bytes_per_call_with_trunks"] = per_call(before);
    state.counters["calls"] = static_cast<double>(rig.gateway().usage().calls);
  }
}
BENCHMARK(memory_per_call)->Arg(9990)->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
