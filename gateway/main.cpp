// tandem: parse arguments, load, build, run.
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "config/loader.h"
#include "config/schema.h"
#include "gateway/core/circuits.h"
#include "gateway/io/clock.h"
#include "gateway/io/log.h"
#include "gateway/io/node.h"
#include "gateway/io/operator_commands.h"
#include "gateway/io/recordings.h"
#include "gateway/store/cdr_store.h"
#include "hw/open_span.h"
#include "isup/explain.h"
#include "sipt/decode.h"
#include "tdm/pri/q931.h"

namespace {

using namespace tandem;
namespace json = boost::json;

int complain(const std::string& text) {
  std::fprintf(stderr, "tandem: %s\n", text.c_str());
  return 1;
}

std::expected<std::vector<std::int16_t>, std::string> read_recording(const std::string& path) {
  auto recording = io::load_recording(path);
  if (!recording) return std::unexpected(to_string(recording.error()));
  return std::move(recording->samples);
}

std::optional<core::Config> load(const std::string& file) {
  auto loaded = config::load_file(file, read_recording);
  if (loaded) return std::move(*loaded);
  for (const auto& problem : loaded.error()) std::fprintf(stderr, "%s\n", config::to_string(problem).c_str());
  return std::nullopt;
}

/// For a running gateway: the errors as lines.
std::expected<core::Config, std::vector<std::string>> load_again(const std::string& file) {
  auto loaded = config::load_file(file, read_recording);
  if (loaded) return std::move(*loaded);
  std::vector<std::string> lines;
  for (const auto& problem : loaded.error()) lines.push_back(config::to_string(problem));
  return std::unexpected(std::move(lines));
}

int check(const std::string& file) {
  if (!load(file)) return 1;
  std::printf("%s: no problems\n", file.c_str());
  return 0;
}

/// Shows a span's packets to the flight recorder.
class TappedPort final : public hw::DatagramPort {
 public:
  TappedPort(std::unique_ptr<DatagramPort> port, const tdm::SpanConfig& config, io::FlightRecorder& recorder)
      : port_(std::move(port)), local_(config.local), remote_(config.remote), recorder_(recorder) {}

  bool send(OctetView datagram) override {
    recorder_.record(io::now(), local_, remote_, datagram);
    return port_->send(datagram);
  }
  std::optional<hw::Received> receive(std::span<Octet> buffer) override {
    const auto received = port_->receive(buffer);
    if (received)
      recorder_.record(io::now(), remote_, local_, buffer.first(std::min(received->size, buffer.size())));
    return received;
  }

 private:
  std::unique_ptr<DatagramPort> port_;
  SocketAddress local_, remote_;
  io::FlightRecorder& recorder_;
};

std::expected<std::unique_ptr<tdm::Span>, std::string> open_tapped_span(const tdm::SpanConfig& config,
                                                                        io::FlightRecorder& recorder) {
  return hw::open_span(config, [&](std::unique_ptr<hw::DatagramPort> port) {
    return std::make_unique<TappedPort>(std::move(port), config, recorder);
  });
}

std::expected<io::CdrSink, std::string> open_cdrs(const std::string& path) {
  store::CdrStore::Options options;
  options.report = [](const std::string& trouble) { io::log(core::Severity::error, trouble); };
  auto opened = store::CdrStore::open(path, options);
  if (!opened) return std::unexpected(opened.error());
  if (opened->interrupted() > 0)
    io::log(core::Severity::warning,
            std::to_string(opened->interrupted()) + " calls were cut off by the last stop");
  const auto records = std::make_shared<store::CdrStore>(std::move(*opened));
  return io::CdrSink{[records](const core::Cdr& cdr) { records->write(cdr); },
                     [records] { return records->counters().dropped; },
                     [records] { return records->counters().waiting; }, records->last_call(),
                     records->held()};
}

/// Two sockets a call: the usual limit of 1024 open files would end at some 500 calls.
void raise_file_limit(const core::Config& config) {
  constexpr rlim_t kBesidesMedia = 256;
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) ::getrlimit(RLIMIT_NOFILE, &limit);
  std::size_t circuits = 0;
  for (const auto& trunk : config.trunks) circuits += core::circuits_of(trunk).size();
  for (const auto& trunk : config.isup_trunks)
    for (const auto& range : trunk.group.circuits) circuits += range.circuits.size();
  if (limit.rlim_cur >= 2 * circuits + kBesidesMedia) return;
  io::log(core::Severity::warning, "only " + std::to_string(limit.rlim_cur) + " files may be open, while " +
                                       std::to_string(circuits) +
                                       " circuits take two sockets each: raise 'ulimit -n'");
}

