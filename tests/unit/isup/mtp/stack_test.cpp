// Level 3 on level 2 on raw timeslots: two signalling points, their links over lines that spoil bits and
// break.
#include <gtest/gtest.h>

#include "gateway/base/random.h"
#include "isup/mtp/link.h"
#include "isup/mtp/network.h"

namespace tandem::mtp {
namespace {

using namespace std::chrono_literals;

/// A point with its links. What a link says waits in a queue, as between the media and the core.
class Point {
 public:
  Point(NetworkConfig config, LinkConfig link_config) : network_(std::move(config)) {
    for (LinkIndex l = 0; l < network_.links(); ++l)
      ends_.push_back(std::make_unique<End>(*this, l, link_config));
  }
  void work(Time now) {
    now_ = now;
    network_.expire(now);
    for (bool again = true; again;) {
      again = false;
      while (!said_.empty()) {
        const auto word = std::move(said_.front());
        said_.pop_front();
        word();
      }
      while (auto out = network_.poll_output()) {
        again = true;
        if (auto* to = std::get_if<ToLink>(&*out)) command(*to);
        if (auto* message = std::get_if<UserMessage>(&*out)) heard.push_back(std::move(*message));
      }
    }
  }
  Link& link(LinkIndex l) { return ends_[l]->link; }
  Network& network() { return network_; }
  std::vector<UserMessage> heard;

 private:
  struct End final : LinkSink {
    End(Point& of, LinkIndex at, const LinkConfig& config) : point(of), index(at), link(config, *this) {}
    void say(std::function<void()> word) { point.said_.push_back(std::move(word)); }
    void received(OctetView msu) override {
      say([this, m = Octets(msu.begin(), msu.end())] { point.network_.received(index, m, point.now_); });
    }
    void in_service() override {
      say([this] { point.network_.in_service(index, point.now_); });
    }
    void out_of_service(Failure) override {
      say([this] { point.network_.out_of_service(index, point.now_); });
    }
    void remote_processor_outage(bool begins) override {
      say([this, begins] { point.network_.remote_processor_outage(index, begins, point.now_); });
    }
    void local_processor_outage(bool begins) override {
      say([this, begins] { point.network_.local_processor_outage(index, begins, point.now_); });
    }
    void backward_sequence(std::uint8_t bsnt) override {
      say([this, bsnt] { point.network_.backward_sequence(index, bsnt, point.now_); });
    }
    void retrieved(OctetView msu) override {
      say([this, m = Octets(msu.begin(), msu.end())] { point.network_.retrieved(index, m, point.now_); });
    }
    void retrieval_complete() override {
      say([this] { point.network_.retrieval_complete(index, point.now_); });
    }
    void congestion(std::uint8_t level) override {
      say([this, level] { point.network_.congestion(index, level, point.now_); });
    }
    Point& point;
    LinkIndex index;
    Link link;
  };
  void command(const ToLink& to) {
    Link& l = link(to.link);
    switch (to.action) {
      case LinkAction::start:
        l.start(now_);
        break;
      case LinkAction::stop:
        l.stop(now_);
        break;
      case LinkAction::emergency:
        l.emergency(true, now_);
        break;
      case LinkAction::emergency_ceases:
        l.emergency(false, now_);
        break;
      case LinkAction::send:
        l.send(to.msu, now_);
        break;
      case LinkAction::backward_sequence:
        l.retrieve_backward_sequence();
        break;
      case LinkAction::retrieve:
        l.retrieve(to.confirmed);
        break;
    }
  }

