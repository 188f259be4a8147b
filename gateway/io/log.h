#pragma once
#include <string>

#include "gateway/core/gateway.h"

namespace tandem::io {

/// Sets up the program's log on standard error: "2026-11-20 18:00:00.123 warning call=12 text".
/// `level`: debug, info, warning, error.
void open_log(const std::string& level);
void set_log_level(const std::string& level);
/// Lines about no call are limited to 50 a second, so that a peer that sends rubbish fills no disk; how many
/// were left out is said.
void log(const core::LogRecord& record);
void log(core::Severity severity, const std::string& text);

}  // namespace tandem::io
