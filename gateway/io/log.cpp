#include "gateway/io/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <mutex>
#include <optional>

#include "gateway/io/clock.h"
#include "gateway/io/text.h"

namespace tandem::io {
namespace {

spdlog::level::level_enum level_of(core::Severity severity) {
  switch (severity) {
    case core::Severity::debug:
      return spdlog::level::debug;
    case core::Severity::info:
      return spdlog::level::info;
    case core::Severity::warning:
      return spdlog::level::warn;
    case core::Severity::error:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

/// Admits so many lines a second. For any thread.
class LineLimit {
 public:
  /// Lines left out in the second before, when `at` begins a new one; nothing when this line is one too many.
  std::optional<std::size_t> admit(Time at) {
    const std::lock_guard lock(mutex_);
    std::size_t left_out = 0;
    if (at >= second_ + std::chrono::seconds(1)) {
      left_out = lines_ > kLines ? lines_ - kLines : 0;
      second_ = at;
      lines_ = 0;
    }
    if (++lines_ > kLines) return std::nullopt;
    return left_out;
  }

 private:
  static constexpr std::size_t kLines = 50;
  std::mutex mutex_;
  Time second_{};
  std::size_t lines_ = 0;
};

}  // namespace

void open_log(const std::string& level) {
  auto logger = std::make_shared<spdlog::logger>("tandem", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_pattern("%Y-%m-%d %H:%M:%S.%e %-7l %v", spdlog::pattern_time_type::utc);
  logger->set_level(spdlog::level::from_str(level));
  logger->flush_on(spdlog::level::info);
  spdlog::set_default_logger(std::move(logger));
}

void set_log_level(const std::string& level) {
  spdlog::set_level(spdlog::level::from_str(level));
}

void log(const core::LogRecord& record) {
  // A peer's octets must not forge lines of the log.
  if (record.call) {
    spdlog::log(level_of(record.severity), "call={} {}", record.call.value, visible(record.text));
    return;
  }
  static LineLimit limit;
  const auto left_out = limit.admit(now());
  if (!left_out) return;
  if (*left_out > 0) spdlog::warn("{} more lines were left out", *left_out);
  spdlog::log(level_of(record.severity), "{}", visible(record.text));
}

void log(core::Severity severity, const std::string& text) {
  log(core::LogRecord{severity, {}, text});
}

}  // namespace tandem::io