int run(const std::string& file) {
  const auto config = load(file);
  if (!config) return 1;
  io::open_log(config->log_level);
  raise_file_limit(*config);
  if (const auto made = config::make_directories(*config); !made) return complain(made.error());
  auto node = io::Node::open(
      *config, open_tapped_span, [&] { return open_cdrs(config->cdr_path); },
      [file] { return load_again(file); });
  if (!node) return complain(node.error());
  (*node)->run();
  return 0;
}

/// What a file, a pipe or a device gives.
std::expected<std::string, std::string> text_of(const std::string& name) {
  constexpr std::streamsize kMost = 1 << 20;
  std::error_code ignored;
  if (std::filesystem::is_directory(name, ignored)) return std::unexpected(name + ": is a directory");
  std::ifstream file(name == "-" ? "/dev/stdin" : name, std::ios::binary);
  std::string text(kMost, '\0');
  if (!file || (!file.read(text.data(), kMost) && !file.eof()))
    return std::unexpected(name + ": cannot be read");
  if (file.gcount() == kMost) return std::unexpected(name + ": more than a message can be");
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.find_first_not_of(" \t\r\n") == std::string::npos)
    return std::unexpected(name + ": empty, where a message was expected");
  return text;
}

/// The argument as hex, else the octets of the file that it names (hex text is read as hex).
std::expected<Octets, std::string> octets_of(const std::string& argument) {
  std::error_code ignored;
  const bool is_file = argument == "-" || std::filesystem::exists(argument, ignored);
  const auto hex = from_hex(argument);
  if (hex && (!is_file || !hex->empty())) {
    if (is_file)
      complain("'" + argument + "' is read as hex; the file of that name would be './" + argument + "'");
    return *hex;
  }
  if (!is_file)
    return std::unexpected("'" + argument + "' is neither a file nor hex: " + to_string(hex.error()));
  const auto text = text_of(argument);
  if (!text) return std::unexpected(text.error());
  const auto octets = from_hex(*text);
  return octets ? *octets : to_octets(*text);
}

int explain_q931(const Octets& octets, bool as_json) {
  const auto explained = tdm::pri::decode_q931(octets);
  if (!explained) return complain(to_string(explained.error()));
  json::array lines;
  for (const auto& line : *explained) {
    if (as_json) {
      lines.push_back({{"name", line.name}, {"value", line.value}, {"clause", line.clause}});
    } else {
      std::printf("%-32s %-40s %s\n", line.name.c_str(), line.value.c_str(), line.clause.c_str());
    }
  }
  if (as_json) std::printf("%s\n", json::serialize(lines).c_str());
  return 0;
}

int explain_sip(const Octets& octets, bool as_json) {
  const auto explained = sip::describe(octets);
  if (!explained) return complain(to_string(explained.error()));
  if (!as_json) {
    std::fputs(sip::to_string(*explained).c_str(), stdout);
    return 0;
  }
  json::array items;
  for (const auto& item : explained->items)
    items.push_back({{"name", item.name},
                     {"value", item.value},
                     {"rfc", item.rfc},
                     {"offset", item.offset},
                     {"depth", item.depth}});
  std::printf(
      "%s\n",
      json::serialize(json::object{{"summary", explained->summary}, {"items", std::move(items)}}).c_str());
  return 0;
}

json::object json_of(const isup::ExplainedParameter& parameter) {
  json::array fields;
  for (const auto& field : parameter.fields) {
    json::object item{{"name", field.name}, {"value", field.value}};
    if (field.number) item["value"] = *field.number;
    if (!field.bits.empty()) item["bits"] = field.bits;
    if (!field.meaning.empty()) item["meaning"] = field.meaning;
    fields.push_back(std::move(item));
  }
  json::object out{{"name", parameter.name},     {"code", parameter.code},     {"clause", parameter.clause},
                   {"part", parameter.part},     {"offset", parameter.offset}, {"contents", parameter.hex},
                   {"fields", std::move(fields)}};
  if (parameter.national) out["national_use"] = true;
  return out;
}

struct IsupInput {
  std::string variant = "itu";
  bool cic = false;
};

