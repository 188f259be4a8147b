// Signalling links in the engine: two engines back to back whose timeslot 16 is joined, in virtual time.
#include <deque>

#include "gateway/base/random.h"
#include "tests/unit/media/rig.h"

namespace tandem::media {
namespace {

using namespace std::chrono_literals;
using What = LinkEvent::What;
using Action = LinkCommand::Action;

constexpr Circuit kPlace{.span = 0, .timeslot = 16};

EngineConfig with_link(mtp::LinkConfig link = {}) {
  EngineConfig config;
  config.links = {{.circuit = kPlace, .link = link}};
  return config;
}

/// One end: its engine, and what its link said.
struct End {
  explicit End(const EngineConfig& config) : rig({SpanSetup{}}, config) {}

  Rig rig;
  bool alive = true;   ///< its signalling thread
  bool taking = true;  ///< and it takes events
  std::deque<LinkEvent> events;
  LinkReport report;  ///< the newest

  void tick() {
    if (alive) rig.engine->signalling_alive();
    rig.tick();
    if (taking) drain();
    while (rig.engine->poll_link(report)) {
    }
  }
  void drain() {
    for (LinkEvent event; rig.engine->poll_link(event);) events.push_back(event);
  }
  bool post(Action action, OctetView msu = {}, std::optional<std::uint8_t> confirmed = {}) {
    LinkCommand command{.link = 0, .action = action, .confirmed = confirmed};
    return command.msu.assign(msu) && rig.engine->post_link(command);
  }
  std::optional<LinkEvent> next(What what) {
    while (!events.empty()) {
      const auto event = events.front();
      events.pop_front();
      if (event.what == what) return event;
    }
    return std::nullopt;
  }
  std::vector<LinkEvent> all(What what) {
    std::vector<LinkEvent> found;
    while (auto event = next(what)) found.push_back(*event);
    return found;
  }
};

/// Signal units seen on a wire.
struct Listener {
  mtp::SignalUnitReceiver receiver;
  std::vector<mtp::Status> statuses = {};
  int fill_ins = 0, msus = 0;

  void hear(OctetView line) {
    receiver.push(
        line,
        [this](OctetView unit) {
          const auto header = mtp::read_header(unit);
          if (!header) return;
          if (header->length > 2) ++msus;
          if (header->length == 0) ++fill_ins;
          if (header->length == 0 || header->length > 2) return;
          if (const auto status = mtp::read_status(unit[3])) statuses.push_back(*status);
        },
        [] {});
  }
  [[nodiscard]] std::size_t count(mtp::Status status) const {
    return static_cast<std::size_t>(std::ranges::count(statuses, status));
  }
  void clear() { statuses.clear(), fill_ins = msus = 0; }
};

struct Pair {
  explicit Pair(const EngineConfig& config = with_link()) : a(config), b(config), from_a{receiver(config)} {
    a.rig.spans[0]->set_source(16, [this](std::span<Octet> out) { copy(to_a, out); });
    b.rig.spans[0]->set_source(16, [this](std::span<Octet> out) { copy(to_b, out); });
  }
  static mtp::SignalUnitReceiver receiver(const EngineConfig& config) {
    return mtp::SignalUnitReceiver(config.links[0].link.rate);
  }
  static void copy(const Octets& from, std::span<Octet> out) {
    std::copy_n(from.begin(), std::min(from.size(), out.size()), out.begin());
  }

  End a, b;
  Octets to_a, to_b;
  Listener from_a;

