#pragma once
// A span in memory. The test plays the far end: it puts octets on timeslots and looks at what was sent.
#include <array>
#include <functional>
#include <utility>
#include <vector>

#include "tdm/span.h"

namespace tandem::doubles {

class FakeSpan : public tdm::Span {
 public:
  explicit FakeSpan(tdm::SpanType type, Octet idle = 0xD5) : type_(type), idle_(idle) {}

  /// Says the next octets that arrive on a timeslot; unset or short: the idle octet.
  using Source = std::function<void(std::span<Octet>)>;
  void set_source(int timeslot, Source source) { sources_[index(timeslot)] = std::move(source); }
  void set_alarms(tdm::Alarms alarms) { alarms_ = alarms; }
  /// Everything that was sent on a timeslot since the last call.
  std::vector<Octet> take_sent(int timeslot) { return std::exchange(sent_[index(timeslot)], {}); }
  /// Whether `write` keeps what it is given (it allocates then). Off: only the last block.
  void record(bool on) { recording_ = on; }
  [[nodiscard]] const std::vector<Octet>& last_block() const { return last_; }

  [[nodiscard]] tdm::SpanType type() const override { return type_; }
  void service(Time) override { ++services_; }
  void read(std::span<Octet> frames) override {
    const auto width = static_cast<std::size_t>(tdm::timeslot_count(type_));
    const auto count = frames.size() / width;
    std::array<Octet, 1024> column;
    for (std::size_t slot = 0; slot < width; ++slot) {
      const auto octets = std::span(column).first(count);
      std::fill(octets.begin(), octets.end(), idle_);
      if (sources_[slot]) sources_[slot](octets);
      for (std::size_t i = 0; i < count; ++i) frames[i * width + slot] = octets[i];
    }
    ++counters_.received;
  }
  void write(std::span<const Octet> frames, Time) override {
    const auto width = static_cast<std::size_t>(tdm::timeslot_count(type_));
    last_.resize(frames.size());
    std::copy(frames.begin(), frames.end(), last_.begin());
    ++counters_.sent;
    if (!recording_) return;
    for (std::size_t i = 0; i < frames.size(); ++i) sent_[i % width].push_back(frames[i]);
  }
  [[nodiscard]] tdm::Alarms alarms() const override { return alarms_; }
  [[nodiscard]] tdm::SpanCounters counters() const override { return counters_; }
  [[nodiscard]] double clock_offset_ppm() const override { return 0; }
  [[nodiscard]] int services() const { return services_; }

 private:
  static std::size_t index(int timeslot) { return static_cast<std::size_t>(timeslot - 1); }

  tdm::SpanType type_;
  Octet idle_;
  bool recording_ = true;
  int services_ = 0;
  tdm::Alarms alarms_;
  tdm::SpanCounters counters_;
  std::array<Source, tdm::kMaxTimeslots> sources_;
  std::array<std::vector<Octet>, tdm::kMaxTimeslots> sent_;
  std::vector<Octet> last_;
};

}  // namespace tandem::doubles
