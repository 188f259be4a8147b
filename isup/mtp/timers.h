#pragma once
// A timer's row: what it is called, how far configuration may move it, and who says so.
#include <algorithm>
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

// --- level 3 ----------------------------------------------------------------------------------------------
enum class NetworkTimer : std::uint8_t {
  t1,
  t2,
  t3,
  t4,
  t5,
  t6,
  t8,
  t10,
  t11,
  t12,
  t13,
  t14,
  t15,
  t16,
  t17,
  t18,
  t19,
  t20,
  t21,
  t22,
  t23,
  test1,
  test2,
  restricted_again,
  waiting_again,
};
inline constexpr std::size_t kNetworkTimers = 25;

/// Q.704 16.8 and Q.707 5.5; T1.111.4 16.7 and T1.111.7. The names are ITU-T's: T1.111.4 has other numbers
/// from T18 on (isup/mtp/README.md has them side by side).
inline constexpr auto kNetworkTimerRows = [] {
  using enum NetworkTimer;
  using timer_units::span_ms;
  return std::array<TimerRow<NetworkTimer>, kNetworkTimers>{{
      {t1, "T1", span_ms(500, 800, 1200), span_ms(500, 800, 1200), "Q.704 5: time-controlled changeover"},
      {t2, "T2", span_ms(700, 1400, 2000), span_ms(700, 1400, 2000), "Q.704 5: waiting for COA"},
      {t3, "T3", span_ms(500, 800, 1200), span_ms(500, 800, 1200), "Q.704 6: time-controlled diversion"},
      {t4, "T4", span_ms(500, 800, 1200), span_ms(500, 800, 1200), "Q.704 6: waiting for CBA, first"},
      {t5, "T5", span_ms(500, 800, 1200), span_ms(500, 800, 1200), "Q.704 6: waiting for CBA, second"},
      {t6, "T6", span_ms(500, 800, 1200), span_ms(500, 800, 1200), "Q.704 8: controlled rerouting"},
      {t8, "T8", span_ms(800, 1000, 1200), span_ms(800, 1000, 1200), "Q.704 13.2: TFP once"},
      {t10, "T10", span_ms(30000, 45000, 60000), span_ms(30000, 45000, 60000), "Q.704 13.5: RST repeated"},
      {t11, "T11", span_ms(30000, 45000, 90000), span_ms(30000, 45000, 90000), "Q.704 13.4: before TFR"},
      {t12, "T12", span_ms(800, 1200, 1500), span_ms(800, 1200, 1500), "Q.704 10: waiting for LUA"},
      {t13, "T13", span_ms(800, 1200, 1500), span_ms(800, 1200, 1500), "Q.704 10: after LFU"},
      {t14, "T14", span_ms(2000, 2500, 3000), span_ms(2000, 2500, 3000), "Q.704 10: waiting for LIA"},
      {t15, "T15", span_ms(2000, 2500, 3000), span_ms(2000, 2500, 3000), "Q.704 13.9: before RCT"},
      {t16, "T16", span_ms(1400, 1700, 2000), span_ms(1400, 1700, 2000), "Q.704 13.9: after RCT"},
      {t17, "T17", span_ms(800, 1000, 1500), span_ms(800, 1000, 1500), "Q.704 12: before a new alignment"},
      {t18, "T18", span_ms(500, 20000, 55000), span_ms(500, 20000, 55000),
       "Q.704 9.2: own restart with transfer, for links and routes"},
      {t19, "T19", span_ms(67000, 68000, 69000), span_ms(60000, 62000, 65000), "Q.704 9: TRA again"},
      {t20, "T20", span_ms(59000, 60000, 61000), span_ms(59000, 60000, 61000), "Q.704 9: own restart"},
      {t21, "T21", span_ms(63000, 64000, 65000), span_ms(30000, 32000, 35000),
       "Q.704 9: neighbour's restart"},
      {t22, "T22", span_ms(180000, 240000, 360000), span_ms(90000, 105000, 120000), "Q.704 10: LLT"},
      {t23, "T23", span_ms(180000, 240000, 360000), span_ms(90000, 105000, 120000), "Q.704 10: LRT"},
      {test1, "SLT T1", span_ms(4000, 8000, 12000), span_ms(4000, 8000, 12000),
       "Q.707 2.2: waiting for SLTA"},
      {test2, "SLT T2", span_ms(30000, 60000, 90000), span_ms(30000, 60000, 90000),
       "Q.707 2.2: between tests"},
      {restricted_again, "ANSI T18", span_ms(2000, 10000, 20000), span_ms(2000, 10000, 20000),
       "T1.111.4 13.4: TFR once more, by the response method"},
      {waiting_again, "ANSI T26", span_ms(12000, 13000, 15000), span_ms(12000, 13000, 15000),
       "T1.111.4 9: TRW again"},
  }};
}();
using NetworkTimerValues = TimerValues<NetworkTimer, kNetworkTimers>;

}  // namespace tandem::mtp
