// Any text as a configuration: what is refused is refused with a place and a reason that can be printed; what
// is accepted has regular expressions that any number is searched for quickly (the fuzzer's time limit
// judges).
#include <cstdint>
#include <cstdlib>
#include <regex>

#include "config/loader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto loaded = tandem::config::load_text(text, "f");
  if (!loaded) {
    if (loaded.error().empty()) std::abort();
    for (const auto& problem : loaded.error()) {
      if (problem.line < 1 || problem.column < 1 || problem.message.empty()) std::abort();
      for (const char c : to_string(problem)) {
        if (static_cast<unsigned char>(c) < 0x20) std::abort();
      }
    }
    return 0;
  }
  for (const auto& route : loaded->routes) {
    const std::regex pattern(route.match);
    for (const auto* number : {"", "1000", "+442079460000", "11111111111111111111111111111111"}) {
      (void)std::regex_replace(std::string(number), pattern, route.rewrite);
    }
  }
  return 0;
}
