#include "tests/exchange/options.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "tests/exchange/ss7_options.h"

namespace exchange {

const char* const kUsage =
    "exchange: an ISDN or SS7 exchange on CESoPSN spans, for tests\n"
    "  --local ADDRESS:PORT      default 127.0.0.1:50001\n"
    "  --remote ADDRESS:PORT     default 127.0.0.1:40001\n"
    "  --type e1|t1              default e1\n"
    "  --add LOCAL,REMOTE,ID     a further span, its interface identifier; the first span's is 0\n"
    "  --backup yes|no           a second D channel, on the second span; default no\n"
    "  --switch euroisdn|national|ni1|dms100|4ess|5ess|qsig\n"
    "  --overlap yes|no          numbers may come digit by digit, default no\n"
    "  --service yes|no          SERVICE messages, default no\n"
    "  --side network|user       default network\n"
    "  --signalling isdn|ss7     default isdn; of ss7 the next six\n"
    "  --variant itu|ansi        default itu\n"
    "  --opc PC, --dpc PC        this exchange and the far one: N or A-B-C\n"
    "  --ni national|international  default national\n"
    "  --link SPAN:SLOT[,...]    timeslots of the linkset's links, 1 to 8\n"
    "  --cics FIRST:SPAN:SLOT-SLOT[,...]  circuits: the first one's code, and their timeslots\n"
    "  --debug yes|no            libss7 tells of every message, default no\n"
    "  --clock master|recovered  default master\n"
    "  --playout MS              playout buffer, default 10\n"
    "  --control PATH            a Unix socket that takes commands, as standard input does\n"
    "  --announcement FILE       WAV, 16 bit, one channel, 8000 Hz, for 1004 and 1005\n"
    "  --other NUMBER            the test number as which all other numbers behave\n"
    "exchange --ask PATH COMMAND: one command to the exchange whose --control is PATH\n"
    "commands:\n"
    "  dial NUMBER [from N] [name X] [play FILE] [record FILE] [overlap yes] [bearer 64k] [channel "
    "none|SLOT]\n"
    "       [redirecting N] [original N] [uui TEXT] [subaddress DIGITS] [keypad KEYS]\n"
    "  more N DIGITS    hangup N [CAUSE]    notify N hold|retrieve    party N NUMBER    check-clear N\n"
    "  send-dtmf N DIGITS    record N FILE    play N FILE    calls    restart SLOT    service SLOT in|out\n"
    "  alarm ais|rdi|none [SPAN]    dchannel down|up [LINK]    span [SPAN]    quit\n"
    "of isdn:\n"
    "  transfer N N    the far end is asked to join two calls    transfers accepted|refused\n"
    "of ss7:\n"
    "  block|unblock|reset CIC[-CIC] [hardware]    cgb|cgu CIC-CIC [hardware]    ucic CIC    lpa CIC\n"
    "  suspend|resume N [user]    link up|down|outage|recovers N    noloop N    circuits\n"
    "  traffic lin|lun|tfp|tfa|restart... LINK [PC]\n"
    "SLOT: 1 to 31 of the first span, 101 to 131 of the second, ...; SPAN, LINK: from 0\n";

namespace {

using tandem::tdm::SpanConfig;

bool one_of(std::string_view value, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, value) != words.end();
}

bool set_ends(SpanConfig& span, const std::string& local, const std::string& remote) {
  const auto from = tandem::parse_socket_address(local);
  const auto to = tandem::parse_socket_address(remote);
  if (!from || !to) return false;
  span.local = *from;
  span.remote = *to;
  return true;
}

/// What all spans share, and those that were added.
struct Reading {
  Options options;
  SpanConfig span;
  std::string local = "127.0.0.1:50001";
  std::string remote = "127.0.0.1:40001";
  std::vector<std::string> more;
  Ss7Reading ss7;
  bool isdn = true;

  /// False: no such option or value.
  bool take(std::string_view key, const std::string& value) {
    const bool yes = value == "yes";
    const auto word = [&](std::initializer_list<std::string_view> words) { return one_of(value, words); };
    if (key == "--local") return local = value, true;
    if (key == "--remote") return remote = value, true;
    if (key == "--add") return more.push_back(value), true;
    if (key == "--control") return options.control = value, true;
    if (key == "--announcement") return options.announcement = value, true;
    if (key == "--other") return options.other = value, true;
    if (key == "--type") {
      span.type = value == "t1" ? tandem::tdm::SpanType::t1 : tandem::tdm::SpanType::e1;
      return word({"e1", "t1"});
    }
    if (key == "--switch") {
      options.switch_type = value;
      return word({"euroisdn", "national", "ni1", "dms100", "4ess", "5ess", "qsig"});
    }
    if (key == "--side") return options.network = value == "network", word({"network", "user"});
    if (key == "--signalling") return isdn = value == "isdn", word({"isdn", "ss7"});
    if (ss7.take(key, value)) return true;
    if (key == "--backup") return options.d_channels = yes ? 2 : 1, word({"yes", "no"});
    if (key == "--overlap") return options.overlap = yes, word({"yes", "no"});
    if (key == "--service") return options.service = yes, word({"yes", "no"});
    if (key == "--clock") {
      span.clock = value == "master" ? tandem::tdm::ClockSource::master : tandem::tdm::ClockSource::recovered;
      return word({"master", "recovered"});
    }
    if (key != "--playout") return false;
    const int depth = std::atoi(value.c_str());
    span.playout = std::chrono::milliseconds(depth);
    return depth >= 1 && depth <= 500;
  }

  bool add(const std::string& text, int interface) {
    const auto comma = text.find(',');
    if (comma == std::string::npos) return false;
    auto next = span;
    next.name = "span" + std::to_string(options.spans.size());
    if (!set_ends(next, text.substr(0, comma), text.substr(comma + 1))) return false;
    options.spans.push_back(next);
    options.interfaces.push_back(interface);
    return true;
  }
};

}  // namespace

std::expected<Options, std::string> parse_options(int argc, char** argv) {
  Reading reading;
  for (int i = 1; i < argc; i += 2) {
    const std::string_view key = argv[i];
    if (i + 1 == argc) return std::unexpected(std::string(key) + " needs a value");
    if (!reading.take(key, argv[i + 1]))
      return std::unexpected("unknown option or wrong value: " + std::string(key) + ' ' + argv[i + 1]);
  }
  if (!reading.add(reading.local + ',' + reading.remote, 0))
    return std::unexpected("--local and --remote want ADDRESS:PORT");
  for (const auto& text : reading.more) {
    const auto comma = text.rfind(',');
    const int interface = comma == std::string::npos ? 0 : std::atoi(text.c_str() + comma + 1);
    if (interface < 1 || interface > 126 || !reading.add(text.substr(0, comma), interface))
      return std::unexpected("--add wants LOCAL,REMOTE,ID");
  }
  if (!reading.isdn) {
    auto ss7 = reading.ss7.finish(reading.options.spans);
    if (!ss7) return std::unexpected(ss7.error());
    reading.options.ss7 = *ss7;
  }
  if (reading.options.d_channels > static_cast<int>(reading.options.spans.size()))
    return std::unexpected("the backup D channel wants a second span: --add");
  return std::move(reading.options);
}

}  // namespace exchange
