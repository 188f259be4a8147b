#include <algorithm>
#include <vector>

#include "config/schema.h"
#include "gateway/core/timers.h"
#include "gateway/media/config.h"
#include "isup/config.h"
#include "isup/mtp/config.h"
#include "tdm/pri/timers.h"

namespace tandem::config {
namespace {

/// Levenshtein distance, case ignored.
std::size_t distance(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = diagonal + (lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
    }
  }
  return row[b.size()];
}

std::string plain(double value) {
  return std::to_string(static_cast<long long>(value));
}

std::string joined(std::span<const std::string_view> words, bool quotes) {
  std::string result;
  for (const auto& word : words) {
    if (!result.empty()) result += ", ";
    result += quotes ? '"' + std::string(word) + '"' : std::string(word);
  }
  return result;
}

/// What timers_ms takes.
std::string timer_reference() {
  std::string text =
      "\n### Timers of timers_ms\n\n| timer | range | default, user / network side | meaning "
      "|\n|---|---|---|---|\n";
  for (const auto& row : tdm::pri::timer_rows()) {
    const std::string unit = row.unit == tdm::pri::TimerUnit::milliseconds ? " ms" : "";
    text += "| " + std::string(row.name) + " | " + std::to_string(row.minimum) + " to " +
            std::to_string(row.maximum) + unit + " | " + std::to_string(row.user) + " / " +
            std::to_string(row.network) + " | " + std::string(row.meaning) + " (" + std::string(row.clause) +
            ") |\n";
  }
  for (const auto& row : core::kTimers) {
    if (!row.by_trunk) continue;
    const auto ms = [](Duration value) { return std::to_string(value / std::chrono::milliseconds(1)); };
    text += "| " + std::string(row.name) + " | " + ms(row.minimum) + " to " + ms(row.maximum) + " ms | " +
            ms(row.value) + " / " + ms(row.value) + " | " + std::string(row.clause) + " |\n";
  }
  return text + "\n### Countries of tones\n\n" + joined(media::tone_countries(), false) + "\n";
}

std::string ms(Duration value) {
  return std::to_string(value / std::chrono::milliseconds(1));
}

template <class Rows>
std::string rows_of(std::string_view title, const Rows& rows) {
  std::string text =
      "\n### " + std::string(title) + "\n\n| timer | ITU | ANSI | clause |\n|---|---|---|---|\n";
  const auto range = [](const auto& r) { return ms(r.least) + " to " + ms(r.most) + " ms, " + ms(r.normal); };
  for (const auto& row : rows)
    text += "| " + std::string(row.name) + " | " + range(row.itu) + " | " + range(row.ansi) + " | " +
            std::string(row.clause) + " |\n";
  return text;
}

std::string ss7_timer_reference() {
  return rows_of("Timers of timers_ms with signalling = \"isup\"", isup::kTimerRows) +
         rows_of("Timers of mtp2_timers_ms", mtp::kLinkTimerRows) +
         rows_of("Timers of mtp3_timers_ms", mtp::kNetworkTimerRows);
}

}  // namespace

std::string_view nearest(std::string_view name, std::span<const std::string_view> names) {
  constexpr std::size_t kLongest = 40;
  if (name.empty() || name.size() > kLongest) return {};
  std::string_view best;
  std::size_t least = std::max<std::size_t>(2, name.size() / 3) + 1;
  for (const auto& candidate : names) {
    // A name without its unit, or with more after it, is near whatever its length.
    const bool prefix = name.size() >= 3 && (candidate.starts_with(name) || name.starts_with(candidate));
    const auto d = std::min<std::size_t>(distance(name, candidate), prefix ? 1 : kLongest);
    if (d < least && d < candidate.size()) {
      least = d;
      best = candidate;
    }
  }
  return best;
}

std::string describe(const Key& key) {
  std::string text;
  switch (key.type) {
    case Type::string:
      text = "string";
      break;
    case Type::integer:
      text = "whole number";
      break;
    case Type::number:
      text = "number";
      break;
    case Type::boolean:
      return "true or false";
    case Type::strings:
      text = key.bare ? "string or list of strings" : "list of strings";
      break;
    case Type::integers:
      text = "list of whole numbers";
      break;
    case Type::table:
      text = "table of whole numbers";
      break;
  }
  const bool quotes = key.type == Type::string || key.type == Type::strings;
  const bool brackets = quotes || key.type == Type::integers || key.type == Type::table;
  if (!key.choices.empty()) {
    if (!key.unit.empty() && !quotes) text += " of " + std::string(key.unit);
    return text + (key.type == Type::strings ? ", each one of " : ", one of ") + joined(key.choices, quotes);
  }
  if (!key.unit.empty())
    text += brackets ? " (" + std::string(key.unit) + ')' : " of " + std::string(key.unit);
  if (brackets != quotes || key.type == Type::integer || key.type == Type::number) {
    text += ", " + plain(key.min) + " to " + plain(key.max);
  }
  return text;
}

std::string reference() {
  std::string text = "# Configuration of Tandem\n\nA TOML file. Numbers are written without their unit.\n";
  for (const auto& s : sections()) {
    const std::string path(s.path);
    text += "\n## " + (s.many ? "[[" + path + "]]" : '[' + path + ']') + "\n\n" + std::string(s.help);
    if (s.many) {
      text += s.required ? " One or more" : " Any number";
      text += ", at most " + std::to_string(s.limit) + '.';
    }
    text += "\n\n| key | takes | default | meaning |\n|---|---|---|---|\n";
    for (const auto& key : s.keys) {
      std::string takes = describe(key);
      for (std::size_t at = 0; (at = takes.find('|', at)) != std::string::npos; at += 2)
        takes.insert(at, 1, '\\');
      std::string standard = "required";
      if (!key.fallback.empty()) standard = '`' + std::string(key.fallback) + '`';
      if (!key.derived.empty()) standard = key.derived;
      const std::string only = key.only.empty() ? "" : "(" + std::string(key.only) + ") ";
      text += "| `" + std::string(key.name) + "` | " + takes + " | " + standard + " | " + only +
              std::string(key.help) + " |\n";
    }
    if (s.path == "trunk") text += timer_reference() + ss7_timer_reference();
  }
  return text;
}

}  // namespace tandem::config
