#pragma once
// The timers and counters of Q.921 and Q.931 that a configuration may move: one table.
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "gateway/base/time.h"
#include "tdm/pri/config.h"

namespace tandem::tdm::pri {

enum class TimerUnit : std::uint8_t { milliseconds, count };

struct TimerRow {
  std::string_view name;  ///< "T309", as TimerSetting::name
  std::int32_t minimum;   ///< of `unit`
  std::int32_t user;      ///< default at the user side (of QSIG: slave)
  std::int32_t network;   ///< default at the network side
  std::int32_t maximum;   ///< of `unit`
  TimerUnit unit;
  bool by_core;              ///< nobody here runs it: the exchange does, with timer_value()
  std::string_view clause;   ///< where the value and the range come from
  std::string_view meaning;  ///< for the configuration's reference
};

/// All of them, by name. Left out, since neither libpri nor a gateway has what they watch: T307 (suspended
/// calls), T312 and T320 to T322 (broadcast SETUP, packet links, STATUS ENQUIRY), T314 (segments), T317 to
/// T319 (the acknowledgement of RESTART is sent at once; resume and suspend), T201, T202, N202 (TEIs).
std::span<const TimerRow> timer_rows();

/// The row of that name; nothing: there is no such timer.
const TimerRow* find_timer(std::string_view name);

/// What `config` says of a timer, or its default; brought within the row's range. `name` must be a row's.
std::int32_t timer_value(const DChannelConfig& config, std::string_view name);
/// The same for a timer in milliseconds.
Duration timer_duration(const DChannelConfig& config, std::string_view name);

}  // namespace tandem::tdm::pri
