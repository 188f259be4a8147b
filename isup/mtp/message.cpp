#include "isup/mtp/message.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace tandem::mtp {
namespace {

constexpr std::uint32_t kItuMask = 0x3FFF;
constexpr std::uint32_t kAnsiMask = 0xFFFFFF;

/// What follows the heading code (Q.704 15.4 to 15.17; T1.111.4 15).
enum class Body : std::uint8_t { none, slc, fsn, code, affected, congestion, user, channel };

struct Row {
  Heading heading;
  std::string_view name;
  Body body;
  std::string_view clause;
};
constexpr auto kRows = std::to_array<Row>({
    {Heading::coo, "COO", Body::fsn, "Q.704 15.4"},
    {Heading::coa, "COA", Body::fsn, "Q.704 15.4"},
    {Heading::cbd, "CBD", Body::code, "Q.704 15.5"},
    {Heading::cba, "CBA", Body::code, "Q.704 15.5"},
    {Heading::eco, "ECO", Body::slc, "Q.704 15.6"},
    {Heading::eca, "ECA", Body::slc, "Q.704 15.6"},
    {Heading::rct, "RCT", Body::none, "Q.704 15.9"},
    {Heading::tfc, "TFC", Body::congestion, "Q.704 15.15"},
    {Heading::tfp, "TFP", Body::affected, "Q.704 15.7"},
    {Heading::tcp, "TCP", Body::affected, "T1.111.4"},
    {Heading::tfr, "TFR", Body::affected, "Q.704 15.7"},
    {Heading::tcr, "TCR", Body::affected, "T1.111.4"},
    {Heading::tfa, "TFA", Body::affected, "Q.704 15.8"},
    {Heading::tca, "TCA", Body::affected, "T1.111.4"},
    {Heading::rst, "RST", Body::affected, "Q.704 15.10"},
    {Heading::rsr, "RSR", Body::affected, "Q.704 15.10"},
    {Heading::rcp, "RCP", Body::affected, "T1.111.4"},
    {Heading::rcr, "RCR", Body::affected, "T1.111.4"},
    {Heading::lin, "LIN", Body::slc, "Q.704 15.11"},
    {Heading::lun, "LUN", Body::slc, "Q.704 15.11"},
    {Heading::lia, "LIA", Body::slc, "Q.704 15.11"},
    {Heading::lua, "LUA", Body::slc, "Q.704 15.11"},
    {Heading::lid, "LID", Body::slc, "Q.704 15.11"},
    {Heading::lfu, "LFU", Body::slc, "Q.704 15.11"},
    {Heading::llt, "LLT", Body::slc, "Q.704 15.11"},
    {Heading::lrt, "LRT", Body::slc, "Q.704 15.11"},
    {Heading::tra, "TRA", Body::none, "Q.704 15.12"},
    {Heading::trw, "TRW", Body::none, "T1.111.4"},
    {Heading::dlc, "DLC", Body::channel, "Q.704 15.13"},
    {Heading::css, "CSS", Body::slc, "Q.704 15.13"},
    {Heading::cns, "CNS", Body::slc, "Q.704 15.13"},
    {Heading::cnp, "CNP", Body::slc, "Q.704 15.13"},
    {Heading::upu, "UPU", Body::user, "Q.704 15.17"},
});

const Row* find(Octet heading) {
  const auto row = std::ranges::find(kRows, static_cast<Heading>(heading), &Row::heading);
  return row == kRows.end() ? nullptr : &*row;
}

std::size_t point_octets(Variant v) {
  return v == Variant::itu ? 2 : 3;
}
/// Octets behind the heading code.
std::size_t body_octets(Body body, Variant v) {
  const bool itu = v == Variant::itu;
  switch (body) {
    case Body::none:
      return 0;
    case Body::slc:
      return itu ? 0 : 1;
    case Body::fsn:
      return itu ? 1 : 2;
    case Body::code:
      return itu ? 1 : 2;
    case Body::affected:
      return point_octets(v);
    case Body::congestion:
      return itu ? 2 : 4;
    case Body::user:
      return point_octets(v) + 1;
    case Body::channel:
      return itu ? 2 : 3;
  }
  return 0;
}

std::uint32_t read_little(OctetView octets) {
  std::uint32_t out = 0;
  for (std::size_t i = octets.size(); i > 0; --i) out = out << 8 | octets[i - 1];
  return out;
}
void append_little(Octets& to, std::uint32_t value, std::size_t octets) {
  for (; octets > 0; --octets, value >>= 8) to.push_back(static_cast<Octet>(value));
}
template <class T = std::uint8_t>
T low(std::uint32_t value, unsigned mask) {
  return static_cast<T>(value & mask);
}

}  // namespace

