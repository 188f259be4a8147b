#include "config/building.h"

#include <charconv>

namespace tandem::config {
namespace {

constexpr std::size_t kMaxRecordings = 1000;
constexpr std::size_t kMaxDigits = 24;

Form<std::string> parse_digits(std::string_view text) {
  const auto digit = [](char c) { return (c >= '0' && c <= '9') || c == '*' || c == '#'; };
  if (text.size() > kMaxDigits || !std::ranges::all_of(text, digit))
    return std::unexpected("write at most " + std::to_string(kMaxDigits) +
                           " digits, without \"+\": the type of number stands for it");
  return std::string(text);
}

/// By the choices of "type" and "becomes", whose first says that there is none.
std::optional<isup::NatureOfAddress> nature(const Entry& entry) {
  const auto index = choice<std::uint8_t>(entry);
  if (index == 0) return std::nullopt;
  return static_cast<isup::NatureOfAddress>(index);
}

}  // namespace

std::string Building::file(Entry& entry) {
  auto path = entry.text();
  if (!entry.bad && (path.empty() || path.ends_with('/'))) {
    bad(entry, entry.at,
        std::string(entry.key->name) + " = " + in_quotes(path) + ": write the path of a file");
  }
  return path;
}

media::RecordingId Building::recording(Entry& entry) {
  const auto path = file(entry);
  if (entry.bad) return 0;
  auto& all = config.media.recordings;
  const auto known = std::ranges::find(all, path, &media::Recording::name);
  const auto id = static_cast<media::RecordingId>(known - all.begin());
  if (known != all.end()) return id;
  if (all.size() == kMaxRecordings) {
    bad(entry, entry.at, "more than " + std::to_string(kMaxRecordings) + " WAV files: that is the limit");
    return 0;
  }
  all.push_back({path, {}});
  document.recordings.push_back({std::string(entry.key->name), entry.at});
  return id;
}

std::uint16_t Building::tones(Entry& entry) {
  std::string country;
  parsed(entry, country, parse_tone_country);
  if (entry.bad) return 0;
  auto& all = config.media.tones;
  const auto known = std::ranges::find(all, country);
  const auto index = static_cast<std::uint16_t>(known - all.begin());
  if (known == all.end()) all.push_back(country);
  return index;
}

std::vector<interwork::NumberRule> Building::number_rules(std::vector<Table>& tables) {
  std::vector<interwork::NumberRule> rules;
  for (auto& t : tables) {
    auto& rule = rules.emplace_back();
    rule.of = choice<interwork::NumberOf>(t["of"]);
    rule.outgoing = t["direction"].text() == "sent";
    rule.type = nature(t["type"]);
    parsed(t["prefix"], rule.prefix, parse_digits);
    rule.strip = static_cast<int>(t["strip"].integer());
    parsed(t["add"], rule.add, parse_digits);
    rule.becomes = nature(t["becomes"]);
  }
  return rules;
}

std::vector<core::AnnouncementConfig> Building::announcements(std::vector<Table>& tables) {
  std::vector<core::AnnouncementConfig> result;
  std::vector<std::uint8_t> taken;
  for (auto& t : tables) {
    auto& out = result.emplace_back();
    const auto causes = t["causes"].integers();
    for (std::size_t i = 0; i < causes.size(); ++i) {
      const auto cause = static_cast<std::uint8_t>(causes[i]);
      if (std::ranges::find(taken, cause) != taken.end()) {
        bad(t["causes"], t["causes"].elements[i],
            "cause " + std::to_string(cause) + " has an announcement already: take one out");
      }
      taken.push_back(cause);
      out.causes.push_back(cause);
    }
    if (!t["file"].bad) out.recording = recording(t["file"]);
  }
  return result;
}

std::vector<core::CauseOverride> Building::overrides(Entry& entry, bool by_status) {
  std::vector<core::CauseOverride> result;
  const int least = by_status ? 300 : 1;
  const int most = by_status ? 699 : 127;
  for (const auto& setting : entry.settings()) {
    int name = 0;
    const auto* end = setting.name.data() + setting.name.size();
    const auto [p, error] = std::from_chars(setting.name.data(), end, name);
    if (error != std::errc{} || p != end || name < least || name > most) {
      bad(entry, setting.at,
          std::string(entry.key->name) + '.' + in_quotes(setting.name) + ": write a " +
              (by_status ? "SIP status" : "Q.850 cause") + " from " + std::to_string(least) + " to " +
              std::to_string(most) + " before the equals sign");
      continue;
    }
    const auto value = static_cast<int>(setting.value);
    result.push_back({static_cast<std::uint8_t>(by_status ? value : name), by_status ? name : value});
  }
  return result;
}

}  // namespace tandem::config
