#include "gateway/io/control_commands.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/json/array.hpp>

#include "gateway/io/clock.h"
#include "gateway/io/link_rows.h"
#include "gateway/io/pcapng.h"

namespace tandem::io {
namespace {

namespace json = boost::json;

std::string iso(WallTime at) {
  const auto ms = std::chrono::floor<std::chrono::milliseconds>(at);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", std::chrono::floor<std::chrono::seconds>(at),
                     ms.time_since_epoch().count() % 1000);
}

std::string alarm_text(const tdm::Alarms& alarms) {
  std::string text;
  const auto add = [&](bool raised, const char* name) {
    if (raised) text += (text.empty() ? "" : " ") + std::string(name);
  };
  add(alarms.red, "red");
  add(alarms.blue, "blue");
  add(alarms.yellow, "yellow");
  return text.empty() ? "none" : text;
}

std::string text_of(const json::object& request, const char* key) {
  const auto* value = request.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

std::uint64_t number_of(const json::object& request, const char* key) {
  const auto* value = request.if_contains(key);
  boost::system::error_code error;
  const auto number = value == nullptr ? 0 : value->to_number<std::uint64_t>(error);
  return error ? 0 : number;
}

json::array texts(const std::vector<std::string>& lines) {
  json::array array;
  for (const auto& line : lines) array.emplace_back(line);
  return array;
}

/// RTP and RTCP of the sessions that the records name.
bool of_call(const CapturedPacket& packet, const std::vector<core::TraceRecord>& records) {
  const auto on = [&](std::uint16_t port) {
    return std::any_of(records.begin(), records.end(), [&](const core::TraceRecord& record) {
      return record.rtp_port != 0 && record.rtp_port == (port & ~1U);
    });
  };
  return on(packet.source.port) || on(packet.destination.port);
}

bool of_span(const CapturedPacket& packet, const core::Config& config) {
  return std::any_of(config.spans.begin(), config.spans.end(), [&](const tdm::SpanConfig& span) {
    return span.local == packet.source || span.local == packet.destination;
  });
}

}  // namespace

void ControlCommands::handle(const json::object& request, ControlServer::Reply reply) {
  const auto command = text_of(request, "command");
  if (command == "status") return reply(status());
  if (command == "calls") return reply(calls());
  if (command == "circuits") return reply(circuits());
  if (command == "spans") return reply(spans());
  if (command == "links") return reply(links());
  if (command == "link") return reply(link(request));
  if (command == "hangup") return reply(hangup(request));
  if (command == "block" || command == "unblock" || command == "reset")
    return reply(maintain(command, request));
  using T = core::CircuitTest;
  if (command == "query") return test(T::query, request, std::move(reply));
  if (command == "check") return test(T::check, request, std::move(reply));
  if (command == "validate") return test(T::validate, request, std::move(reply));
  if (command == "reload") return reload(std::move(reply));
  if (command == "trace") return trace(request, std::move(reply));
  reply(control_error("unknown command '" + command + "'"));
}

ControlReply ControlCommands::status() {
  const auto status = view_.gateway.status(now());
  json::array trunks, peers, spans;
  for (const auto& trunk : status.trunks) {
    json::object row{
        {"name", trunk.name}, {"signalling", trunk.signalling},    {"type", trunk.switch_type},
        {"side", trunk.side}, {"state", trunk.up ? "up" : "down"}, {"idle", trunk.idle},
        {"busy", trunk.busy}, {"blocked", trunk.blocked},          {"out_of_service", trunk.out_of_service}};
    if (trunk.signalling == "pri") {
      row["switch"] = row["type"];
      row["d_channel"] = row["state"];
    }
    trunks.push_back(std::move(row));
  }
  for (const auto& peer : status.peers)
    peers.push_back({{"name", peer.name}, {"address", peer.address}, {"state", peer.state}});
  for (std::size_t i = 0; i < status.spans.size(); ++i)
    spans.push_back({{"name", view_.config.spans[i].name}, {"alarms", alarm_text(status.spans[i])}});
  return {{{"name", status.name},
           {"state", status.draining ? "draining" : "in service"},
           {"started", iso(status.started)},
           {"now", iso(status.now)},
           {"calls", status.calls},
           {"attempts", status.attempts},
           {"answered", status.answered},
           {"failed", status.failed},
           {"tick_overruns", view_.tick_overruns()},
           {"cdrs_lost", view_.cdrs_lost()},
           {"trunks", std::move(trunks)},
           {"peers", std::move(peers)},
           {"spans", std::move(spans)},
           {"pending", texts(status.pending)}}};
}

ControlReply ControlCommands::calls() {
  json::array calls;
  for (const auto& call : view_.gateway.calls(now()))
    calls.push_back({{"call", call.call.value},
                     {"state", call.state},
                     {"from", call.from_name},
                     {"to", call.to_name},
                     {"calling", call.calling},
                     {"called", call.called},
                     {"circuit", call.circuit},
                     {"codec", call.codec},
                     {"setup", iso(call.setup)},
                     {"seconds", call.seconds},
                     {"sip_call_id", call.sip_call_id}});
  return {{{"calls", std::move(calls)}}};
}

ControlReply ControlCommands::circuits() {
  json::array circuits;
  for (const auto& circuit : view_.gateway.circuits()) {
    json::object row{{"trunk", circuit.trunk},
                     {"circuit", circuit.circuit},
                     {"state", circuit.state},
                     {"blocked", circuit.blocked},
                     {"call", circuit.call ? json::value(circuit.call.value) : json::value()}};
    if (circuit.cic) row["cic"] = *circuit.cic;
    circuits.push_back(std::move(row));
  }
  return {{{"circuits", std::move(circuits)}}};
}

ControlReply ControlCommands::spans() {
  json::array spans;
  const auto alarms = view_.gateway.status(now()).spans;
  for (std::size_t i = 0; i < view_.config.spans.size(); ++i) {
    const auto& config = view_.config.spans[i];
    const auto& report = view_.reports[i];
    const auto& counters = report.counters;
    spans.push_back({{"span", config.name},
                     {"type", config.type == tdm::SpanType::e1 ? "E1" : "T1"},
                     {"driver", "cesopsn"},
                     {"local", to_string(config.local)},
                     {"remote", to_string(config.remote)},
                     {"clock", config.clock == tdm::ClockSource::master ? "master" : "recovered"},
                     {"ppm", report.clock_offset_ppm},
                     {"alarms", i < alarms.size() ? alarm_text(alarms[i]) : "none"},
                     {"received", counters.received},
                     {"sent", counters.sent},
                     {"lost", counters.lost},
                     {"reordered", counters.reordered},
                     {"late", counters.late},
                     {"malformed", counters.malformed},
                     {"slips", counters.slips},
                     {"underruns", counters.underruns}});
  }
  return {{{"spans", std::move(spans)}}};
}

ControlReply ControlCommands::links() {
  return {{{"links", link_rows(view_.gateway.links(), view_.link_reports)}}};
}

ControlReply ControlCommands::link(const json::object& request) {
  const auto action = text_of(request, "action");
  const auto slc = number_of(request, "slc");
  if (!request.contains("slc") || slc > 15)
    return control_error("slc is not a signalling link code (0 to 15)");
  using O = core::LinkOrder;
  for (const auto& [word, order] : {std::pair{"activate", O::activate},
                                    {"deactivate", O::deactivate},
                                    {"inhibit", O::inhibit},
                                    {"uninhibit", O::uninhibit}}) {
    if (action != word) continue;
    const auto done =
        view_.gateway.command_link(text_of(request, "linkset"), static_cast<std::uint8_t>(slc), order, now());
    if (!done) return control_error(done.error());
    return {{{"done", action}}};
  }
  return control_error("'" + action + "' is not activate, deactivate, inhibit or uninhibit");
}

ControlReply ControlCommands::hangup(const json::object& request) {
  const auto cause = number_of(request, "cause");
  if (cause > 127) return control_error("cause " + std::to_string(cause) + " is not in 1 to 127 (Q.850)");
  const auto done = view_.gateway.hangup(CallId{number_of(request, "call")},
                                         static_cast<std::uint8_t>(cause == 0 ? 16 : cause), now());
  if (!done) return control_error(done.error());
  return {{{"done", "hangup"}}};
}

ControlReply ControlCommands::maintain(const std::string& command, const json::object& request) {
  const auto trunk = text_of(request, "trunk");
  const auto range = text_of(request, "range");
  auto& gateway = view_.gateway;
  const auto done = command == "block"     ? gateway.block(trunk, range, now())
                    : command == "unblock" ? gateway.unblock(trunk, range, now())
                                           : gateway.reset(trunk, range, now());
  if (!done) return control_error(done.error());
  return {{{"done", command}}};
}

void ControlCommands::test(core::CircuitTest what, const json::object& request, ControlServer::Reply reply) {
  const auto number =
      view_.gateway.test_circuits(what, text_of(request, "trunk"), text_of(request, "range"), now());
  if (!number) return reply(control_error(number.error()));
  tests_.emplace(*number, std::move(reply));
}

void ControlCommands::answered(const core::CircuitAnswer& answer) {
  auto waiting = tests_.extract(answer.number);
  if (waiting.empty()) return;
  json::array rows;
  for (const auto& row : answer.rows) {
    json::object line{{"cic", row.cic}, {"circuit", row.circuit}, {"result", row.result}};
    if (answer.what == core::CircuitTest::query) {
      line["here"] = row.here;
      line["there"] = row.there;
    }
    rows.push_back(std::move(line));
  }
  waiting.mapped()({{{"circuits", std::move(rows)}}});
}

void ControlCommands::reload(ControlServer::Reply reply) {
  view_.reload([reply = std::move(reply)](const ReloadResult& result) {
    if (result) return reply({{{"changes", texts(*result)}}});
    reply({{{"problems", texts(result.error())}}});
  });
}

void ControlCommands::trace(const json::object& request, ControlServer::Reply reply) {
  const CallId call{number_of(request, "call")};
  const auto known = view_.traces.calls();
  const bool pcap = request.contains("pcap");
  if (!call && pcap) return capture(view_.traces.all(), false, std::move(reply));
  const auto chosen = call || known.empty() ? call : known.back();
  auto records = view_.traces.of(chosen);
  if (records.empty())
    return reply(control_error(call ? "nothing is kept of call " + std::to_string(call.value) +
                                          ": it never was, or newer calls have taken its place"
                                    : "no call has been traced yet"));
  if (pcap) return capture(std::move(records), true, std::move(reply));
  json::array lines;
  for (const auto& record : records)
    lines.push_back({{"at", iso(record.at)},
                     {"kind", kind_name(record.kind)},
                     {"party", record.party},
                     {"sent", record.sent},
                     {"text", record.text}});
  reply({{{"call", chosen.value}, {"ladder", ladder(records)}, {"records", std::move(lines)}}});
}

void ControlCommands::capture(std::vector<core::TraceRecord> records, bool one_call,
                              ControlServer::Reply reply) {
  for (auto* recorder : view_.recorders) recorder->request();
  // The media thread turns its buffers within a tick.
  auto timer = std::make_shared<boost::asio::steady_timer>(view_.io, std::chrono::milliseconds(50));
  timer->async_wait([this, timer, one_call, records = std::move(records),
                     reply = std::move(reply)](const boost::system::error_code&) {
    std::vector<CapturedPacket> packets;
    for (auto* recorder : view_.recorders) {
      auto taken = recorder->take();
      std::copy_if(taken.begin(), taken.end(), std::back_inserter(packets),
                   [&](const CapturedPacket& packet) {
                     return !one_call || of_call(packet, records) || of_span(packet, view_.config);
                   });
    }
    const auto clock =
        wall_now() - std::chrono::duration_cast<std::chrono::microseconds>(now().time_since_epoch());
    const auto count = packets.size();
    reply({{{"records", records.size()}, {"packets", count}}, make_pcapng(records, packets, clock)});
  });
}

}  // namespace tandem::io