int explain_isup(const Octets& octets, const IsupInput& input, bool as_json) {
  const auto variant = input.variant == "ansi"   ? isup::Variant::ansi
                       : input.variant == "etsi" ? isup::Variant::etsi
                                                 : isup::Variant::itu;
  const auto explained = isup::explain(octets, variant, input.cic);
  if (!explained) return complain(to_string(explained.error()));
  if (!as_json) {
    std::fputs(isup::to_string(*explained).c_str(), stdout);
    return 0;
  }
  json::array parameters;
  for (const auto& parameter : explained->parameters) parameters.push_back(json_of(parameter));
  json::object message{{"summary", explained->summary},
                       {"type", explained->acronym},
                       {"code", explained->type},
                       {"name", explained->name},
                       {"clause", explained->clause},
                       {"variant", input.variant},
                       {"odd_layout", explained->odd_layout}};
  if (explained->cic) message["cic"] = *explained->cic;
  if (explained->cic_spare != 0) message["cic_spare"] = explained->cic_spare;
  if (explained->national) message["national_use"] = true;
  message["parameters"] = std::move(parameters);
  std::printf("%s\n", json::serialize(message).c_str());
  return 0;
}

int decode(const std::string& protocol, const std::string& input, const IsupInput& isup, bool as_json) {
  const auto octets = octets_of(input);
  if (!octets) return complain(octets.error());
  if (protocol == "isup") return explain_isup(*octets, isup, as_json);
  return protocol == "q931" ? explain_q931(*octets, as_json) : explain_sip(*octets, as_json);
}

int print(const std::expected<std::string, std::string>& text) {
  if (!text) return complain(text.error());
  std::fputs(text->c_str(), stdout);
  return 0;
}

/// What the command line says.
struct Arguments {
  std::string file, trunk, range, protocol, input, pcap, action, linkset;
  unsigned slc = 0;
  std::uint64_t call = 0;
  unsigned cause = 16;
  IsupInput isup;
  io::Show show{io::default_control_path()};
};

