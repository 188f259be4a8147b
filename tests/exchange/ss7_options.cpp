#include "tests/exchange/ss7_options.h"

#include <algorithm>
#include <charconv>

#include "tests/exchange/signalling.h"

namespace exchange {
namespace {

constexpr std::size_t kLinks = 8;  ///< of libss7

/// The numbers of a text that are separated by `separator`; empty when there is anything else.
std::vector<int> numbers(std::string_view text, char separator) {
  std::vector<int> out;
  while (true) {
    const auto part = text.substr(0, text.find(separator));
    int value = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
    if (error != std::errc{} || end != part.data() + part.size() || value < 0) return {};
    out.push_back(value);
    if (part.size() == text.size()) return out;
    text.remove_prefix(part.size() + 1);
  }
}

std::vector<std::string_view> parts(std::string_view text) {
  std::vector<std::string_view> out;
  while (true) {
    out.push_back(text.substr(0, text.find(',')));
    if (out.back().size() == text.size()) return out;
    text.remove_prefix(out.back().size() + 1);
  }
}

/// Q.704 2.2 (14 bits, 3-8-3) or T1.111.4 2.2 (24 bits, 8-8-8).
std::optional<unsigned> point_code(std::string_view text, bool ansi) {
  const auto fields = numbers(text, '-');
  const int high = ansi ? 255 : 7, low = ansi ? 255 : 7, shift = ansi ? 8 : 3;
  if (fields.size() == 3 && fields[0] <= high && fields[1] <= 255 && fields[2] <= low)
    return static_cast<unsigned>(fields[0] << (8 + shift) | fields[1] << shift | fields[2]);
  if (fields.size() == 1 && fields[0] <= (ansi ? 0xFFFFFF : 0x3FFF)) return static_cast<unsigned>(fields[0]);
  return std::nullopt;
}

}  // namespace

bool Ss7Reading::take(std::string_view key, const std::string& value) {
  const std::pair<std::string_view, std::string*> keys[] = {
      {"--variant", &variant}, {"--opc", &opc},   {"--dpc", &dpc},    {"--ni", &ni},
      {"--link", &links},      {"--cics", &cics}, {"--debug", &debug}};
  const auto found = std::ranges::find(keys, key, [](const auto& entry) { return entry.first; });
  if (found == std::end(keys)) return false;
  *found->second = value;
  return true;
}

std::expected<Ss7Options, std::string> Ss7Reading::finish(
    const std::vector<tandem::tdm::SpanConfig>& spans) const {
  Ss7Options out;
  if ((variant != "itu" && variant != "ansi") || (ni != "national" && ni != "international"))
    return std::unexpected("--variant is itu or ansi, --ni national or international");
  out.ansi = variant == "ansi";
  out.national = ni == "national";
  out.debug = debug == "yes";
  const auto own = point_code(opc, out.ansi), far = point_code(dpc, out.ansi);
  if (!own || !far || *own == *far) return std::unexpected("--opc and --dpc want two point codes");
  out.opc = *own;
  out.dpc = *far;
  const int timeslots = tandem::tdm::timeslot_count(spans[0].type);
  const auto slot_of = [&](int span, int timeslot) {
    const bool good = span < static_cast<int>(spans.size()) && timeslot >= 1 && timeslot <= timeslots;
    return good ? span * kSlotsOfSpan + timeslot : 0;
  };
  for (const auto part : parts(links)) {
    const auto fields = numbers(part, ':');
    const int slot = fields.size() == 2 ? slot_of(fields[0], fields[1]) : 0;
    if (slot == 0 || std::ranges::find(out.links, slot) != out.links.end())
      return std::unexpected("--link wants SPAN:SLOT,...");
    out.links.push_back(slot);
  }
  if (out.links.size() > kLinks) return std::unexpected("--link wants 8 at most");
  std::vector<int> taken = out.links;
  for (const auto part : parts(cics)) {
    const auto dash = part.find('-');
    const auto fields = numbers(part.substr(0, dash), ':');
    const auto last =
        dash == std::string_view::npos ? std::vector<int>{} : numbers(part.substr(dash + 1), '-');
    if (fields.size() != 3 || last.size() != 1 || last[0] < fields[2])
      return std::unexpected("--cics wants FIRST:SPAN:SLOT-SLOT,...");
    for (int i = 0; fields[2] + i <= last[0]; ++i) {
      const int slot = slot_of(fields[1], fields[2] + i), cic = fields[0] + i;
      const bool fresh = std::ranges::find(taken, slot) == taken.end();
      if (slot == 0 || !fresh || cic > (out.ansi ? 16383 : 4095) || !out.cics.emplace(cic, slot).second)
        return std::unexpected("--cics: no such timeslot, or one taken twice: " + std::to_string(cic));
      taken.push_back(slot);
    }
  }
  return out;
}

}  // namespace exchange
