// A tick neither allocates nor locks: counted by standing in for malloc and pthread_mutex_lock.
#include <dlfcn.h>
#include <malloc.h>
#include <pthread.h>

#include <atomic>
#include <cstdlib>

#include "dsp/check_tone.h"
#include "dsp/spandsp.h"
#include "gateway/base/random.h"
#include "tests/unit/media/rig.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TANDEM_OWN_MALLOC 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define TANDEM_OWN_MALLOC 0
#endif
#endif
#ifndef TANDEM_OWN_MALLOC
#define TANDEM_OWN_MALLOC 1
#endif

#if TANDEM_OWN_MALLOC
namespace {
std::atomic<bool> g_counting{false};
std::atomic<int> g_allocations{0};
std::atomic<int> g_locks{0};

void note_allocation() {
  if (g_counting.load(std::memory_order_relaxed)) g_allocations.fetch_add(1, std::memory_order_relaxed);
}
}  // namespace

extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* old, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* memory);

void* malloc(std::size_t size) {
  note_allocation();
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
  note_allocation();
  return __libc_calloc(count, size);
}
void* realloc(void* old, std::size_t size) {
  note_allocation();
  return __libc_realloc(old, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
  note_allocation();
  return __libc_memalign(alignment, size);
}
int posix_memalign(void** out, std::size_t alignment, std::size_t size) {
  note_allocation();
  *out = __libc_memalign(alignment, size);
  return *out == nullptr ? 12 : 0;
}
void free(void* memory) {
  if (memory != nullptr) note_allocation();
  __libc_free(memory);
}
int pthread_mutex_lock(pthread_mutex_t* mutex) {
  using Lock = int (*)(pthread_mutex_t*);
  static const auto real = reinterpret_cast<Lock>(dlsym(RTLD_NEXT, "pthread_mutex_lock"));
  if (g_counting.load(std::memory_order_relaxed)) g_locks.fetch_add(1, std::memory_order_relaxed);
  return real(mutex);
}
}

namespace tandem::media {
namespace {

/// A span whose timeslots carry digits, speech-like noise, silence and one the check tone, made beforehand.
class BusySpan final : public tdm::Span {
 public:
  BusySpan(tdm::SpanType type, Law law) : type_(type) {
    const dsp::ToneTable tones;
    std::vector<dsp::ToneGenerator> generators;
    for (int i = 0; i < tdm::kMaxTimeslots; ++i) generators.emplace_back(tones);
    SeededRandom random(8);
    std::array<std::int16_t, 80> samples{};
    dsp::CheckToneSender check_tone;
    const auto width = static_cast<std::size_t>(tdm::timeslot_count(type));
    for (std::size_t block = 0; block < kBlocks; ++block) {
      auto& octets = blocks_[block];
      octets.resize(width * 80);
      for (std::size_t slot = 0; slot < width; ++slot) {
        if (slot % 3 == 0 && block % 20 < 10) {
          if (block % 20 == 0)
            generators[slot].start(*tones.dtmf("0123456789*#ABCD"[(slot + block / 20) % 16]));
          generators[slot].generate(samples);
        } else {
          for (auto& s : samples)
            s = static_cast<std::int16_t>(slot % 3 == 1 ? static_cast<int>(random.next() >> 51) - 4096 : 0);
        }
        for (std::size_t i = 0; i < 80; ++i) octets[i * width + slot] = dsp::encode_sample(law, samples[i]);
        if (slot != kCheckToneSlot) continue;
        std::array<Octet, 80> tone{};
        check_tone.send(law, tone);
        for (std::size_t i = 0; i < 80; ++i) octets[i * width + slot] = tone[i];
      }
    }
  }
  [[nodiscard]] tdm::SpanType type() const override { return type_; }
  void service(Time) override { ++at_; }
  void read(std::span<Octet> frames) override {
    const auto& block = blocks_[at_ % kBlocks];
    std::copy(block.begin(), block.end(), frames.begin());
  }
  void write(std::span<const Octet> frames, Time) override { sum_ += frames[0]; }
  [[nodiscard]] tdm::Alarms alarms() const override { return {.red = at_ % 500 > 480}; }
  [[nodiscard]] tdm::SpanCounters counters() const override { return {}; }
  [[nodiscard]] double clock_offset_ppm() const override { return 0; }

