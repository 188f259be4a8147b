// The test exchange: the far side of an E1 or T1 for tests and the demonstration. One thread, one block each
// 5 ms.
#include <sys/resource.h>

#include <csignal>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <random>

#include "hw/udp_port.h"
#include "tests/exchange/commands.h"
#include "tests/exchange/console.h"
#include "tests/exchange/options.h"
#include "tests/exchange/switchboard.h"

namespace {

using namespace std::chrono_literals;
using namespace exchange;

volatile std::sig_atomic_t stopped = 0;

void on_signal(int) {
  stopped = 1;
}

void say(const std::string& line) {
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

int fail(const std::string& problem) {
  std::fprintf(stderr, "exchange: %s\n", problem.c_str());
  return 1;
}

tandem::Time clock_now() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return tandem::Time(std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec));
}

void sleep_until(tandem::Time when) {
  const auto since = when.time_since_epoch();
  const auto whole = std::chrono::duration_cast<std::chrono::seconds>(since);
  const timespec target{.tv_sec = whole.count(), .tv_nsec = (since - whole).count()};
  clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &target, nullptr);
}

std::string describe(tandem::tdm::Alarms alarms) {
  std::string text;
  if (alarms.red) text += " red";
  if (alarms.blue) text += " blue";
  if (alarms.yellow) text += " yellow";
  return text.empty() ? "alarm none" : "alarm" + text;
}

/// A span with a block of its own.
struct OpenSpan {
  std::unique_ptr<tandem::hw::CesopsnSpan> span;
  std::vector<std::uint8_t> in, out;
  std::optional<tandem::tdm::Alarms> told;
};

std::expected<std::vector<OpenSpan>, std::string> open_spans(const Options& options) {
  std::vector<OpenSpan> spans;
  for (const auto& config : options.spans) {
    auto port = tandem::hw::UdpPort::open(config.local, config.remote, config.dscp);
    if (!port) return std::unexpected(port.error());
    auto& open = spans.emplace_back();
    const auto first = static_cast<std::uint16_t>(std::random_device{}());
    open.span = std::make_unique<tandem::hw::CesopsnSpan>(config, std::move(*port), first);
    const auto octets = kBlock * static_cast<std::size_t>(tandem::tdm::timeslot_count(config.type));
    open.in.resize(octets);
    open.out.resize(octets);
  }
  return spans;
}

/// Blocks of 5 ms until told to stop.
void run(Switchboard& board, std::vector<OpenSpan>& spans, Console& console) {
  bool quit = false;
  std::vector<Switchboard::Line> lines;
  std::vector<tandem::hw::CesopsnSpan*> handles;
  for (auto& open : spans) {
    lines.push_back({open.in, open.out});
    handles.push_back(open.span.get());
  }
  const auto run_line = [&](const std::string& line) { return run_command(line, {board, handles, quit}); };
  tandem::Time due = clock_now();
  while (!quit && stopped == 0) {
    const auto now = clock_now();
    if (now - due > 200ms) due = now;  // the machine stood still: do not run after it
    for (auto& open : spans) {
      open.span->service(now);
      open.span->read(open.in);
    }
    board.tick(lines);
    for (std::size_t i = 0; i < spans.size(); ++i) {
      auto& open = spans[i];
      open.span->write(open.out, now);
      if (open.told == open.span->alarms()) continue;
      open.told = open.span->alarms();
      say((i == 0 ? "" : "span " + std::to_string(i) + ' ') + describe(*open.told));
    }
    console.poll(run_line);
    // A recovered clock follows the far end's; its offset is 0 for a master.
    const auto block =
        std::chrono::duration<double, std::nano>(5e6 / (1 + spans[0].span->clock_offset_ppm() * 1e-6));
    due += std::chrono::duration_cast<tandem::Duration>(block);
    sleep_until(due);
  }
}

/// One command to a running exchange; 0 when it says ok.
int ask(const char* path, const char* line) {
  const auto reply = ask_console(path, line);
  if (!reply) return fail(reply.error());
  say(*reply);
  return reply->starts_with("ok") ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1 && std::strcmp(argv[1], "--help") == 0) {
    std::printf("%s", kUsage);
    return 0;
  }
  if (argc == 4 && std::strcmp(argv[1], "--ask") == 0) return ask(argv[2], argv[3]);
  const auto options = parse_options(argc, argv);
  if (!options) return fail(options.error() + "; --help tells more");
  Recording announcement;
  if (!options->announcement.empty()) {
    auto recording = read_wav(options->announcement);
    if (!recording) return fail(recording.error());
    announcement = *recording;
  }
  auto spans = open_spans(*options);
  if (!spans) return fail(spans.error());
  auto console = Console::open(options->control);
  if (!console) return fail(console.error());
  struct sigaction action{};
  action.sa_handler = &on_signal;
  sigaction(SIGTERM, &action, nullptr);
  sigaction(SIGINT, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  // A clock wants to run before the rest of the machine; where that is not allowed it does what it can.
  (void)setpriority(PRIO_PROCESS, 0, -15);
  Switchboard board(*options, announcement, &say);
  say("ready");
  run(board, *spans, **console);
  return 0;
}