  void run(Duration time) {
    for (Duration t{}; t < time; t += kTick) {
      a.tick();
      to_b = a.rig.spans[0]->take_sent(16);
      from_a.hear(to_b);
      b.tick();
      to_a = b.rig.spans[0]->take_sent(16);
    }
  }
  void align() {
    ASSERT_TRUE(a.post(Action::emergency));
    ASSERT_TRUE(a.post(Action::start));
    ASSERT_TRUE(b.post(Action::start));
    run(3s);
    ASSERT_TRUE(a.next(What::in_service));
    ASSERT_TRUE(b.next(What::in_service));
    from_a.clear();
  }
};

Octets numbered(int n, std::size_t octets = 12) {
  Octets msu(octets, 0x33);
  msu[0] = 0x85;
  msu[1] = static_cast<Octet>(n);
  msu[2] = static_cast<Octet>(n >> 8);
  return msu;
}

TEST(Links, align_and_exchange_msus_both_ways) {
  Pair pair;
  pair.align();
  ASSERT_TRUE(pair.a.post(Action::send, numbered(1)));
  ASSERT_TRUE(pair.b.post(Action::send, numbered(2, 273)));
  pair.run(200ms);
  const auto at_b = pair.b.next(What::received);
  const auto at_a = pair.a.next(What::received);
  ASSERT_TRUE(at_a && at_b);
  EXPECT_EQ(to_hex(at_b->msu.view()), to_hex(numbered(1)));
  EXPECT_EQ(to_hex(at_a->msu.view()), to_hex(numbered(2, 273)));
  pair.run(1s);
  const auto report = pair.a.report;
  EXPECT_EQ(report.state, mtp::LinkState::in_service);
  EXPECT_EQ(report.circuit, kPlace);
  EXPECT_EQ(report.counters.msus_sent, 1U);
  EXPECT_EQ(report.counters.msus_received, 1U);
  EXPECT_FALSE(report.holding_back);
}

TEST(Links, align_at_56_kbit_s_and_leave_the_eighth_bit_alone) {
  Pair pair(with_link({.variant = mtp::Variant::ansi, .rate = mtp::LineRate::k56, .timers = {}}));
  pair.align();
  ASSERT_TRUE(pair.a.post(Action::send, numbered(1, 40)));
  pair.run(200ms);
  EXPECT_TRUE(pair.b.next(What::received));
  for (const auto octet : pair.to_b) EXPECT_EQ(octet & 1, 1);
}

TEST(Links, a_gain_on_the_span_and_commands_for_audio_do_not_touch_them) {
  auto config = with_link();
  End end(config);
  Rig loud({SpanSetup{.media = {.receive_gain = {-6}, .send_gain = {6}}}}, config);
  doubles::FakeRtp peer;
  loud.open(1, kPlace, peer);
  ASSERT_TRUE(loud.engine->post(PlayTone{.circuit = kPlace, .tone = Tone::busy}));
  loud.tick(5);
  EXPECT_EQ(loud.take<SessionClosed>().size(), 1U);
  Listener listener;
  listener.hear(loud.spans[0]->take_sent(16));
  EXPECT_GT(listener.count(mtp::Status::out_of_service), 10U);
  EXPECT_EQ(listener.receiver.counters().errors, 0U);
}

TEST(Links, a_span_alarm_fails_the_link_at_once_and_it_does_not_return_while_it_lasts) {
  Pair pair;
  pair.align();
  pair.a.rig.spans[0]->set_alarms({.red = true});
  pair.run(30ms);
  const auto out = pair.a.next(What::out_of_service);
  ASSERT_TRUE(out);
  EXPECT_EQ(out->reason, mtp::Failure::line);
  ASSERT_TRUE(pair.b.next(What::out_of_service)) << "SIOS tells the far end";
  ASSERT_TRUE(pair.a.post(Action::start));
  ASSERT_TRUE(pair.b.post(Action::start));
  pair.run(20s);
  EXPECT_FALSE(pair.a.next(What::in_service));
  pair.a.rig.spans[0]->set_alarms({});
  ASSERT_TRUE(pair.a.post(Action::start));
  ASSERT_TRUE(pair.b.post(Action::start));
  pair.run(20s);
  EXPECT_TRUE(pair.a.next(What::in_service));
}

TEST(Links, an_alarm_in_the_middle_of_proving_is_no_successful_proving) {
  Pair pair;
  ASSERT_TRUE(pair.a.post(Action::start));
  ASSERT_TRUE(pair.b.post(Action::start));
  pair.run(4s);  // T4: 8.2 s
  pair.a.rig.spans[0]->set_alarms({.blue = true});
  pair.run(30s);
  EXPECT_FALSE(pair.a.next(What::in_service));
}

TEST(Links, a_signalling_thread_that_is_stuck_means_sipo_until_it_moves_again) {
  Pair pair;
  pair.align();
  pair.a.alive = false;
  pair.run(900ms);
  EXPECT_EQ(pair.from_a.count(mtp::Status::processor_outage), 0U);
  pair.run(300ms);
  EXPECT_GT(pair.from_a.count(mtp::Status::processor_outage), 0U);
  const auto begins = pair.b.next(What::remote_outage);
  ASSERT_TRUE(begins);
  EXPECT_EQ(begins->value, 1);
  pair.a.alive = true;
  pair.run(300ms);
  const auto ends = pair.b.next(What::remote_outage);
  ASSERT_TRUE(ends);
  EXPECT_EQ(ends->value, 0);
  const auto local = pair.a.all(What::local_outage);
  ASSERT_EQ(local.size(), 2U);
  EXPECT_EQ(local[0].value, 1);
  EXPECT_EQ(local[1].value, 0);
}

TEST(Links, shut_down_they_send_sios_and_take_no_command_any_more) {
  Pair pair;
  pair.align();
  pair.a.rig.engine->shut_down_links();
  ASSERT_TRUE(pair.a.post(Action::start));
  pair.run(100ms);
  EXPECT_GT(pair.from_a.count(mtp::Status::out_of_service), 5U);
  EXPECT_EQ(pair.from_a.count(mtp::Status::out_of_alignment), 0U);
  const auto out = pair.b.next(What::out_of_service);
  ASSERT_TRUE(out);
  EXPECT_EQ(out->reason, mtp::Failure::received_sios);
}

TEST(Links, a_full_queue_to_the_signalling_thread_means_sib_and_nothing_is_lost) {
  auto config = with_link({.timers = {.set = {}}, .congestion = {}});
  Pair pair(config);
  pair.align();
  pair.b.taking = false;  // alive, but it takes nothing
  Listener from_b;
  int sent = 0;
  bool busy = false;
  for (int tick = 0; tick < 400; ++tick) {
    for (int i = 0; i < 6 && pair.a.post(Action::send, numbered(sent, 3)); ++i) ++sent;
    pair.run(10ms);
    from_b.hear(pair.to_a);
    if (!busy && from_b.count(mtp::Status::busy) > 0) {
      busy = true;
      break;
    }
  }
  EXPECT_TRUE(busy);
  pair.run(1s);  // T6, 5 s, does not run out
  pair.b.taking = true;
  pair.run(10s);
  const auto got = pair.b.all(What::received);
  EXPECT_EQ(got.size(), static_cast<std::size_t>(sent));
  for (std::size_t i = 0; i < got.size(); ++i)
    ASSERT_EQ(to_hex(got[i].msu.view()), to_hex(numbered(static_cast<int>(i), 3)));
  EXPECT_EQ(pair.b.rig.engine->counters().link_events_dropped, 0U);
  EXPECT_FALSE(pair.b.report.holding_back);
}

/// A span full of links at both ends.
struct ManyLinks {
  static constexpr std::uint8_t kLinks = 31;
  static EngineConfig config() {
    EngineConfig config;
    for (std::uint8_t slot = 1; slot <= kLinks; ++slot)
      config.links.push_back({.circuit = {.span = 0, .timeslot = slot}, .link = {}});
    return config;
  }
  End a{config()}, b{config()};
  std::array<Octets, kLinks> to_a, to_b;

