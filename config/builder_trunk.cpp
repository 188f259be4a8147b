#include <algorithm>
#include <array>
#include <optional>

#include "config/building.h"
#include "gateway/core/timers.h"
#include "tdm/pri/timers.h"

namespace tandem::config {
namespace {

struct Range {
  std::int64_t minimum = 0, maximum = 0;
  bool milliseconds = true;
};

std::vector<std::string_view> timer_names() {
  std::vector<std::string_view> names;
  for (const auto& row : tdm::pri::timer_rows()) names.push_back(row.name);
  for (const auto& row : core::kTimers)
    if (row.by_trunk) names.push_back(row.name);
  return names;
}

/// D channels and the exchange have a table each.
std::optional<Range> timer_range(std::string_view name) {
  if (const auto* row = tdm::pri::find_timer(name))
    return Range{row->minimum, row->maximum, row->unit == tdm::pri::TimerUnit::milliseconds};
  for (const auto& row : core::kTimers)
    if (row.by_trunk && row.name == name)
      return Range{row.minimum / std::chrono::milliseconds(1), row.maximum / std::chrono::milliseconds(1)};
  return std::nullopt;
}

std::vector<tdm::pri::TimerSetting> timers(Building& b, Entry& entry) {
  std::vector<tdm::pri::TimerSetting> result;
  const auto names = timer_names();
  for (const auto& setting : entry.settings()) {
    const auto what = std::string(entry.key->name) + '.' + setting.name.substr(0, 40);
    const auto range = timer_range(setting.name);
    if (!range) {
      const auto near = nearest(setting.name, names);
      b.bad(entry, setting.at,
            "there is no timer " + in_quotes(setting.name) +
                (near.empty() ? ": `tandem config-reference` lists them"
                              : ": did you mean " + std::string(near) + "?"));
    } else if (setting.value < range->minimum || setting.value > range->maximum) {
      b.bad(entry, setting.at,
            what + " is out of range: it takes " + std::to_string(range->minimum) + " to " +
                std::to_string(range->maximum) + (range->milliseconds ? " ms" : ", a count"));
    } else {
      result.push_back({setting.name, static_cast<std::int32_t>(setting.value)});
    }
  }
  return result;
}

std::optional<Decibels> gain(const Entry& entry) {
  if (!entry.given) return std::nullopt;
  return Decibels{static_cast<float>(entry.number())};
}

// In the order of the schema's words.
constexpr std::array kFacilities = {tdm::pri::NetworkFacility::none,
                                    tdm::pri::NetworkFacility::sid_preferred,
                                    tdm::pri::NetworkFacility::ani_preferred,
                                    tdm::pri::NetworkFacility::sid_only,
                                    tdm::pri::NetworkFacility::ani_only,
                                    tdm::pri::NetworkFacility::operator_service,
                                    tdm::pri::NetworkFacility::pcco,
                                    tdm::pri::NetworkFacility::sdn,
                                    tdm::pri::NetworkFacility::toll_free_megacom,
                                    tdm::pri::NetworkFacility::megacom,
                                    tdm::pri::NetworkFacility::accunet,
                                    tdm::pri::NetworkFacility::long_distance,
                                    tdm::pri::NetworkFacility::international_toll_free,
                                    tdm::pri::NetworkFacility::multiquest,
                                    tdm::pri::NetworkFacility::call_redirection};

Form<core::CarrierRule> parse_carrier(std::string_view text) {
  if (text == "off") return core::CarrierRule{};
  if (text == "called") return core::CarrierRule{.as_called = true, .otherwise = {}};
  const bool digits = std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  if (text.size() < 3 || text.size() > 8 || !digits)
    return std::unexpected(std::string("a carrier is off, called, or three to eight digits, as \"0288\""));
  return core::CarrierRule{.as_called = false, .otherwise = std::string(text)};
}

}  // namespace

core::TrunkGains trunk_gains(Table& t) {
  return {.receive = gain(t["receive_gain_db"]), .send = gain(t["send_gain_db"])};
}

void build_trunk(Building& b, Table& t) {
  auto& out = b.config.trunks.emplace_back();
  b.parsed(t["name"], out.name, parse_name);
  if (t.unusable) return;
  out.type = choice<tdm::pri::Switch>(t["switch"]);
  out.side = choice<tdm::pri::Side>(t["side"]);
  out.hunt = choice<core::Hunt>(t["hunt"]);
  out.exclusive_channel = t["exclusive"].boolean();
  out.failure_tone = choice<core::FailureTone>(t["failure_tone"]);
  b.parsed(t["country_code"], out.numbers.country_code, parse_country_code);
  out.numbers.rules = b.number_rules(t.numbers);
  out.overlap = choice<core::Overlap>(t["overlap"]);
  out.overlap_sending = t["overlap_sending"].boolean();
  out.minimum_digits = static_cast<int>(t["minimum_digits"].integer());
  out.dial_tone = t["dial_tone"].boolean();
  out.service_messages = t["service_messages"].boolean();
  out.hold = t["hold"].boolean();
  out.transfer = t["transfer"].boolean();
  out.inband_disconnect = t["inband_disconnect"].boolean();
  out.facility = kFacilities[choice<std::size_t>(t["network_facility"])];
  b.parsed(t["carrier"], out.carrier, parse_carrier);
  out.send_display = t["send_display"].boolean();
  out.send_connected = t["send_connected"].boolean();
  out.ringback = t["ringback"].boolean();
  out.timers = timers(b, t["timers_ms"]);
  out.statuses = b.overrides(t["cause_to_status"], false);
  out.announcements = b.announcements(t.announcements);
  if (t["hold_music"].given) out.hold_music = b.recording(t["hold_music"]);
  out.echo_tail_ms = static_cast<int>(t["echo_tail_ms"].integer());
  out.gains = trunk_gains(t);
  build_circuits(b, t, out);
}

}  // namespace tandem::config