  Network network_;
  std::deque<std::function<void()>> said_;
  std::vector<std::unique_ptr<End>> ends_;
  Time now_{};
};

NetworkConfig config(PointCode own, PointCode other, std::uint8_t links, Variant variant) {
  NetworkConfig c;
  c.variant = variant;
  c.own = {own};
  LinksetConfig set;
  set.own = own;
  set.adjacent = other;
  for (std::uint8_t slc = 0; slc < links; ++slc) set.links.push_back({slc});
  c.linksets.push_back(set);
  return c;
}

struct Stack {
  explicit Stack(std::uint8_t links, Variant variant = Variant::itu,
                 Correction correction = Correction::basic)
      : a(config(0x101, 0x202, links, variant), of(variant, correction)),
        b(config(0x202, 0x101, links, variant), of(variant, correction)),
        broken(links) {
    a.network().activate_all(now);
    b.network().activate_all(now);
  }
  static LinkConfig of(Variant variant, Correction correction) {
    LinkConfig c;
    c.variant = variant;
    c.correction = correction;
    if (variant == Variant::ansi) c.rate = LineRate::k56;
    return c;
  }
  void run(Duration time) {
    std::array<Octet, 40> line{};
    for (const Time end = now + time; now < end; now += 5ms) {
      a.work(now);
      b.work(now);
      for (LinkIndex l = 0; l < broken.size(); ++l) {
        a.link(l).transmit(line, now);
        spoil(line, l);
        b.link(l).receive(line, now);
        b.link(l).transmit(line, now);
        spoil(line, l);
        a.link(l).receive(line, now);
      }
    }
  }
  void spoil(std::span<Octet> line, LinkIndex l) {
    for (auto& octet : line) {
      if (broken[l]) octet = 0xFF;
      if (errors > 0 && random.next() % 1000000 < errors)
        octet = static_cast<Octet>(octet ^ 1U << random.next() % 8);
    }
  }
  Point a, b;
  std::vector<bool> broken;
  std::uint64_t errors = 0;
  SeededRandom random{9};
  Time now{};
};

TEST(Stack, AlignsTestsAndCarriesMessages) {
  for (const auto variant : {Variant::itu, Variant::ansi})
    for (const auto correction : {Correction::basic, Correction::preventive}) {
      Stack s(2, variant, correction);
      s.run(12s);
      ASSERT_TRUE(s.a.network().accessible(0x202));
      for (std::uint8_t sls = 0; sls < 16; ++sls)
        EXPECT_TRUE(s.a.network().send({.label = {0x202, 0, sls}, .data = {sls}}, s.now).has_value());
      s.run(100ms);
      EXPECT_EQ(s.b.heard.size(), 16u);
    }
}

TEST(Stack, LosesAndReordersNothingWhileLinksBreakAndReturn) {
  Stack s(4);
  s.run(12s);
  s.errors = 20;
  std::array<std::uint16_t, 16> next{};
  std::size_t sent = 0;
  for (int i = 0; i < 12000; ++i) {
    if (i % 1500 == 700) s.broken[static_cast<std::size_t>(i / 1500 % 4)] = true;
    if (i % 1500 == 1100) s.broken[static_cast<std::size_t>(i / 1500 % 4)] = false;
    const auto sls = static_cast<std::uint8_t>(s.random.next() % 16);
    const std::uint16_t number = next[sls]++;
    ASSERT_TRUE(s.a.network()
                    .send({.label = {0x202, 0, sls},
                           .data = {static_cast<Octet>(number >> 8), static_cast<Octet>(number), 0x42}},
                          s.now)
                    .has_value());
    ++sent;
    s.run(5ms);
  }
  s.errors = 0;
  s.run(30s);
  EXPECT_EQ(s.b.heard.size(), sent);
  std::array<std::uint16_t, 16> expected{};
  for (const auto& message : s.b.heard) {
    const auto number = static_cast<std::uint16_t>(message.data[0] << 8 | message.data[1]);
    ASSERT_EQ(number, expected[message.label.sls]++) << "SLS " << int{message.label.sls};
  }
  EXPECT_GE(s.a.network().counters().changeovers, 8u);
  EXPECT_GE(s.a.network().counters().changebacks, 8u);
  for (LinkIndex l = 0; l < 4; ++l) EXPECT_TRUE(s.a.network().status(l).carrying);
}

TEST(Stack, ComesBackAfterAllLinksWereLost) {
  Stack s(2);
  s.run(12s);
  s.broken = {true, true};
  s.run(20s);
  EXPECT_FALSE(s.a.network().accessible(0x202));
  s.broken = {false, false};
  s.run(90s);
  EXPECT_TRUE(s.a.network().accessible(0x202));
  EXPECT_TRUE(s.b.network().accessible(0x101));
}

/// Q.704 3.2.6, 9: both ends take the links for unavailable, so both say TRA afterwards.
TEST(Stack, BothEndsRestartAfterAProcessorOutageOnAllLinks) {
  Stack s(2);
  s.run(12s);
  for (int round = 0; round < 2; ++round) {  // the second within T19 of the first
    for (LinkIndex l = 0; l < 2; ++l) s.a.link(l).local_processor_outage(true, s.now);
    s.run(3s);
    EXPECT_FALSE(s.a.network().accessible(0x202));
    EXPECT_FALSE(s.b.network().accessible(0x101));
    EXPECT_TRUE(s.a.network().status(0).local_outage);
    for (LinkIndex l = 0; l < 2; ++l) s.a.link(l).local_processor_outage(false, s.now);
    s.run(2s);
    EXPECT_TRUE(s.a.network().accessible(0x202));
    EXPECT_TRUE(s.b.network().accessible(0x101));
  }
}

/// Q.704 5.6.2: users have given them up, or said something else since.
TEST(Stack, NothingOldGoesOutAfterAProcessorOutage) {
  for (const auto correction : {Correction::basic, Correction::preventive})
    for (const LinkIndex out : {1U, 2U}) {
      Stack s(2, Variant::itu, correction);
      s.run(12s);
      const auto send_16 = [&s] {
        for (std::uint8_t sls = 0; sls < 16; ++sls)
          EXPECT_TRUE(s.a.network().send({.label = {0x202, 0, sls}, .data = {sls}}, s.now).has_value());
      };
      for (LinkIndex l = 0; l < out; ++l) s.b.link(l).local_processor_outage(true, s.now);
      send_16();  // it has not heard of it yet
      s.run(4s);
      const auto heard = s.b.heard.size();
      EXPECT_LE(heard, out == 2 ? 0U : 16U);
      EXPECT_GE(heard, out == 2 ? 0U : 8U) << "those of the other link";
      for (LinkIndex l = 0; l < out; ++l) s.b.link(l).local_processor_outage(false, s.now);
      s.run(4s);
      EXPECT_EQ(s.b.heard.size(), heard);
      send_16();
      s.run(1s);
      EXPECT_EQ(s.b.heard.size(), heard + 16);
      EXPECT_EQ(s.a.link(0).counters().failures, 0u) << "the numbers go on where the far end is";
    }
}

}  // namespace
}  // namespace tandem::mtp
