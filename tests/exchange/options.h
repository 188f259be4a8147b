#pragma once
#include <expected>
#include <optional>
#include <string>

#include "tdm/config.h"

namespace exchange {

struct Options {
  tandem::tdm::SpanConfig span;
  bool national = false;
  bool network = true;
  std::string control;       ///< path of a Unix socket; empty: standard input alone
  std::string announcement;  ///< WAV for 1004 and 1005; empty: special information tone
  std::string other;         ///< the test number as which all other numbers behave; empty: unallocated
};

extern const char* const kUsage;

/// Error: a sentence.
std::expected<Options, std::string> parse_options(int argc, char** argv);

}  // namespace exchange