  ManyLinks() {
    for (std::uint8_t i = 0; i < kLinks; ++i) {
      a.rig.spans[0]->set_source(i + 1, [this, i](std::span<Octet> out) { Pair::copy(to_a[i], out); });
      b.rig.spans[0]->set_source(i + 1, [this, i](std::span<Octet> out) { Pair::copy(to_b[i], out); });
    }
  }
  void run(Duration time) {
    for (Duration t{}; t < time; t += kTick) {
      a.tick();
      for (std::uint8_t i = 0; i < kLinks; ++i) to_b[i] = a.rig.spans[0]->take_sent(i + 1);
      b.tick();
      for (std::uint8_t i = 0; i < kLinks; ++i) to_a[i] = b.rig.spans[0]->take_sent(i + 1);
    }
  }
  void start() {
    for (std::uint16_t link = 0; link < kLinks; ++link)
      for (auto* end : {&a, &b})
        for (const auto action : {Action::emergency, Action::start})
          ASSERT_TRUE(end->rig.engine->post_link({.link = link, .action = action}));
    run(3s);
    ASSERT_EQ(a.all(What::in_service).size(), kLinks);
    b.events.clear();
  }
};

TEST(Links, whose_msus_would_fill_the_queue_to_its_reserve_discard_them_and_the_far_end_repeats) {
  ManyLinks links;
  links.start();
  links.b.taking = false;
  std::array<int, ManyLinks::kLinks> sent{};
  for (int round = 0; round < 200; ++round) {
    for (std::uint16_t link = 0; link < ManyLinks::kLinks; ++link) {
      LinkCommand command{.link = link, .action = Action::send};
      ASSERT_TRUE(command.msu.assign(numbered(sent[link]++, 3)));
      ASSERT_TRUE(links.a.rig.engine->post_link(command));
    }
    links.run(10ms);
  }
  links.run(1s);
  EXPECT_TRUE(links.b.report.holding_back);
  links.b.taking = true;
  links.run(10s);
  EXPECT_EQ(links.a.rig.engine->counters().link_commands_dropped, 0U);
  EXPECT_EQ(links.b.rig.engine->counters().link_events_dropped, 0U);
  std::array<int, ManyLinks::kLinks> got{};
  for (const auto& event : links.b.events) {
    if (event.what != What::received) continue;
    ASSERT_EQ(event.msu.octets[1] | event.msu.octets[2] << 8, got[event.link]++) << "link " << event.link;
  }
  EXPECT_EQ(got, sent) << "in order, none lost, none twice";
  EXPECT_TRUE(links.b.all(What::out_of_service).empty());
}

TEST(Links, level_3_may_ask_for_sib_itself) {
  Pair pair;
  pair.align();
  ASSERT_TRUE(pair.a.post(Action::congested));
  pair.run(500ms);
  EXPECT_GT(pair.from_a.count(mtp::Status::busy), 1U);
  ASSERT_TRUE(pair.a.post(Action::congestion_ends));
  pair.run(200ms);
  pair.from_a.clear();
  pair.run(500ms);
  EXPECT_EQ(pair.from_a.count(mtp::Status::busy), 0U);
}

TEST(Links, a_changeover_finds_out_what_was_accepted_and_gets_the_rest_back) {
  Pair pair;
  pair.align();
  ASSERT_TRUE(pair.a.post(Action::send, numbered(1)));
  pair.run(200ms);
  pair.a.rig.spans[0]->set_alarms({.red = true});  // a hears nothing more: these stay unacknowledged
  pair.b.events.clear();
  for (int i = 2; i < 5; ++i) ASSERT_TRUE(pair.a.post(Action::send, numbered(i)));
  pair.run(10ms);
  ASSERT_TRUE(pair.a.next(What::out_of_service));
  ASSERT_TRUE(pair.b.post(Action::backward_sequence));
  pair.run(100ms);
  const auto bsnt = pair.b.next(What::backward_sequence);
  ASSERT_TRUE(bsnt);
  EXPECT_EQ(bsnt->value, 0);
  ASSERT_TRUE(pair.a.post(Action::retrieve, {}, bsnt->value));
  pair.run(20ms);
  std::vector<LinkEvent> back;
  bool complete = false;
  for (const auto& event : pair.a.events) {
    if (event.what == What::retrieved) back.push_back(event);
    complete = complete || event.what == What::retrieval_complete;
  }
  EXPECT_TRUE(complete);
  ASSERT_EQ(back.size(), 3U);
  EXPECT_EQ(to_hex(back[0].msu.view()), to_hex(numbered(2)));
}

TEST(Links, a_retrieval_waits_until_all_of_it_has_room) {
  Pair pair;
  pair.align();
  pair.a.taking = false;
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(pair.a.post(Action::send, numbered(i)));
  pair.run(10ms);
  // Fills the queue with answers.
  for (int i = 0; i < 900; ++i) ASSERT_TRUE(pair.a.post(Action::backward_sequence));
  ASSERT_TRUE(pair.a.post(Action::stop));
  ASSERT_TRUE(pair.a.post(Action::retrieve));
  pair.run(100ms);
  pair.a.drain();
  EXPECT_EQ(pair.a.all(What::retrieval_complete).size(), 0U);
  pair.run(100ms);
  pair.a.drain();
  EXPECT_EQ(pair.a.all(What::retrieval_complete).size(), 1U);
  EXPECT_EQ(pair.a.rig.engine->counters().link_events_dropped, 0U);
}

TEST(Links, msus_without_room_and_commands_of_no_link_are_counted) {
  Pair pair;
  ASSERT_TRUE(pair.a.post(Action::send, numbered(1)));  // out of service
  ASSERT_TRUE(pair.a.rig.engine->post_link({.link = 7, .action = Action::start}));
  pair.run(10ms);
  EXPECT_EQ(pair.a.rig.engine->counters().link_commands_dropped, 2U);
  Msu msu;
  EXPECT_FALSE(msu.assign(Octets(274)));
}

TEST(Links, one_on_no_timeslot_does_nothing) {
  EngineConfig config;
  config.links = {{.circuit = {.span = 3, .timeslot = 1}, .link = {}},
                  {.circuit = {.span = 0, .timeslot = 0}, .link = {}}};
  End end(config);
  ASSERT_TRUE(end.post(Action::start));
  for (int i = 0; i < 200; ++i) end.tick();
  EXPECT_TRUE(end.events.empty());
}

TEST(Links, noise_on_the_line_makes_no_events_and_no_harm) {
  Pair pair;
  SeededRandom random(5);
  ASSERT_TRUE(pair.a.post(Action::start));
  pair.a.rig.spans[0]->set_source(16, [&](std::span<Octet> out) {
    for (auto& octet : out) octet = static_cast<Octet>(random.next());
  });
  pair.run(60s);
  EXPECT_FALSE(pair.a.next(What::in_service));
  EXPECT_EQ(pair.a.rig.engine->counters().link_events_dropped, 0U);
}

}  // namespace
}  // namespace tandem::media
