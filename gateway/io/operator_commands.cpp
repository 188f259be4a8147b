#include "gateway/io/operator_commands.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <span>
#include <vector>

#include "gateway/io/control_server.h"

namespace tandem::io {
namespace {

namespace json = boost::json;

std::string cell(const json::value* value) {
  if (value == nullptr || value->is_null()) return "-";
  if (value->is_string()) return value->as_string().empty() ? "-" : std::string(value->as_string());
  if (value->is_double()) return fmt::format("{:.1f}", value->as_double());
  return json::serialize(*value);
}

std::string heading(std::string_view key) {
  std::string text(key);
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

/// The rows' values under `columns`, each column as wide as its widest cell; a column that no row has is left
/// out.
std::string table(const json::array& rows, std::span<const std::string_view> all_columns) {
  std::vector<std::string_view> columns(all_columns.begin(), all_columns.end());
  std::erase_if(columns, [&](std::string_view column) {
    return !rows.empty() && std::none_of(rows.begin(), rows.end(), [&](const json::value& row) {
      return row.as_object().contains(column);
    });
  });
  std::vector<std::vector<std::string>> cells(1);
  for (const auto column : columns) cells[0].push_back(heading(column));
  for (const auto& row : rows) {
    auto& line = cells.emplace_back();
    for (const auto column : columns) line.push_back(cell(row.as_object().if_contains(column)));
  }
  std::string text;
  for (const auto& line : cells) {
    std::string row;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      std::size_t width = 0;
      for (const auto& other : cells) width = std::max(width, other[i].size());
      row += fmt::format("{:<{}}  ", line[i], width);
    }
    row.erase(row.find_last_not_of(' ') + 1);
    text += row + "\n";
  }
  return text;
}

std::string lines_of(const json::array& lines) {
  std::string text;
  for (const auto& line : lines) text += std::string(line.as_string()) + "\n";
  return text;
}

struct Listing {
  std::string_view command;
  std::string_view array;
  std::vector<std::string_view> columns;
  std::string_view empty;
};

const std::vector<Listing>& listings() {
  static const std::vector<Listing> all{
      {"calls",
       "calls",
       {"call", "state", "from", "to", "calling", "called", "circuit", "codec", "seconds"},
       "no calls\n"},
      {"circuits", "circuits", {"trunk", "circuit", "cic", "state", "blocked", "call"}, "no circuits\n"},
      {"query", "circuits", {"cic", "circuit", "result", "here", "there"}, "no circuits\n"},
      {"check", "circuits", {"cic", "circuit", "result"}, "no circuits\n"},
      {"validate", "circuits", {"cic", "circuit", "result"}, "no circuits\n"},
      {"spans",
       "spans",
       {"span", "type", "alarms", "clock", "ppm", "received", "sent", "lost", "reordered", "late",
        "malformed", "slips", "underruns"},
       "no spans\n"},
      {"links",
       "links",
       {"linkset", "adjacent", "slc", "circuit", "state", "level_2", "inhibited", "congestion", "failures",
        "errors", "nacks_received", "msus_sent", "msus_received", "msus_discarded"},
       "no signalling links\n"},
  };
  return all;
}

std::string show_status(const json::object& body) {
  constexpr std::string_view kTrunks[] = {"name", "signalling", "type",    "side",          "state",
                                          "idle", "busy",       "blocked", "out_of_service"};
  constexpr std::string_view kPeers[] = {"name", "address", "state"};
  constexpr std::string_view kSpans[] = {"name", "alarms"};
  const auto value = [&](const char* key) { return cell(body.if_contains(key)); };
  auto text = fmt::format("{}: {} since {}\n{} calls; {} attempts, {} answered, {} failed\n", value("name"),
                          value("state"), value("started"), value("calls"), value("attempts"),
                          value("answered"), value("failed"));
  if (value("tick_overruns") != "0") text += "media ticks that came late: " + value("tick_overruns") + "\n";
  if (value("cdrs_lost") != "0") text += "CDRS LOST: " + value("cdrs_lost") + "\n";
  text += "\ntrunks\n" + table(body.at("trunks").as_array(), kTrunks);
  text += "\npeers\n" + table(body.at("peers").as_array(), kPeers);
  text += "\nspans\n" + table(body.at("spans").as_array(), kSpans);
  if (const auto* pending = body.if_contains("pending"); pending != nullptr && !pending->as_array().empty())
    text += "\npending\n" + lines_of(pending->as_array());
  return text;
}

std::string show(const std::string& command, const json::object& body) {
  if (command == "status") return show_status(body);
  if (command == "trace") return std::string(body.at("ladder").as_string());
  for (const auto& listing : listings()) {
    if (listing.command != command) continue;
    const auto& rows = body.at(listing.array).as_array();
    return rows.empty() ? std::string(listing.empty) : table(rows, listing.columns);
  }
  return "done\n";
}

}  // namespace

std::expected<std::string, std::string> ask(const json::object& request, const Show& how) {
  const auto reply = control_request(how.control, request);
  if (!reply) return std::unexpected(reply.error());
  if (how.json) return json::serialize(reply->body) + "\n";
  return show(std::string(request.at("command").as_string()), reply->body);
}

std::expected<ReloadOutcome, std::string> ask_reload(const Show& how) {
  const auto reply = control_request(how.control, {{"command", "reload"}});
  if (!reply) return std::unexpected(reply.error());
  const auto* problems = reply->body.if_contains("problems");
  ReloadOutcome outcome{problems == nullptr, {}};
  if (how.json) {
    outcome.text = json::serialize(reply->body) + "\n";
  } else if (problems != nullptr) {
    outcome.text = lines_of(problems->as_array());
  } else {
    const auto& changes = reply->body.at("changes").as_array();
    outcome.text = changes.empty() ? "nothing has changed\n" : lines_of(changes);
  }
  return outcome;
}

std::expected<std::string, std::string> save_capture(json::object request, const std::string& file,
                                                     const Show& how) {
  request["pcap"] = true;
  const auto reply = control_request(how.control, request);
  if (!reply) return std::unexpected(reply.error());
  std::ofstream out(file, std::ios::binary);
  out << as_text(reply->attachment);
  if (!out.flush()) return std::unexpected(file + ": cannot be written");
  if (how.json) return json::serialize(reply->body) + "\n";
  return fmt::format("{}: {} signalling records, {} media packets\n", file,
                     cell(reply->body.if_contains("records")), cell(reply->body.if_contains("packets")));
}

std::string default_control_path() {
  if (const char* path = std::getenv("TANDEM_CONTROL"); path != nullptr && *path != '\0') return path;
  std::error_code ignored;
  if (std::filesystem::exists("run/control.sock", ignored)) return "run/control.sock";
  return "/run/tandem/control.sock";
}

}  // namespace tandem::io