Result<PointCode> parse_point_code(std::string_view text, Variant variant) {
  constexpr std::string_view kWhere = "point code";
  const std::array<std::uint32_t, 3> limits = variant == Variant::itu
                                                  ? std::array<std::uint32_t, 3>{7, 255, 7}
                                                  : std::array<std::uint32_t, 3>{255, 255, 255};
  std::array<std::uint32_t, 3> parts{};
  std::size_t count = 0;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (true) {
    if (count == parts.size())
      return fail(Errc::malformed, static_cast<std::size_t>(at - text.data()), kWhere, "too many parts");
    const auto [next, error] = std::from_chars(at, end, parts[count]);
    if (error != std::errc{})
      return fail(Errc::malformed, static_cast<std::size_t>(at - text.data()), kWhere, "a number is missing");
    ++count;
    at = next;
    if (at == end) break;
    if (*at != '-')
      return fail(Errc::malformed, static_cast<std::size_t>(at - text.data()), kWhere,
                  "digits and hyphens only");
    ++at;
  }
  if (count == 1) {
    if (parts[0] > (variant == Variant::itu ? kItuMask : kAnsiMask))
      return fail(Errc::out_of_range, 0, kWhere, "too large");
    return parts[0];
  }
  if (count != 3) return fail(Errc::malformed, 0, kWhere, "one part or three");
  for (std::size_t i = 0; i < 3; ++i)
    if (parts[i] > limits[i]) return fail(Errc::out_of_range, 0, kWhere, "a part is too large");
  return variant == Variant::itu ? parts[0] << 11 | parts[1] << 3 | parts[2]
                                 : parts[0] << 16 | parts[1] << 8 | parts[2];
}

std::string to_string(PointCode code, Variant variant) {
  const auto text = [](std::uint32_t part) { return std::to_string(part); };
  if (variant == Variant::itu) return text(code >> 11) + "-" + text(code >> 3 & 0xFF) + "-" + text(code & 7);
  return text(code >> 16) + "-" + text(code >> 8 & 0xFF) + "-" + text(code & 0xFF);
}

Result<Msu> decode_msu(OctetView octets, Variant variant) {
  const std::size_t label = variant == Variant::itu ? 4 : 7;
  if (octets.size() < 1 + label) return fail(Errc::truncated, octets.size(), "routing label", "cut short");
  Msu msu;
  msu.service = low(octets[0], 0x0F);
  msu.network_indicator = low(octets[0] >> 6, 3);
  msu.priority = low(octets[0] >> 4, 3);
  if (variant == Variant::itu) {  // Q.704 2.2
    const std::uint32_t bits = read_little(octets.subspan(1, 4));
    msu.label = {bits & kItuMask, bits >> 14 & kItuMask, low(bits >> 28, 0x0F)};
  } else {  // T1.111.4 2.2
    msu.label = {read_little(octets.subspan(1, 3)), read_little(octets.subspan(4, 3)), octets[7]};
  }
  msu.data = octets.subspan(1 + label);
  return msu;
}

Octets encode_msu(const Msu& msu, Variant variant) {
  Octets out;
  out.reserve(8 + msu.data.size());
  out.push_back(static_cast<Octet>(msu.service | msu.network_indicator << 6 | msu.priority << 4));
  if (variant == Variant::itu) {
    append_little(
        out, (msu.label.dpc & kItuMask) | (msu.label.opc & kItuMask) << 14 | (msu.label.sls & 0x0FU) << 28,
        4);
  } else {
    append_little(out, msu.label.dpc, 3);
    append_little(out, msu.label.opc, 3);
    out.push_back(msu.label.sls);
  }
  out.insert(out.end(), msu.data.begin(), msu.data.end());
  return out;
}

std::string_view to_string(Heading heading) {
  const Row* row = find(static_cast<Octet>(heading));
  return row == nullptr ? "unknown" : row->name;
}

