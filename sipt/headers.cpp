#include "sipt/headers.h"

#include <cstring>

#include "sipt/chars.h"
#include "sipt/views.h"

namespace tandem::sip {
namespace {

constexpr std::size_t kSlots = 256;

constexpr std::size_t hash(std::string_view name) {
  const auto at = [&](std::size_t i) { return static_cast<std::size_t>(lower(name[i])); };
  return (name.size() * 37 + at(0) * 3 + at(name.size() / 2) * 11 + at(name.size() - 1) * 7) % kSlots;
}

/// Open addressing; at most a third full, so that most names are found at once.
consteval std::array<HeaderId, kSlots> make_names() {
  std::array<HeaderId, kSlots> slots{};
  for (const auto& row : kHeaderRows) {
    if (row.name.empty()) continue;
    std::size_t slot = hash(row.name);
    while (slots[slot] != HeaderId::other) slot = (slot + 1) % kSlots;
    slots[slot] = row.id;
  }
  return slots;
}

consteval std::array<HeaderId, 26> make_compacts() {
  std::array<HeaderId, 26> letters{};
  for (const auto& row : kHeaderRows)
    if (row.compact != 0) letters[static_cast<std::size_t>(row.compact - 'a')] = row.id;
  return letters;
}

template <class Word>
bool same_word(const char* a, const char* b) {
  Word x, y;
  std::memcpy(&x, a, sizeof x);
  std::memcpy(&y, b, sizeof y);
  return x == y;
}

/// Equality of short texts by whole words, the last ones overlapping: no call, few branches.
bool same(std::string_view a, std::string_view b) {
  const auto n = a.size();
  if (n >= 8) {
    for (std::size_t i = 0; i + 8 < n; i += 8)
      if (!same_word<std::uint64_t>(a.data() + i, b.data() + i)) return false;
    return same_word<std::uint64_t>(a.data() + n - 8, b.data() + n - 8);
  }
  if (n >= 4)
    return same_word<std::uint32_t>(a.data(), b.data()) &&
           same_word<std::uint32_t>(a.data() + n - 4, b.data() + n - 4);
  return same_word<std::uint16_t>(a.data(), b.data()) && a[n - 1] == b[n - 1];  // 2 or 3
}

constexpr auto kNames = make_names();
constexpr auto kCompacts = make_compacts();

}  // namespace

HeaderId header_id(std::string_view name) {
  if (name.empty()) return HeaderId::other;
  if (name.size() == 1) {
    const char c = lower(name[0]);
    return c >= 'a' && c <= 'z' ? kCompacts[static_cast<std::size_t>(c - 'a')] : HeaderId::other;
  }
  for (std::size_t slot = hash(name); kNames[slot] != HeaderId::other; slot = (slot + 1) % kSlots) {
    const auto& row = header_row(kNames[slot]);
    if (row.name.size() == name.size() && (same(row.name, name) || equal_ignoring_case(row.name, name)))
      return row.id;
  }
  return HeaderId::other;
}

}  // namespace tandem::sip
