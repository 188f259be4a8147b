#pragma once
// The options of --signalling ss7.
#include <string_view>

#include "tests/exchange/options.h"

namespace exchange {

struct Ss7Reading {
  std::string variant = "itu", opc, dpc, ni = "national", links, cics, debug = "no";

  /// False: no such option.
  bool take(std::string_view key, const std::string& value);
  /// Error: a sentence.
  [[nodiscard]] std::expected<Ss7Options, std::string> finish(
      const std::vector<tandem::tdm::SpanConfig>& spans) const;
};

}  // namespace exchange
