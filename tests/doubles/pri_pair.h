#pragma once
// A network side and a user side D channel joined by a wire with no delay, in virtual time.
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "tdm/pri/d_channel.h"

namespace tandem::doubles {

class PriPair {
 public:
  enum End : std::size_t { network = 0, user = 1 };
  using Event = tdm::pri::Output;  ///< all but FrameOut

  explicit PriPair(tdm::pri::DChannelConfig config = {}, Time start = Time(std::chrono::seconds(1)))
      : now_(start) {
    config.side = tdm::pri::Side::network;
    ends_[network] = std::make_unique<tdm::pri::DChannel>(config, now_);
    config.side = tdm::pri::Side::user;
    ends_[user] = std::make_unique<tdm::pri::DChannel>(config, now_);
  }

  tdm::pri::DChannel& at(End end) { return *ends_[end]; }
  [[nodiscard]] Time now() const { return now_; }
  /// Events of one end since they were last taken.
  std::vector<Event> take(End end) { return std::exchange(events_[end], {}); }

  /// The first event of type T that this end has, taken out; aborts the test's expectation by nullopt.
  template <class T>
  std::optional<T> take(End end) {
    auto& events = events_[end];
    for (auto it = events.begin(); it != events.end(); ++it) {
      if (auto* found = std::get_if<T>(&*it)) {
        T result = std::move(*found);
        events.erase(it);
        return result;
      }
    }
    return std::nullopt;
  }
  template <class T>
  [[nodiscard]] std::size_t count(End end) const {
    std::size_t n = 0;
    for (const auto& event : events_[end]) n += std::holds_alternative<T>(event) ? 1U : 0U;
    return n;
  }

  /// Carries frames to and fro until both ends are silent.
  void settle() {
    for (bool moved = true; moved;) {
      moved = false;
      for (const End end : {network, user}) moved = drain(end) || moved;
    }
  }
  /// Lets time pass, waking each end when it wants to be woken.
  void run(Duration duration) {
    const Time end_time = now_ + duration;
    settle();
    while (true) {
      const auto next = earlier(ends_[network]->next_deadline(), ends_[user]->next_deadline());
      if (!next || *next > end_time) break;
      now_ = std::max(now_, *next);
      for (auto& end : ends_) end->handle_timers(now_);
      settle();
    }
    now_ = end_time;
  }
  /// Up on both ends.
  void start() { run(std::chrono::seconds(3)); }

  /// The wire: false drops the frame. Default: nothing is dropped.
  std::function<bool(End from, OctetView frame)> wire = [](End, OctetView) { return true; };
  /// Sees every frame that is sent, dropped or not.
  std::function<void(End from, OctetView frame)> tap = [](End, OctetView) {};
  /// Of NFAS's two D channels those that are cut.
  bool cut[2] = {false, false};

 private:
  bool drain(End end) {
    bool moved = false;
    while (auto output = ends_[end]->poll_output()) {
      moved = true;
      if (auto* frame = std::get_if<tdm::pri::FrameOut>(&*output)) {
        tap(end, frame->octets);
        if (!cut[frame->link & 1U] && wire(end, frame->octets))
          ends_[end == network ? user : network]->handle_frame(frame->octets, now_, frame->link);
      } else {
        events_[end].push_back(std::move(*output));
      }
    }
    return moved;
  }

  Time now_;
  std::unique_ptr<tdm::pri::DChannel> ends_[2];
  std::vector<Event> events_[2];
};

}  // namespace tandem::doubles
