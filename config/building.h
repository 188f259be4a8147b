#pragma once
// What the parts of the builder share.
#include <algorithm>
#include <string>
#include <utility>

#include "config/builder.h"
#include "config/forms.h"

namespace tandem::config {

template <class Unit>
Duration duration(const Entry& entry) {
  return Unit(entry.integer());
}

/// The index of a key's value among its choices, which are in the order of the enumeration.
template <class Enum>
Enum choice(const Entry& entry) {
  const auto it = std::ranges::find(entry.key->choices, entry.text());
  if (it == entry.key->choices.end()) return Enum{};  // bad
  return static_cast<Enum>(it - entry.key->choices.begin());
}

struct Building {
  Document& document;
  core::Config& config;
  Problems& problems;

  void bad(Entry& entry, Position at, std::string message) {
    entry.bad = true;
    problems.add(at, std::move(message));
  }

  /// Puts a string's parsed form into `into`; says what is wrong with it otherwise.
  template <class T, class Parse>
  void parsed(Entry& entry, T& into, Parse&& parse) {
    if (entry.bad) return;
    auto value = parse(entry.text());
    if (value) {
      into = std::move(*value);
    } else {
      bad(entry, entry.at,
          std::string(entry.key->name) + " = " + in_quotes(entry.text()) + ": " + value.error());
    }
  }

  /// The path of a file.
  std::string file(Entry& entry);
  /// The number of the recording that a key names; each file is one recording.
  media::RecordingId recording(Entry& entry);
  /// The index of the country's tones.
  std::uint16_t tones(Entry& entry);
  std::vector<interwork::NumberRule> number_rules(std::vector<Table>& tables);
  std::vector<core::AnnouncementConfig> announcements(std::vector<Table>& tables);
  /// { CAUSE = STATUS }, or with `by_status` { STATUS = CAUSE }.
  std::vector<core::CauseOverride> overrides(Entry& entry, bool by_status);
};

/// `receive_gain_db` and `send_gain_db` of a trunk of any kind.
core::TrunkGains trunk_gains(Table& table);
void build_trunk(Building& b, Table& table);
/// Spans, D channels and timeslots of the trunk in `table`.
void build_circuits(Building& b, Table& table, core::TrunkConfig& trunk);
/// Linksets and ISUP trunks; after the trunks, whose timeslots they must not take.
void build_ss7(Building& b);
void build_peer(Building& b, Table& table);

}  // namespace tandem::config
