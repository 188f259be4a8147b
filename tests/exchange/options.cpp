#include "tests/exchange/options.h"

#include <cstdlib>
#include <string_view>

namespace exchange {

const char* const kUsage =
    "exchange: an ISDN exchange on one CESoPSN span, for tests\n"
    "  --local ADDRESS:PORT      default 127.0.0.1:50001\n"
    "  --remote ADDRESS:PORT     default 127.0.0.1:40001\n"
    "  --type e1|t1              default e1\n"
    "  --switch euroisdn|national\n"
    "  --side network|user       default network\n"
    "  --clock master|recovered  default master\n"
    "  --playout MS              playout buffer, default 10\n"
    "  --control PATH            a Unix socket that takes commands, as standard input does\n"
    "  --announcement FILE       WAV, 16 bit, one channel, 8000 Hz, for 1004 and 1005\n"
    "  --other NUMBER            the test number as which all other numbers behave\n"
    "exchange --ask PATH COMMAND: one command to the exchange whose --control is PATH\n"
    "commands:\n"
    "  dial NUMBER [from N] [name X] [play FILE] [record FILE]    hangup N [CAUSE]\n"
    "  send-dtmf N DIGITS    record N FILE    play N FILE    calls    restart SLOT\n"
    "  alarm ais|rdi|none    dchannel down|up    span    quit\n";

std::expected<Options, std::string> parse_options(int argc, char** argv) {
  Options options;
  options.span.name = "span";
  std::string local = "127.0.0.1:50001";
  std::string remote = "127.0.0.1:40001";
  for (int i = 1; i < argc; i += 2) {
    const std::string_view key = argv[i];
    if (i + 1 == argc) return std::unexpected(std::string(key) + " needs a value");
    const std::string value = argv[i + 1];
    const auto wrong = std::unexpected("wrong value for " + std::string(key) + ": " + value);
    const auto one_of = [&](std::string_view a, std::string_view b) { return value == a || value == b; };
    if (key == "--local") {
      local = value;
    } else if (key == "--remote") {
      remote = value;
    } else if (key == "--type") {
      if (!one_of("e1", "t1")) return wrong;
      options.span.type = value == "t1" ? tandem::tdm::SpanType::t1 : tandem::tdm::SpanType::e1;
    } else if (key == "--switch") {
      if (!one_of("euroisdn", "national")) return wrong;
      options.national = value == "national";
    } else if (key == "--side") {
      if (!one_of("network", "user")) return wrong;
      options.network = value == "network";
    } else if (key == "--clock") {
      if (!one_of("master", "recovered")) return wrong;
      options.span.clock =
          value == "master" ? tandem::tdm::ClockSource::master : tandem::tdm::ClockSource::recovered;
    } else if (key == "--playout") {
      const int depth = std::atoi(value.c_str());
      if (depth < 1 || depth > 500) return wrong;
      options.span.playout = std::chrono::milliseconds(depth);
    } else if (key == "--control") {
      options.control = value;
    } else if (key == "--announcement") {
      options.announcement = value;
    } else if (key == "--other") {
      options.other = value;
    } else {
      return std::unexpected("unknown option " + std::string(key));
    }
  }
  const auto from = tandem::parse_socket_address(local);
  const auto to = tandem::parse_socket_address(remote);
  if (!from || !to) return std::unexpected("--local and --remote want ADDRESS:PORT");
  options.span.local = *from;
  options.span.remote = *to;
  return options;
}

}  // namespace exchange