 private:
  static constexpr std::size_t kBlocks = 60;
  static constexpr std::size_t kCheckToneSlot = 13;
  tdm::SpanType type_;
  std::array<std::vector<Octet>, kBlocks> blocks_;
  std::size_t at_ = 0;
  std::uint64_t sum_ = 0;
};

TEST(Tick, neither_allocates_nor_locks_under_a_busy_mix) {
  BusySpan e1(tdm::SpanType::e1, Law::a);
  BusySpan t1(tdm::SpanType::t1, Law::mu);
  EngineConfig config{.spans = {{.law = Law::a, .receive_gain = {-3}}, {.law = Law::mu, .send_gain = {2}}},
                      .d_channels = {{.span = 0, .timeslot = 16}, {.span = 1, .timeslot = 24}},
                      .links = {{.circuit = {.span = 0, .timeslot = 31}, .link = {}}}};
  config.rtp_timeout = std::chrono::seconds(1);
  config.tones = {"itu", "gb", "in"};
  config.recordings = {{.name = "short", .samples = std::vector<std::int16_t>(777, 3000)},
                       {.name = "long", .samples = std::vector<std::int16_t>(9000, -3000)}};
  Engine engine(config, {&e1, &t1});
  std::vector<doubles::RingRtp> transports(60);
  SeededRandom random(12);
  for (std::size_t i = 0; i + 1 < 60; i += 2) {
    transports[i].join(transports[i + 1]);
    transports[i].lose_every = 7 + static_cast<std::uint32_t>(i % 11);
    if (i % 4 == 0) transports[i].from = *parse_ip("192.0.2.1", 6000);  // another port than SDP's
  }
  struct Call {
    std::uint64_t id = 0;
    Circuit circuit;
  };
  std::vector<Call> calls(53);
  std::uint64_t next_id = 1;
  Time now{};
  std::array<int, std::variant_size_v<Event>> seen{};  // by kind of event
  const auto in_tick = [&] {
    g_counting = true;
    engine.tick(now += kTick);
    g_counting = false;
    for (Event event; engine.poll(event);) ++seen[event.index()];
    for (DFrame frame; engine.poll_frame(frame);) {
    }
  };
  for (int tick = 0; tick < 3000; ++tick) {
    const auto which = random.next() % calls.size();
    auto& call = calls[which];
    const auto span = static_cast<std::uint16_t>(which % 2);
    call.circuit = {.span = span,
                    .timeslot = static_cast<std::uint8_t>(which / 2 % (span == 0 ? 15 : 23) + 1)};
    switch (random.next() % 14) {
      case 0:
        engine.post(CloseSession{.session = {call.id}});
        break;
      case 1:
        engine.post(PlayTone{
            .circuit = call.circuit, .tone = static_cast<Tone>(random.next() % 8), .yield_to_rtp = true});
        break;
      case 2:
        engine.post(PatchCircuits{.a = call.circuit,
                                  .b = calls[random.next() % calls.size()].circuit,
                                  .on = (random.next() & 1U) != 0,
                                  .clear = (random.next() & 3U) == 0});
        break;
      case 3:
        engine.post(PlayRecording{.circuit = call.circuit,
                                  .recording = static_cast<RecordingId>(random.next() % 3),
                                  .repeat = (random.next() & 3U) == 0});
        break;
      case 4:
        engine.post(PlayToPeer{.session = {call.id},
                               .tone = static_cast<Tone>(random.next() % 8),
                               .tones = static_cast<std::uint16_t>(random.next() % 3)});
        break;
      case 5:
        engine.post(
            PlayToPeer{.session = {call.id}, .recording = static_cast<RecordingId>(random.next() % 3)});
        break;
      case 6:
        engine.post(PlayDigit{.session = {call.id}, .digit = "0123456789*#ABCD"[random.next() % 16]});
        break;
      case 7:
        engine.post(LoopCircuit{.circuit = call.circuit, .on = (random.next() & 1U) != 0});
        break;
      case 8:
        engine.post(CheckContinuity{.circuit = call.circuit, .on = (random.next() & 1U) != 0});
        break;
      case 9:  // a session that only hears
        engine.post(CloseSession{.session = {1'000'000}});
        engine.post(OpenSession{.session = {1'000'000}, .circuit = {}, .transport = &transports[59]});
        engine.post(SetParameters{.session = {1'000'000}, .parameters = Rig::parameters()});
        engine.post(PlayToPeer{.session = {1'000'000}, .recording = RecordingId{0}});
        break;
      default: {
        call.id = next_id++;
        engine.post(OpenSession{.session = {call.id},
                                .circuit = call.circuit,
                                .transport = &transports[which],
                                .ssrc = static_cast<std::uint32_t>(random.next())});
        auto p = Rig::parameters((random.next() & 1U) != 0 ? Law::a : Law::mu);
        p.ptime_ms = 10 + 10 * static_cast<int>(random.next() % 6);
        p.send_event_type = p.receive_event_type = 101;
        p.digits_out = static_cast<DigitsOut>(random.next() % 3);
        p.comfort_noise = (random.next() & 1U) != 0;
        p.suppress_silence = (random.next() & 1U) != 0;
        p.learning = static_cast<SourceLearning>(random.next() % 3);
        if (random.next() % 8 == 0) p.payload = Payload::clearmode;
        engine.post(SetParameters{.session = {call.id}, .parameters = p});
        engine.post(ThroughConnect{.session = {call.id}, .to_rtp = true, .to_timeslot = true});
      }
    }
    DFrame frame{.d_channel = static_cast<std::uint16_t>(tick % 2), .size = 20};
    engine.send_frame(frame);
    in_tick();
  }
  EXPECT_EQ(g_allocations.load(), 0);
  EXPECT_EQ(g_locks.load(), 0);
  // The mix was busy: everything that can happen did.
  for (std::size_t kind = 0; kind < seen.size(); ++kind) EXPECT_GT(seen[kind], 0) << kind;
}

/// A span whose timeslots carry what the engine at the other end writes.
class JoinedSpan final : public tdm::Span {
 public:
  explicit JoinedSpan(JoinedSpan* other = nullptr) : other_(other) { line_.fill(0xFF); }
  void join(JoinedSpan& other) { other_ = &other; }
  [[nodiscard]] tdm::SpanType type() const override { return tdm::SpanType::e1; }
  void service(Time) override {}
  void read(std::span<Octet> frames) override {
    std::copy_n(other_->line_.begin(), frames.size(), frames.begin());
  }
  void write(std::span<const Octet> frames, Time) override { std::ranges::copy(frames, line_.begin()); }
  [[nodiscard]] tdm::Alarms alarms() const override { return {}; }
  [[nodiscard]] tdm::SpanCounters counters() const override { return {}; }
  [[nodiscard]] double clock_offset_ppm() const override { return 0; }