Result<Management> decode_management(OctetView data, Variant variant, std::uint8_t sls) {
  if (data.empty()) return fail(Errc::truncated, 0, "heading code", "missing");
  const Row* row = find(data[0]);
  if (row == nullptr) return fail(Errc::unsupported, 0, "heading code", "no known message");
  const bool ansi = variant == Variant::ansi;
  std::size_t octets = body_octets(row->body, variant);
  bool has_slc = ansi && (row->body == Body::slc || row->body == Body::fsn || row->body == Body::code ||
                          row->body == Body::channel);
  if (has_slc && data.size() == octets && row->body != Body::channel) {
    has_slc = false;
    --octets;
  }
  if (data.size() < 1 + octets) return fail(Errc::truncated, data.size(), row->name, "cut short");
  Management m{.heading = row->heading, .slc = low(sls, 0x0F)};
  std::uint32_t bits = read_little(data.subspan(1, octets));
  if (has_slc) {
    m.slc = low(bits, 0x0F);
    bits >>= 4;
  }
  switch (row->body) {
    case Body::none:
    case Body::slc:
      break;
    case Body::fsn:
      m.fsn = low(bits, 0x7F);
      break;
    case Body::code:
      m.code = low(bits, 0xFF);
      break;
    case Body::channel:
      m.channel = low<std::uint16_t>(bits, ansi ? 0x3FFF : 0x0FFF);
      break;
    case Body::affected:
      m.affected = bits & (ansi ? kAnsiMask : kItuMask);
      break;
    case Body::congestion:
      m.affected = bits & (ansi ? kAnsiMask : kItuMask);
      m.status = low(bits >> (ansi ? 24 : 14), 3);
      break;
    case Body::user:
      m.affected = bits & (ansi ? kAnsiMask : kItuMask);
      m.user = low(data[octets], 0x0F);
      m.cause = low(data[octets] >> 4, 0x0F);
      break;
  }
  return m;
}

Octets encode_management(const Management& m, Variant variant) {
  Octets out{static_cast<Octet>(m.heading)};
  const Row* row = find(out[0]);
  const std::size_t octets = row == nullptr ? 0 : body_octets(row->body, variant);
  const bool ansi = variant == Variant::ansi;
  const auto with_slc = [&](std::uint32_t value) { return ansi ? value << 4 | (m.slc & 0x0FU) : value; };
  std::uint32_t bits = 0;
  switch (row == nullptr ? Body::none : row->body) {
    case Body::none:
      break;
    case Body::slc:
      bits = with_slc(0);
      break;
    case Body::fsn:
      bits = with_slc(m.fsn & 0x7FU);
      break;
    case Body::code:
      bits = with_slc(m.code);
      break;
    case Body::channel:
      bits = with_slc(m.channel);
      break;
    case Body::affected:
      bits = m.affected;
      break;
    case Body::congestion:
      bits = m.affected | (m.status & 3U) << (ansi ? 24 : 14);
      break;
    case Body::user:
      bits = m.affected | (m.user & 0x0FU) << (ansi ? 24 : 16) | (m.cause & 0x0FU) << (ansi ? 28 : 20);
      break;
  }
  append_little(out, bits, octets);
  return out;
}

Result<LinkTest> decode_link_test(OctetView data, Variant variant) {
  if (data.size() < 2) return fail(Errc::truncated, data.size(), "link test", "cut short");
  if (data[0] != 0x11 && data[0] != 0x21) return fail(Errc::unsupported, 0, "heading code", "no link test");
  LinkTest test;
  test.acknowledgement = data[0] == 0x21;
  const std::size_t length = data[1] >> 4;
  if (variant == Variant::ansi) test.slc = low(data[1], 0x0F);
  if (length == 0) return fail(Errc::out_of_range, 1, "test pattern", "no octets");
  if (data.size() < 2 + length) return fail(Errc::truncated, data.size(), "test pattern", "cut short");
  test.pattern = data.subspan(2, length);
  return test;
}

Octets encode_link_test(const LinkTest& test, Variant variant) {
  const std::size_t length = std::min<std::size_t>(test.pattern.size(), 15);
  Octets out{static_cast<Octet>(test.acknowledgement ? 0x21 : 0x11),
             static_cast<Octet>(length << 4 | (variant == Variant::ansi ? test.slc & 0x0FU : 0U))};
  out.insert(out.end(), test.pattern.begin(), test.pattern.begin() + static_cast<std::ptrdiff_t>(length));
  return out;
}

}  // namespace tandem::mtp
