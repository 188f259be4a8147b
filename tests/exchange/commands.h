#pragma once
#include <span>
#include <string>

#include "hw/cesopsn.h"
#include "tests/exchange/switchboard.h"

namespace exchange {

struct CommandTargets {
  Switchboard& board;
  std::span<tandem::hw::CesopsnSpan* const> spans;
  bool& quit;
};

/// Runs one line; the reply is one line: "ok ..." or "error ...".
std::string run_command(const std::string& line, CommandTargets targets);

}  // namespace exchange
