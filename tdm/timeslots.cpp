#include "tdm/timeslots.h"

#include <charconv>

namespace tandem::tdm {
namespace {

constexpr std::string_view kWhere = "timeslots";

struct Cursor {
  std::string_view text;
  std::size_t at = 0;

  void skip_blanks() {
    while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
  }
  bool take(char c) {
    skip_blanks();
    if (at == text.size() || text[at] != c) return false;
    ++at;
    return true;
  }
  bool done() {
    skip_blanks();
    return at == text.size();
  }
  Result<int> number(SpanType type) {
    skip_blanks();
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), value);
    if (error == std::errc::invalid_argument)
      return fail(Errc::malformed, at, kWhere, "a number is expected");
    if (error != std::errc{} || value < 1 || value > static_cast<unsigned>(timeslot_count(type))) {
      return fail(Errc::out_of_range, at, kWhere,
                  type == SpanType::e1 ? "an E1 has timeslots 1 to 31" : "a T1 has timeslots 1 to 24");
    }
    at = static_cast<std::size_t>(end - text.data());
    return static_cast<int>(value);
  }
};

}  // namespace

std::vector<std::uint8_t> TimeslotSet::list() const {
  std::vector<std::uint8_t> slots;
  for (std::uint8_t slot = 1; slot < 32; ++slot) {
    if (contains(slot)) slots.push_back(slot);
  }
  return slots;
}

Result<TimeslotSet> parse_timeslots(std::string_view text, SpanType type) {
  Cursor cursor{text};
  if (cursor.done()) return fail(Errc::missing, cursor.at, kWhere, "no timeslot is named");
  TimeslotSet set;
  do {
    cursor.skip_blanks();
    const std::size_t start = cursor.at;
    const auto first = cursor.number(type);
    if (!first) return std::unexpected(first.error());
    int last = *first;
    if (cursor.take('-')) {
      const auto second = cursor.number(type);
      if (!second) return std::unexpected(second.error());
      last = *second;
    }
    if (last < *first) return fail(Errc::malformed, start, kWhere, "the range runs backwards");
    for (int slot = *first; slot <= last; ++slot) {
      if (set.contains(slot)) return fail(Errc::malformed, start, kWhere, "a timeslot is named twice");
      set.add(slot);
    }
  } while (cursor.take(','));
  if (!cursor.done()) return fail(Errc::malformed, cursor.at, kWhere, "expected ',' or '-' or the end");
  return set;
}

std::string to_string(TimeslotSet set) {
  std::string text;
  for (int slot = 1; slot < 32; ++slot) {
    if (!set.contains(slot)) continue;
    int last = slot;
    while (set.contains(last + 1)) ++last;
    if (!text.empty()) text += ',';
    text += std::to_string(slot);
    if (last > slot) text += '-' + std::to_string(last);
    slot = last;
  }
  return text;
}

}  // namespace tandem::tdm
