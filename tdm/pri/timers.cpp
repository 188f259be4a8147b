#include "tdm/pri/timers.h"

#include <algorithm>
#include <array>

namespace tandem::tdm::pri {
namespace {

constexpr auto kMs = TimerUnit::milliseconds;
constexpr auto kCount = TimerUnit::count;

// Q.931 tables 9-1 (network) and 9-2 (user), Q.921 5.9, Q.932 6.5. Where the tables leave a range open, the
// widest that is of use in the field.
constexpr auto kRows = std::to_array<TimerRow>({
    // name, minimum, user, network, maximum, unit, by the core, clause, meaning
    {"N200", 1, 3, 3, 10, kCount, false, "Q.921 5.9.2", "repetitions of a layer 2 frame"},
    {"N316", 1, 2, 2, 10, kCount, false, "Q.931 5.5.1", "transmissions of RESTART"},
    {"K", 1, 7, 7, 127, kCount, false, "Q.921 5.9.5", "layer 2 frames sent ahead of their acknowledgement"},
    {"T200", 200, 1'000, 1'000, 10'000, kMs, false, "Q.921 5.9.1", "wait for a layer 2 acknowledgement"},
    {"T203", 1'000, 10'000, 10'000, 120'000, kMs, false, "Q.921 5.9.8", "layer 2 without any frame"},
    {"T301", 60'000, 240'000, 240'000, 900'000, kMs, false, "Q.931 table 9-1", "ringing without an answer"},
    {"T302", 1'000, 15'000, 12'000, 60'000, kMs, true, "Q.931 table 9-1", "between digits that are received"},
    {"T303", 1'000, 4'000, 4'000, 30'000, kMs, false, "Q.931 table 9-1", "wait for the answer to SETUP"},
    {"T304", 1'000, 30'000, 30'000, 300'000, kMs, false, "Q.931 table 9-2", "between digits that are sent"},
    {"T305", 1'000, 30'000, 30'000, 120'000, kMs, false, "Q.931 table 9-1", "DISCONNECT without RELEASE"},
    {"T306", 1'000, 30'000, 30'000, 180'000, kMs, false, "Q.931 table 9-1", "tones after DISCONNECT"},
    {"T308", 1'000, 4'000, 4'000, 30'000, kMs, false, "Q.931 table 9-1", "RELEASE without RELEASE COMPLETE"},
    {"T309", 0, 30'000, 30'000, 90'000, kMs, false, "Q.931 table 9-1", "calls kept without a D channel"},
    {"T310", 1'000, 120'000, 40'000, 180'000, kMs, false, "Q.931 table 9-2", "after CALL PROCEEDING"},
    {"T313", 1'000, 4'000, 4'000, 30'000, kMs, false, "Q.931 table 9-2", "CONNECT without acknowledgement"},
    {"T316", 2'000, 120'000, 120'000, 300'000, kMs, false, "Q.931 table 9-1",
     "RESTART without acknowledgement"},
    {"T-HOLD", 1'000, 4'000, 4'000, 30'000, kMs, false, "Q.932 6.5.1", "wait for the answer to HOLD"},
    {"T-RETRIEVE", 1'000, 4'000, 4'000, 30'000, kMs, false, "Q.932 6.5.2", "wait for the answer to RETRIEVE"},
    {"T-RESPONSE", 1'000, 4'000, 4'000, 30'000, kMs, false, "ETS 300 369-1 9.5",
     "wait for a service's result"},
});

}  // namespace

std::span<const TimerRow> timer_rows() {
  return kRows;
}

const TimerRow* find_timer(std::string_view name) {
  const auto* row = std::ranges::find(kRows, name, &TimerRow::name);
  return row == kRows.end() ? nullptr : row;
}

std::int32_t timer_value(const DChannelConfig& config, std::string_view name) {
  const TimerRow* row = find_timer(name);
  if (row == nullptr) return 0;
  std::int32_t value = config.side == Side::user ? row->user : row->network;
  for (const auto& setting : config.timers) {
    if (setting.name == name) value = setting.value;
  }
  return std::clamp(value, row->minimum, row->maximum);
}

Duration timer_duration(const DChannelConfig& config, std::string_view name) {
  return std::chrono::milliseconds(timer_value(config, name));
}

}  // namespace tandem::tdm::pri