 private:
  JoinedSpan* other_;
  std::array<Octet, std::size_t{31} * 80> line_{};
};

TEST(Tick, neither_allocates_nor_locks_with_links_that_align_carry_fail_and_are_retrieved_from) {
  JoinedSpan west, east(&west);
  west.join(east);
  EngineConfig config;
  config.spans = {{.law = Law::a}};
  for (std::uint8_t slot = 1; slot <= 31; ++slot)
    config.links.push_back({.circuit = {.span = 0, .timeslot = slot}, .link = {}});
  Engine a(config, {&west}), b(config, {&east});
  SeededRandom random(4);
  Time now{};
  std::array<int, 9> seen{};
  using Action = LinkCommand::Action;
  const auto random_command = [&](Engine& engine) {
    LinkCommand command{.link = static_cast<std::uint16_t>(random.next() % 31), .action = Action::send};
    const auto kind = random.next() % 400;
    // The last ones stay up.
    if (command.link < 16 && kind < 11) command.action = static_cast<Action>(kind);
    if (random.next() % 50 == 0) command.action = Action::start;
    command.msu.size = static_cast<std::uint16_t>(3 + random.next() % 100);
    std::ranges::fill(command.msu.octets, Octet{0x7E});
    engine.post_link(command);
  };
  for (int tick = 0; tick < 4000; ++tick) {
    now += kTick;
    for (auto* engine : {&a, &b}) {
      if (tick % 1000 < 800) engine->signalling_alive();  // silent for two seconds, now and then
      for (int i = 0; i < 8; ++i) random_command(*engine);
      g_counting = true;
      engine->tick(now);
      g_counting = false;
      for (LinkEvent event; engine->poll_link(event);) ++seen[static_cast<std::size_t>(event.what)];
      for (LinkReport report; engine->poll_link(report);) {
      }
    }
  }
  EXPECT_EQ(g_allocations.load(), 0);
  EXPECT_EQ(g_locks.load(), 0);
  for (std::size_t kind = 0; kind + 1 < seen.size(); ++kind) EXPECT_GT(seen[kind], 0) << kind;
}

TEST(Tick, the_counting_counts) {
  g_counting = true;
  auto* volatile memory = std::malloc(10);
  std::free(memory);
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&mutex);
  pthread_mutex_unlock(&mutex);
  g_counting = false;
  EXPECT_EQ(g_allocations.exchange(0), 2);
  EXPECT_EQ(g_locks.exchange(0), 1);
}

TEST(Tick, a_session_is_small) {
  // 64 KiB of resident memory a call is for the whole process; the engine's own share is known from the
  // malloc'd total.
  BusySpan e1(tdm::SpanType::e1, Law::a);
  const auto before = mallinfo2().uordblks;
  EngineConfig config;
  config.spans = {{.law = Law::a}};
  Engine engine(config, {&e1});
  EXPECT_LT((mallinfo2().uordblks - before) / 31, 24U * 1024);
}

}  // namespace
}  // namespace tandem::media
#endif
