#include "config/building.h"
#include "tdm/pri/timers.h"

namespace tandem::config {
namespace {

std::vector<tdm::pri::TimerSetting> timers(Building& b, Entry& entry) {
  std::vector<tdm::pri::TimerSetting> result;
  std::vector<std::string_view> names;
  for (const auto& row : tdm::pri::timer_rows()) names.push_back(row.name);
  for (const auto& setting : entry.settings()) {
    const auto what = std::string(entry.key->name) + '.' + setting.name.substr(0, 40);
    const auto* row = tdm::pri::find_timer(setting.name);
    if (row == nullptr) {
      const auto near = nearest(setting.name, names);
      b.bad(entry, setting.at,
            "there is no timer " + in_quotes(setting.name) +
                (near.empty() ? ": `tandem config-reference` lists them"
                              : ": did you mean " + std::string(near) + "?"));
    } else if (setting.value < row->minimum || setting.value > row->maximum) {
      b.bad(entry, setting.at,
            what + " is out of range: it takes " + std::to_string(row->minimum) + " to " +
                std::to_string(row->maximum) +
                (row->unit == tdm::pri::TimerUnit::milliseconds ? " ms" : ", a count"));
    } else {
      result.push_back({setting.name, static_cast<std::int32_t>(setting.value)});
    }
  }
  return result;
}

std::string near_span(const Building& b, std::string_view name) {
  std::vector<std::string_view> names;
  for (const auto& s : b.config.spans) names.push_back(s.name);
  const auto near = nearest(name, names);
  if (near.empty()) return ": add a [[span]] with this name, or name another";
  return ": did you mean \"" + std::string(near) + "\"?";
}

const tdm::SpanConfig* find_span(Building& b, Entry& entry, std::uint16_t& index) {
  const auto names = entry.list();
  if (entry.bad || names.empty()) return nullptr;
  const auto it = std::ranges::find(b.config.spans, names[0], &tdm::SpanConfig::name);
  if (it == b.config.spans.end()) {
    b.bad(entry, entry.elements[0], "there is no span " + in_quotes(names[0]) + near_span(b, names[0]));
    return nullptr;
  }
  index = static_cast<std::uint16_t>(it - b.config.spans.begin());
  return &*it;
}

void circuits(Building& b, Table& t, const tdm::SpanConfig* span, core::TrunkConfig& out) {
  const bool type_known = span != nullptr && !b.document.spans[out.span]["type"].bad;
  const int last = type_known ? timeslot_count(span->type) : tdm::kMaxTimeslots;
  SpanTimeslot d;
  auto& entry = t["d_channel"];
  b.parsed(entry, d, parse_span_timeslot);
  if (!entry.bad && span != nullptr && d.span != span->name) {
    b.bad(entry, entry.at,
          "d_channel = " + in_quotes(entry.text()) + " is not on the trunk's span: write \"" + span->name +
              ':' + std::to_string(d.timeslot) + '"');
  }
  if (!entry.bad && (d.timeslot < 1 || d.timeslot > last)) {
    b.bad(entry, entry.at,
          "d_channel = " + in_quotes(entry.text()) + " is outside the span: it has timeslots 1 to " +
              std::to_string(last));
  }
  if (!entry.bad) out.d_timeslot = d.timeslot;
  auto& slots = t["timeslots"];
  if (slots.given) {
    b.parsed(slots, out.timeslots, [&](const std::string& text) { return parse_timeslots(text, last); });
    if (!slots.bad && !entry.bad && std::ranges::find(out.timeslots, out.d_timeslot) != out.timeslots.end()) {
      b.bad(slots, slots.at,
            "timeslots = " + in_quotes(slots.text()) + " holds the D channel, timeslot " +
                std::to_string(out.d_timeslot) + ": leave it out");
    }
  } else {
    for (int slot = 1; slot <= last; ++slot) {
      if (slot != out.d_timeslot) out.timeslots.push_back(static_cast<std::uint8_t>(slot));
    }
  }
}

}  // namespace

void build_trunk(Building& b, Table& t) {
  auto& out = b.config.trunks.emplace_back();
  b.parsed(t["name"], out.name, parse_name);
  b.config.media.d_channels.emplace_back();
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
  out.service_messages = t["service_messages"].boolean();
  out.hold = t["hold"].boolean();
  out.transfer = t["transfer"].boolean();
  out.inband_disconnect = t["inband_disconnect"].boolean();
  out.send_display = t["send_display"].boolean();
  out.send_connected = t["send_connected"].boolean();
  out.ringback = t["ringback"].boolean();
  out.timers = timers(b, t["timers_ms"]);
  out.statuses = b.overrides(t["cause_to_status"], false);
  out.announcements = b.announcements(t.announcements);
  if (t["hold_music"].given) out.hold_music = b.recording(t["hold_music"]);
  out.echo_tail_ms = static_cast<int>(t["echo_tail_ms"].integer());
  const tdm::SpanConfig* span = find_span(b, t["spans"], out.span);
  circuits(b, t, span, out);
  if (span != nullptr) b.config.media.spans[out.span].tones = b.tones(t["tones"]);
  b.config.media.d_channels.back() = {out.span, out.d_timeslot};
}

}  // namespace tandem::config
