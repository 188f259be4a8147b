#pragma once
// Signalling points joined by links in virtual time. The links are level 2 made simple: up a while after both
// ends start, in order, 5 ms long; what is on the way when a link is cut is lost there and can be retrieved.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "isup/mtp/network.h"

namespace tandem::mtp::test {

using namespace std::chrono_literals;

struct Point {
  explicit Point(NetworkConfig config) : network(std::move(config)) {}
  Network network;
  std::vector<std::string> log;  ///< "COO>B:0" for what is sent, "pause 3" for what users hear
  std::vector<UserMessage> heard;
  std::map<LinkIndex, int> sent_on;  ///< user messages, by link
  std::vector<LinkReport> reports;
};

class World {
 public:
  std::size_t add(NetworkConfig config) {
    EXPECT_TRUE(validate(config).has_value());
    points.push_back(std::make_unique<Point>(std::move(config)));
    return points.size() - 1;
  }
  std::size_t join(std::size_t a, LinkIndex la, std::size_t b, LinkIndex lb) {
    wires_.push_back({.ends = {End{a, la}, End{b, lb}}});
    return wires_.size() - 1;
  }
  /// Breaks a link; it can come back only after mend().
  void cut(std::size_t wire) {
    wires_[wire].cut = true;
    drop(wires_[wire]);
  }
  void mend(std::size_t wire) { wires_[wire].cut = false; }
  /// Level 2 of this end does not know what it has accepted.
  void forget_sequence(std::size_t point) { forgetful_.insert(point); }
  void activate() {
    for (auto& point : points) point->network.activate_all(now);
  }
  void run(Duration time) {
    for (const Time end = now + time; now < end; now += 1ms) tick();
  }
  /// Nothing of this heading gets through.
  std::set<Heading> swallow;
  Result<void> send(std::size_t from, PointCode to, std::uint8_t sls, std::uint8_t tag = 0) {
    return points[from]->network.send({.label = {to, 0, sls}, .data = {1, 2, tag}}, now);
  }
  std::string log(std::size_t point) {
    std::string out;
    for (const auto& line : points[point]->log) out += (out.empty() ? "" : ", ") + line;
    return out;
  }
  void clear() {
    for (auto& point : points)
      point->log.clear(), point->heard.clear(), point->sent_on.clear(), point->reports.clear();
  }
  /// Into point's level 3, as if from the link.
  void inject(std::size_t point, LinkIndex link, const Octets& msu) {
    points[point]->network.received(link, msu, now);
  }
  void inject(std::size_t point, LinkIndex link, Label label, const Management& m) {
    const auto& config = points[point]->network.config();
    const Octets data = encode_management(m, config.variant);
    inject(point, link,
           encode_msu({.service = service::kManagement,
                       .network_indicator = config.network_indicator,
                       .label = label,
                       .data = data},
                      config.variant));
  }

  std::vector<std::unique_ptr<Point>> points;
  Time now{};

 private:
  struct End {
    std::size_t point = 0;
    LinkIndex link = 0;
    bool started = false;
    std::uint32_t sent = 0;
    std::uint32_t accepted = 0;
    std::deque<std::pair<std::uint32_t, Octets>> unacknowledged{};
    std::deque<std::pair<Time, Octets>> arriving{};
  };
  struct Wire {
    std::array<End, 2> ends;
    bool cut = false;
    bool up = false;
    Time up_at{};
  };

