#pragma once
// The timers of Q.764 annex A and T1.113.4: one table, of which a configuration may set each.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "gateway/base/time.h"
#include "isup/codes.h"

namespace tandem::isup {

enum class Timer : std::uint8_t {
  t1,
  t2,
  t3,
  t4,
  t5,
  t6,
  t7,
  t8,
  t9,
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
  t24,
  t25,
  t26,
  t27,
  t28,
  t29,
  t30,
  t31,
  t32,
  t33,
  t34,
  t35,
  t36,
  t37,
  t38,
  t39,
  tacl,  ///< how long an automatic congestion level is heeded
  tccr,
  tcra,
  tcvt,
  tgrs
};
inline constexpr std::size_t kTimers = 44;

struct TimerRange {
  Duration least;
  Duration normal;  ///< used unless configured
  Duration most;
};

struct TimerRow {
  Timer id;
  std::string_view name;
  TimerRange itu;
  TimerRange ansi;
  bool by_core;  ///< nobody here runs it: call control or a part that is not here does
  std::string_view clause;
  std::string_view meaning;
  [[nodiscard]] constexpr const TimerRange& range(Variant v) const { return v == Variant::ansi ? ansi : itu; }
};

namespace timer_table {
constexpr TimerRange ms(int least, int normal, int most) {
  using std::chrono::milliseconds;
  return {milliseconds(least), milliseconds(normal), milliseconds(most)};
}
constexpr TimerRange s(int least, int normal, int most) {
  return ms(least * 1000, normal * 1000, most * 1000);
}
using enum Timer;
inline constexpr TimerRange kRepeat = s(15, 30, 60);   ///< ITU's first repetition
inline constexpr TimerRange kLong = s(300, 600, 900);  ///< ITU's repetitions with an alert
inline constexpr TimerRange kAnsiRepeat = s(4, 10, 15);
inline constexpr TimerRange kAnsiLong = s(60, 60, 120);

inline constexpr std::array<TimerRow, kTimers> kRows{{
    {t1, "T1", kRepeat, kAnsiRepeat, false, "Q.764 2.9.6", "REL without RLC: REL again"},
    {t2, "T2", s(60, 180, 180), s(60, 180, 180), false, "Q.764 annex A", "suspended by the user: release"},
    {t3, "T3", s(60, 120, 120), s(60, 120, 120), false, "Q.764 2.9.9", "after OLM: release"},
    {t4, "T4", kLong, kLong, false, "Q.764 2.13.2", "user part not available: test it again"},
    {t5, "T5", kLong, kAnsiLong, false, "Q.764 2.9.6", "REL without RLC: reset, alert"},
    {t6, "T6", s(10, 60, 180), s(10, 14, 32), false, "Q.764 2.4.1", "suspended by the network: release"},
    {t7, "T7", s(20, 25, 30), s(20, 25, 30), false, "Q.764 2.9.8.3", "address without ACM or CON: release"},
    {t8, "T8", s(10, 12, 15), s(10, 12, 15), false, "Q.764 2.9.8.3", "IAM without the COT that is due"},
    {t9, "T9", s(60, 120, 240), s(60, 180, 300), false, "Q.764 2.1.4", "ACM without answer: release"},
    {t10, "T10", s(4, 5, 6), s(4, 5, 6), true, "Q.764 2.1.2", "last digit: the number is complete"},
    {t11, "T11", s(15, 17, 20), s(15, 17, 20), true, "Q.764 2.1.1", "last digit: ACM"},
    {t12, "T12", kRepeat, kAnsiRepeat, false, "Q.764 2.9.4", "BLO without BLA: again"},
    {t13, "T13", kLong, kAnsiLong, false, "Q.764 2.9.4", "the same, with an alert"},
    {t14, "T14", kRepeat, kAnsiRepeat, false, "Q.764 2.9.4", "UBL without UBA: again"},
    {t15, "T15", kLong, kAnsiLong, false, "Q.764 2.9.4", "the same, with an alert"},
    {t16, "T16", kRepeat, kAnsiRepeat, false, "Q.764 2.9.3.1", "RSC without RLC: again"},
    {t17, "T17", kLong, kAnsiLong, false, "Q.764 2.9.3.1", "the same, with an alert"},
    {t18, "T18", kRepeat, kAnsiRepeat, false, "Q.764 2.9.4", "CGB without CGBA: again"},
    {t19, "T19", kLong, kAnsiLong, false, "Q.764 2.9.4", "the same, with an alert"},
    {t20, "T20", kRepeat, kAnsiRepeat, false, "Q.764 2.9.4", "CGU without CGUA: again"},
    {t21, "T21", kLong, kAnsiLong, false, "Q.764 2.9.4", "the same, with an alert"},
    {t22, "T22", kRepeat, kAnsiRepeat, false, "Q.764 2.9.3.2", "GRS without GRA: again"},
    {t23, "T23", kLong, kAnsiLong, false, "Q.764 2.9.3.2", "the same, with an alert"},
    {t24, "T24", ms(500, 1900, 2000), ms(500, 1900, 2000), false, "Q.764 2.1.8",
     "check tone not heard: failure"},
    {t25, "T25", s(1, 5, 10), s(1, 5, 10), false, "Q.764 2.1.8", "until the first check again"},
    {t26, "T26", s(60, 120, 180), s(60, 120, 180), false, "Q.764 2.1.8", "until the next check again"},
    {t27, "T27", s(180, 240, 240), s(180, 240, 240), false, "Q.764 2.1.8", "failed COT without CCR: reset"},
    {t28, "T28", s(5, 10, 10), s(5, 10, 10), false, "Q.764 2.8.3", "CQM without CQR: alert"},
    {t29, "T29", ms(300, 400, 600), ms(300, 400, 600), false, "Q.764 2.10", "congestion told once"},
    {t30, "T30", s(5, 7, 10), s(5, 7, 10), false, "Q.764 2.10", "congestion over: more traffic"},
    {t31, "T31", s(360, 400, 600), s(360, 400, 600), true, "Q.764 annex A", "references of SCCP, not used"},
    {t32, "T32", s(3, 4, 5), s(3, 4, 5), true, "Q.764 annex A", "end-to-end messages, not used"},
    {t33, "T33", s(12, 13, 15), s(12, 13, 15), false, "Q.764 2.1.6", "INR without INF: release"},
    {t34, "T34", s(2, 3, 4), s(2, 3, 4), false, "Q.764 2.1.12", "no SGM: go on without it"},
    {t35, "T35", s(15, 17, 20), s(15, 17, 20), false, "Q.764 2.2.5", "digits missing: release"},
    {t36, "T36", s(10, 12, 15), s(10, 12, 15), false, "Q.764 2.1.8", "CCR without COT or REL: reset"},
    {t37, "T37", s(2, 3, 4), s(2, 3, 4), true, "Q.764 annex A", "NRM about echo control without answer"},
    {t38, "T38", s(10, 60, 180), s(10, 60, 180), false, "Q.764 2.4.1", "suspended by us: release"},
    {t39, "T39", s(4, 10, 15), s(4, 10, 15), false, "Q.731.7", "IDR without IRS: go on"},
    {tacl, "TACL", s(1, 5, 30), s(1, 5, 30), false, "Q.764 2.11", "heed an automatic congestion level"},
    {tccr, "TCCR", s(1, 2, 4), s(2, 2, 2), false, "T1.113.4", "CCR without LPA: the check has failed"},
    {tcra, "TCRA", s(10, 10, 20), s(10, 10, 20), true, "T1.113.4", "CRM without CRA: no reservation"},
    {tcvt, "TCVT", s(10, 10, 10), s(10, 10, 10), false, "T1.113.4", "CVT without CVR: alert"},
    {tgrs, "TGRS", s(5, 5, 5), s(5, 5, 5), false, "T1.113.4", "until the second of two group messages"},
}};
static_assert([] {
  for (std::size_t i = 0; i < kTimers; ++i)
    if (kRows[i].id != static_cast<Timer>(i)) return false;
  return true;
}());
}  // namespace timer_table

inline constexpr const auto& kTimerRows = timer_table::kRows;

/// The row of that name; null: there is no such timer.
constexpr const TimerRow* find_timer(std::string_view name) {
  const auto* row = std::ranges::find(kTimerRows, name, &TimerRow::name);
  return row == kTimerRows.end() ? nullptr : row;
}

/// Durations by timer; what is not set is the row's normal one, and all are kept inside the row's range.
struct TimerValues {
  std::array<std::optional<Duration>, kTimers> set{};

  std::optional<Duration>& operator[](Timer id) { return set[static_cast<std::size_t>(id)]; }
  [[nodiscard]] Duration value(Timer id, Variant variant) const {
    const auto i = static_cast<std::size_t>(id);
    const TimerRange& range = kTimerRows[i].range(variant);
    return std::clamp(set[i].value_or(range.normal), range.least, range.most);
  }
};

}  // namespace tandem::isup
