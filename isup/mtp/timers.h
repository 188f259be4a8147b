#pragma once
// A timer's row: what it is called, how far configuration may move it, and who says so.
#include <array>
#include <chrono>
#include <optional>
#include <string_view>

#include "gateway/base/time.h"

namespace tandem::mtp {

enum class Variant : std::uint8_t { itu, ansi };

struct TimerRange {
  Duration least;
  Duration normal;  ///< used unless configured
  Duration most;
  [[nodiscard]] constexpr bool holds(Duration d) const { return least <= d && d <= most; }
};

template <class Id>
struct TimerRow {
  Id id;
  std::string_view name;
  TimerRange itu;
  TimerRange ansi;
  std::string_view clause;
  [[nodiscard]] constexpr const TimerRange& range(Variant v) const { return v == Variant::itu ? itu : ansi; }
};

/// Durations by timer; what is not set is the row's normal one, and all are kept inside the row's range.
template <class Id, std::size_t N>
struct TimerValues {
  std::array<std::optional<Duration>, N> set{};

  std::optional<Duration>& operator[](Id id) { return set[static_cast<std::size_t>(id)]; }
  [[nodiscard]] std::array<Duration, N> resolve(const std::array<TimerRow<Id>, N>& rows, Variant v) const {
    std::array<Duration, N> out{};
    for (std::size_t i = 0; i < N; ++i) {
      const TimerRange& range = rows[i].range(v);
      out[i] = std::min(std::max(set[i].value_or(range.normal), range.least), range.most);
    }
    return out;
  }
};

namespace timer_units {
constexpr Duration ms(int value) {
  return std::chrono::milliseconds(value);
}
constexpr TimerRange span_ms(int least, int normal, int most) {
  return {ms(least), ms(normal), ms(most)};
}
}  // namespace timer_units

// --- level 2 ----------------------------------------------------------------------------------------------
enum class LinkTimer : std::uint8_t { t1, t2, t3, t4_normal, t4_emergency, t5, t6, t7 };
inline constexpr std::size_t kLinkTimers = 8;

/// Q.703 12.3 for 64 kbit/s; T1.111.3 12.3 for 56 and 64 kbit/s.
inline constexpr auto kLinkTimerRows = [] {
  using enum LinkTimer;
  using timer_units::span_ms;
  return std::array<TimerRow<LinkTimer>, kLinkTimers>{{
      {t1, "T1", span_ms(40000, 45000, 50000), span_ms(12900, 13000, 16000), "Q.703 7.3: aligned ready"},
      {t2, "T2", span_ms(5000, 50000, 150000), span_ms(5000, 11500, 23000), "Q.703 7.3: not aligned"},
      {t3, "T3", span_ms(1000, 1500, 2000), span_ms(5000, 11500, 14000), "Q.703 7.3: aligned"},
      {t4_normal, "T4n", span_ms(7500, 8200, 9500), span_ms(2070, 2300, 2530), "Q.703 7.3: proving"},
      {t4_emergency, "T4e", span_ms(400, 500, 600), span_ms(540, 600, 660), "Q.703 7.3: emergency proving"},
      {t5, "T5", span_ms(80, 100, 120), span_ms(80, 100, 120), "Q.703 9.3: sending SIB"},
      {t6, "T6", span_ms(3000, 5000, 6000), span_ms(1000, 5000, 6000), "Q.703 9.3: remote congestion"},
      {t7, "T7", span_ms(500, 1500, 2000), span_ms(500, 1500, 2000), "Q.703 5.3.1, 6.3.1: acknowledgement"},
  }};
}();
using LinkTimerValues = TimerValues<LinkTimer, kLinkTimers>;

}  // namespace tandem::mtp