  void drop(Wire& wire) {
    const bool was = wire.up;
    wire.up = false;
    for (auto& end : wire.ends) {
      end.arriving.clear();
      const bool told = end.started || was;
      end.started = false;
      if (told) points[end.point]->network.out_of_service(end.link, now);
    }
  }
  std::pair<Wire*, std::size_t> find(std::size_t point, LinkIndex link) {
    for (auto& wire : wires_)
      for (std::size_t e = 0; e < 2; ++e)
        if (wire.ends[e].point == point && wire.ends[e].link == link) return {&wire, e};
    return {nullptr, 0};
  }
  void tick() {
    for (auto& point : points) point->network.expire(now);
    for (auto& wire : wires_) {
      const bool ready = !wire.cut && wire.ends[0].started && wire.ends[1].started;
      if (ready && !wire.up && wire.up_at == Time{}) wire.up_at = now + 100ms;
      if (!ready) wire.up_at = Time{};
      if (ready && !wire.up && now >= wire.up_at) {
        wire.up = true;
        for (auto& end : wire.ends) points[end.point]->network.in_service(end.link, now);
      }
      for (std::size_t e = 0; e < 2; ++e) {
        End& end = wire.ends[e];
        while (!end.arriving.empty() && end.arriving.front().first <= now) {
          const Octets msu = std::move(end.arriving.front().second);
          end.arriving.pop_front();
          ++end.accepted;
          if (!wire.ends[1 - e].unacknowledged.empty()) wire.ends[1 - e].unacknowledged.pop_front();
          points[end.point]->network.received(end.link, msu, now);
        }
      }
    }
    bool again = true;
    while (again) {
      again = false;
      for (std::size_t p = 0; p < points.size(); ++p)
        while (auto out = points[p]->network.poll_output()) {
          again = true;
          std::visit([&](auto& o) { take(p, o); }, *out);
        }
    }
  }
  void take(std::size_t p, ToLink& to) {
    auto [wire, e] = find(p, to.link);
    if (wire == nullptr) return;
    End& end = wire->ends[e];
    switch (to.action) {
      case LinkAction::start:
        end.started = true;
        end.sent = end.accepted = 0;
        end.unacknowledged.clear();
        break;
      case LinkAction::stop:
        if (end.started) drop(*wire);
        break;
      case LinkAction::send:
        send(p, *wire, e, to);
        break;
      case LinkAction::backward_sequence:
        points[p]->network.backward_sequence(
            to.link,
            forgetful_.contains(p) ? std::nullopt
                                   : std::optional(static_cast<std::uint8_t>((end.accepted + 127) % 128)),
            now);
        break;
      case LinkAction::retrieve:
        for (auto& [number, msu] : end.unacknowledged)
          if (to.confirmed && ((*to.confirmed - number) & 127U) >= 64)
            points[p]->network.retrieved(to.link, msu, now);
        end.unacknowledged.clear();
        points[p]->network.retrieval_complete(to.link, now);
        break;
      default:
        break;
    }
  }
  void send(std::size_t p, Wire& wire, std::size_t e, ToLink& to) {
    const auto& config = points[p]->network.config();
    const auto msu = decode_msu(to.msu, config.variant);
    ASSERT_TRUE(msu.has_value());
    if (msu->service == service::kManagement) {
      const auto m = decode_management(msu->data, config.variant);
      ASSERT_TRUE(m.has_value());
      points[p]->log.push_back(std::string(to_string(m->heading)) + ">" + std::to_string(msu->label.dpc) +
                               ":" + std::to_string(to.link));
      if (swallow.contains(m->heading)) return;
    } else if (msu->service == service::kIsup) {
      ++points[p]->sent_on[to.link];
    }
    if (!wire.up) return;
    End& end = wire.ends[e];
    end.unacknowledged.emplace_back(end.sent++ % 128, to.msu);
    wire.ends[1 - e].arriving.emplace_back(now + 5ms, std::move(to.msu));
  }
  void take(std::size_t p, UserMessage& m) { points[p]->heard.push_back(std::move(m)); }
  void take(std::size_t p, Pause& o) { points[p]->log.push_back("pause " + std::to_string(o.destination)); }
  void take(std::size_t p, Resume& o) { points[p]->log.push_back("resume " + std::to_string(o.destination)); }
  void take(std::size_t p, Congested& o) {
    points[p]->log.push_back("congested " + std::to_string(o.destination) + " " + std::to_string(o.level));
  }
  void take(std::size_t p, UserUnavailable& o) {
    points[p]->log.push_back("unavailable " + std::to_string(o.destination) + " user " +
                             std::to_string(o.user) + " cause " + std::to_string(o.cause));
  }
  void take(std::size_t p, LinkReport& o) { points[p]->reports.push_back(o); }

  std::vector<Wire> wires_;
  std::set<std::size_t> forgetful_;
};

inline LinksetConfig linkset(PointCode own, PointCode adjacent, std::uint8_t links) {
  LinksetConfig set{.own = own, .adjacent = adjacent};
  for (std::uint8_t slc = 0; slc < links; ++slc) set.links.push_back({slc});
  return set;
}
inline NetworkConfig network(PointCode own, std::vector<LinksetConfig> sets, Variant variant = Variant::itu) {
  NetworkConfig config;
  config.variant = variant;
  config.own = {own};
  config.linksets = std::move(sets);
  return config;
}

/// Points 1 and 2 (at 0 and 1), `links` between them, all up.
struct Two : World {
  explicit Two(std::uint8_t links, Variant variant = Variant::itu) {
    add(network(1, {linkset(1, 2, links)}, variant));
    add(network(2, {linkset(2, 1, links)}, variant));
    for (LinkIndex l = 0; l < links; ++l) join(0, l, 1, l);
    activate();
    run(2s);
    clear();
  }
};

/// 1 - 2 - 4 and 1 - 3 - 4: 2 and 3 transfer; 2 and 3 are joined as well. Points at 0, 1, 2, 3.
/// Point 1 has linkset 0 (two links) to 2 and linkset 1 (links 2, 3) to 3.
struct Diamond : World {
  explicit Diamond(std::uint8_t priority_of_second = 0, const NetworkTimerValues& timers = {},
                   std::uint8_t network_indicator = 2, Variant variant = Variant::itu) {
    auto one = network(1, {linkset(1, 2, 2), linkset(1, 3, 2)});
    one.routes = {{4, 0, 0}, {4, 1, priority_of_second}, {2, 1, 1}, {3, 0, 1}};
    auto two = network(2, {linkset(2, 1, 2), linkset(2, 4, 1), linkset(2, 3, 1)});
    two.transfer = true;
    two.routes = {{4, 2, 1}, {1, 2, 1}};
    auto three = network(3, {linkset(3, 1, 2), linkset(3, 4, 1), linkset(3, 2, 1)});
    three.transfer = true;
    three.routes = {{4, 2, 1}, {1, 2, 1}};
    auto four = network(4, {linkset(4, 2, 1), linkset(4, 3, 1)});
    four.routes = {{1, 0, 0}, {1, 1, 0}};
    for (auto* config : {&one, &two, &three, &four}) {
      config->timers = timers, config->network_indicator = network_indicator, config->variant = variant;
      config->timers[NetworkTimer::t18] = 1s;  // 2 and 3 wait for each other
    }
    add(one), add(two), add(three), add(four);
    join(0, 0, 1, 0), join(0, 1, 1, 1);  // wires 0, 1
    join(0, 2, 2, 0), join(0, 3, 2, 1);  // wires 2, 3
    join(1, 2, 3, 0);                    // wire 4: 2 - 4
    join(2, 2, 3, 1);                    // wire 5: 3 - 4
    join(1, 3, 2, 3);                    // wire 6: 2 - 3
    activate();
    run(3s);
    clear();
  }
};

}  // namespace tandem::mtp::test
