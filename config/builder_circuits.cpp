#include "config/building.h"

namespace tandem::config {
namespace {

class Circuits {
 public:
  Circuits(Building& b, Table& table, core::TrunkConfig& trunk) : b_(b), table_(table), trunk_(trunk) {}

  void run() {
    find_spans();
    interfaces();
    d_channel(table_["d_channel"]);
    if (!table_["backup_d_channel"].text().empty()) d_channel(table_["backup_d_channel"]);
    if (!table_["spans"].bad) timeslots();
  }

 private:
  static std::string given(const Entry& entry) {
    return std::string(entry.key->name) + " = " + in_quotes(entry.text());
  }

  void find_spans() {
    auto& entry = table_["spans"];
    const auto names = entry.list();
    for (std::size_t i = 0; !entry.bad && i < names.size(); ++i) {
      const auto it = std::ranges::find(b_.config.spans, names[i], &tdm::SpanConfig::name);
      if (it == b_.config.spans.end()) {
        b_.bad(entry, entry.elements[i], "there is no span " + in_quotes(names[i]) + near_span(names[i]));
      } else {
        trunk_.spans.push_back({.span = static_cast<std::uint16_t>(it - b_.config.spans.begin()),
                                .interface_id = static_cast<std::uint8_t>(i),
                                .timeslots = {}});
      }
    }
  }

  std::string near_span(std::string_view name) {
    std::vector<std::string_view> names;
    for (const auto& span : b_.config.spans) names.push_back(span.name);
    const auto near = nearest(name, names);
    if (near.empty()) return ": add a [[span]] with this name, or name another";
    return ": did you mean \"" + std::string(near) + "\"?";
  }

  void interfaces() {
    auto& entry = table_["interfaces"];
    if (!entry.given || entry.bad || table_["spans"].bad) return;
    const auto ids = entry.integers();
    if (ids.size() != trunk_.spans.size()) {
      return b_.bad(entry, entry.at,
                    "interfaces has " + std::to_string(ids.size()) + " numbers, spans has " +
                        std::to_string(trunk_.spans.size()) + ": write one for each span, in their order");
    }
    for (std::size_t i = 0; i < ids.size(); ++i)
      trunk_.spans[i].interface_id = static_cast<std::uint8_t>(ids[i]);
  }

  const tdm::SpanConfig& span_of(const core::TrunkSpan& span) const { return b_.config.spans[span.span]; }
  /// The highest timeslot; that of an E1 when the type is not known.
  int last_of(const core::TrunkSpan& span) const {
    const auto& table = b_.document.spans[span.span];
    return table.unusable || table["type"].bad ? tdm::kMaxTimeslots : timeslot_count(span_of(span).type);
  }

  void d_channel(Entry& entry) {
    if (entry.bad) return;
    const auto at = parse_span_timeslot(entry.text());
    if (!at) return b_.bad(entry, entry.at, given(entry) + ": " + at.error());
    if (table_["spans"].bad) return;
    const auto on = std::ranges::find_if(
        trunk_.spans, [&](const core::TrunkSpan& span) { return span_of(span).name == at->span; });
    if (on == trunk_.spans.end()) {
      return b_.bad(entry, entry.at,
                    given(entry) + " is on none of the trunk's spans: write \"" +
                        span_of(trunk_.spans.front()).name + ':' + std::to_string(at->timeslot) + '"');
    }
    if (at->timeslot < 1 || at->timeslot > last_of(*on)) {
      return b_.bad(
          entry, entry.at,
          given(entry) + " is outside the span: it has timeslots 1 to " + std::to_string(last_of(*on)));
    }
    const Circuit circuit{on->span, at->timeslot};
    if (std::ranges::find(trunk_.d_channels, circuit) != trunk_.d_channels.end())
      return b_.bad(entry, entry.at, given(entry) + " is d_channel already: name a timeslot of another span");
    trunk_.d_channels.push_back(circuit);
  }

  [[nodiscard]] bool is_d_channel(std::uint16_t span, std::uint8_t timeslot) const {
    return std::ranges::find(trunk_.d_channels, Circuit{span, timeslot}) != trunk_.d_channels.end();
  }

  void timeslots() {
    auto& entry = table_["timeslots"];
    if (!entry.given) {
      for (auto& span : trunk_.spans)
        for (int slot = 1; slot <= last_of(span); ++slot)
          if (const auto timeslot = static_cast<std::uint8_t>(slot); !is_d_channel(span.span, timeslot))
            span.timeslots.push_back(timeslot);
      return;
    }
    if (entry.bad) return;
    std::vector<SpanSize> sizes;
    for (const auto& span : trunk_.spans) sizes.push_back({span_of(span).name, last_of(span)});
    auto parsed = parse_span_timeslots(entry.text(), sizes);
    if (!parsed) return b_.bad(entry, entry.at, given(entry) + ": " + parsed.error());
    for (std::size_t i = 0; i < parsed->size(); ++i) {
      auto& span = trunk_.spans[i];
      span.timeslots = std::move((*parsed)[i]);
      const auto d = std::ranges::find_if(
          span.timeslots, [&](std::uint8_t timeslot) { return is_d_channel(span.span, timeslot); });
      if (d == span.timeslots.end()) continue;
      const auto where = trunk_.spans.size() > 1 ? " of span " + in_quotes(span_of(span).name) : "";
      return b_.bad(
          entry, entry.at,
          given(entry) + " holds the D channel, timeslot " + std::to_string(*d) + where + ": leave it out");
    }
  }

  Building& b_;
  Table& table_;
  core::TrunkConfig& trunk_;
};

}  // namespace

void build_circuits(Building& b, Table& table, core::TrunkConfig& trunk) {
  Circuits(b, table, trunk).run();
  const auto tones = b.tones(table["tones"]);
  for (const auto& span : trunk.spans) b.config.media.spans[span.span].tones = tones;
  for (const auto circuit : trunk.d_channels) b.config.media.d_channels.push_back(circuit);
}

}  // namespace tandem::config