/// Commands that ask the running gateway.
void add_operator_commands(CLI::App& app, Arguments& arguments, int& status) {
  const auto add = [&](const std::string& name, const std::string& help) {
    auto* command = app.add_subcommand(name, help);
    command->add_option("--control", arguments.show.control,
                        "control socket of the gateway (or TANDEM_CONTROL)");
    command->add_flag("--json", arguments.show.json, "for programs");
    return command;
  };
  for (const auto& [name, help] : {std::pair{"status", "what is up"},
                                   {"calls", "calls in progress"},
                                   {"circuits", "every circuit and its state"},
                                   {"spans", "alarms and counters of the spans"},
                                   {"links", "signalling links of SS7: states and counters"}}) {
    const std::string command = name;
    add(name, help)->callback([&, command] {
      status = print(io::ask({{"command", command}}, arguments.show));
    });
  }
  auto* trace = add("trace", "the ladder of a call, or a capture of it");
  trace->add_option("CALL", arguments.call,
                    "number of the call; none: the last one (--pcap: everything kept)");
  trace->add_option("--pcap", arguments.pcap, "write what Wireshark opens to this file");
  trace->callback([&] {
    json::object request{{"command", "trace"}, {"call", arguments.call}};
    status = print(arguments.pcap.empty() ? io::ask(request, arguments.show)
                                          : io::save_capture(request, arguments.pcap, arguments.show));
  });
  add("reload", "take over the changed configuration")->callback([&] {
    const auto outcome = io::ask_reload(arguments.show);
    if (!outcome) {
      status = complain(outcome.error());
      return;
    }
    std::fputs(outcome->text.c_str(), outcome->good ? stdout : stderr);
    status = outcome->good ? 0 : 1;
  });
  auto* hangup = add("hangup", "clear a call");
  hangup->add_option("CALL", arguments.call, "number of the call")->required();
  hangup->add_option("--cause", arguments.cause, "Q.850 cause")->check(CLI::Range(1, 127));
  hangup->callback([&] {
    status = print(io::ask({{"command", "hangup"}, {"call", arguments.call}, {"cause", arguments.cause}},
                           arguments.show));
  });
  for (const auto& [name, help] :
       {std::pair{"block", "keep new calls off circuits"},
        {"unblock", "let calls onto circuits again"},
        {"reset", "clear circuits on both sides (Q.931 RESTART, Q.764 RSC, GRS)"}}) {
    const std::string command = name;
    auto* maintain = add(name, help);
    maintain->add_option("TRUNK", arguments.trunk, "name of the trunk")->required();
    maintain->add_option("RANGE", arguments.range,
                         "timeslots, \"1-15,17\" or \"e1-2:1-15\"; of ISUP trunks CICs, or timeslots by "
                         "span; none: all");
    maintain->callback([&, command] {
      status = print(io::ask({{"command", command}, {"trunk", arguments.trunk}, {"range", arguments.range}},
                             arguments.show));
    });
  }
  for (const auto& [name, help] :
       {std::pair{"query", "compare circuits of an ISUP trunk with the far end (CQM, Q.764 2.8.3)"},
        {"validate", "ask the far end of an ANSI ISUP trunk what it takes a circuit for (CVT, T1.113.4)"}}) {
    const std::string command = name;
    auto* test = add(name, help);
    test->add_option("TRUNK", arguments.trunk, "name of the trunk")->required();
    auto* range =
        test->add_option("RANGE", arguments.range, "CICs, \"1-15,17\", or timeslots by span, \"e1-2:1-15\"");
    if (command == "validate") range->required();
    test->callback([&, command] {
      status = print(io::ask({{"command", command}, {"trunk", arguments.trunk}, {"range", arguments.range}},
                             arguments.show));
    });
  }
  auto* link = add("link", "put a signalling link of SS7 in or out of use");
  link->add_option("ACTION", arguments.action,
                   "activate; deactivate; inhibit: it stays aligned, but carries no traffic (Q.704 10); "
                   "uninhibit")
      ->required()
      ->check(CLI::IsMember({"activate", "deactivate", "inhibit", "uninhibit"}));
  link->add_option("LINKSET", arguments.linkset, "the linkset, or the trunk whose link it is")->required();
  link->add_option("SLC", arguments.slc, "signalling link code")->required()->check(CLI::Range(0, 15));
  link->callback([&] {
    status = print(io::ask({{"command", "link"},
                            {"action", arguments.action},
                            {"linkset", arguments.linkset},
                            {"slc", arguments.slc}},
                           arguments.show));
  });
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Tandem, a SIP-to-PSTN trunk gateway");
  app.set_version_flag("--version", "tandem " TANDEM_VERSION);
  app.require_subcommand(1);
  Arguments arguments;
  int status = 0;

  auto* run_command = app.add_subcommand("run", "run the gateway");
  run_command->add_option("FILE", arguments.file, "configuration")->required();
  run_command->callback([&] { status = run(arguments.file); });
  auto* check_command = app.add_subcommand(
      "check", "check a configuration, nothing is started; or a circuit of an ISUP trunk for continuity");
  check_command->add_option("FILE-or-TRUNK", arguments.file, "configuration; with a CIC the trunk")
      ->required();
  check_command->add_option("CIC", arguments.range, "an idle circuit: CCR is sent (Q.764 2.1.8)");
  check_command->add_option("--control", arguments.show.control,
                            "with a CIC: control socket of the gateway (or TANDEM_CONTROL)");
  check_command->add_flag("--json", arguments.show.json, "with a CIC: for programs");
  check_command->callback([&] {
    if (arguments.range.empty())
      status = check(arguments.file);
    else
      status = print(io::ask({{"command", "check"}, {"trunk", arguments.file}, {"range", arguments.range}},
                             arguments.show));
  });
  app.add_subcommand("config-reference", "every key of the configuration")->callback([&] {
    status = print(config::reference());
  });
  auto* decode_command = app.add_subcommand("decode", "explain one message");
  decode_command->add_option("PROTOCOL", arguments.protocol, "sip, q931 or isup")
      ->required()
      ->check(CLI::IsMember({"sip", "q931", "isup"}));
  decode_command->add_option("HEX-or-FILE", arguments.input, "the message; - for standard input")->required();
  decode_command->add_flag("--json", arguments.show.json, "for programs");
  decode_command->add_option("--variant", arguments.isup.variant, "of isup: itu, etsi or ansi")
      ->check(CLI::IsMember({"itu", "etsi", "ansi"}));
  decode_command->add_flag("--cic", arguments.isup.cic,
                           "isup begins with the CIC, not with the message type");
  decode_command->callback(
      [&] { status = decode(arguments.protocol, arguments.input, arguments.isup, arguments.show.json); });
  add_operator_commands(app, arguments, status);

  CLI11_PARSE(app, argc, argv);
  return status;
}
