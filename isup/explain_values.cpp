// Contents that declarations do not describe: causes, states, instructions, what Q.931 codes.
#include <algorithm>

#include "gateway/base/q850.h"
#include "isup/explain_fields.h"
#include "isup/registry.h"

namespace tandem::isup {

namespace {

constexpr ValueName kCoding[] = {  // Q.850, Q.931 4.5.5
    {0, "ITU-T"},
    {1, "ISO/IEC"},
    {2, "national; ANSI"},
    {3, "specific to the location"}};
constexpr ValueName kMaintenance[] = {  // Q.763 3.14
    {0, "no blocking"},
    {1, "locally blocked"},
    {2, "remotely blocked"},
    {3, "locally and remotely blocked"}};
constexpr ValueName kNoCall[] = {  // Q.763 3.14, call processing 00
    {0, "transient"},
    {3, "unequipped"}};
constexpr ValueName kCallState[] = {  // Q.763 3.14
    {0, "none"},
    {1, "incoming busy"},
    {2, "outgoing busy"},
    {3, "idle"}};
constexpr ValueName kEndNode[] = {{0, "transit interpretation"}, {1, "end node interpretation"}};
constexpr ValueName kRelease[] = {{0, "do not release call"}, {1, "release call"}};
constexpr ValueName kNotify[] = {{0, "do not send notification"}, {1, "send notification"}};
constexpr ValueName kDiscardMessage[] = {{0, "pass on message"}, {1, "discard message"}};
constexpr ValueName kDiscardParameter[] = {{0, "pass on parameter"}, {1, "discard parameter"}};
constexpr ValueName kMessagePassOn[] = {{0, "release call"}, {1, "discard information"}};
constexpr ValueName kPassOn[] = {  // Q.763 3.41
    {0, "release call"},
    {1, "discard message"},
    {2, "discard parameter"},
    {3, "reserved, as release call"}};
constexpr ValueName kBroadband[] = {  // Q.763 3.33
    {0, "pass on"},
    {1, "discard message"},
    {2, "release call"},
    {3, "discard parameter"}};
constexpr ValueName kCapability[] = {  // Q.931 4.5.5
    {0x00, "speech"},
    {0x08, "unrestricted digital information"},
    {0x09, "restricted digital information"},
    {0x10, "3.1 kHz audio"},
    {0x11, "unrestricted digital information with tones"},
    {0x18, "video"}};
constexpr ValueName kMode[] = {{0, "circuit mode"}, {2, "packet mode"}};
constexpr ValueName kRate[] = {  // Q.931 4.5.5
    {0x00, "packet mode"}, {0x10, "64 kbit/s"},   {0x11, "2 x 64 kbit/s"}, {0x13, "384 kbit/s"},
    {0x15, "1536 kbit/s"}, {0x17, "1920 kbit/s"}, {0x18, "multirate"}};
constexpr ValueName kLayer1[] = {  // Q.931 4.5.5
    {1, "V.110, I.460 and X.30"},      {2, "G.711 mu-law"},    {3, "G.711 A-law"},
    {4, "G.721 32 kbit/s ADPCM"},      {5, "H.221 and H.242"}, {6, "H.223 and H.245"},
    {7, "rate adaption not of ITU-T"}, {8, "V.120"},           {9, "X.31 HDLC flag stuffing"}};
constexpr ValueName kElements[] = {  // Q.931 table 4-3
    {0x04, "bearer capability"},
    {0x08, "cause"},
    {0x1c, "facility"},
    {0x1e, "progress indicator"},
    {0x27, "notification indicator"},
    {0x28, "display"},
    {0x2c, "keypad facility"},
    {0x34, "signal"},
    {0x4d, "connected party subaddress"},
    {0x6d, "calling party subaddress"},
    {0x71, "called party subaddress"},
    {0x7c, "low layer compatibility"},
    {0x7d, "high layer compatibility"},
    {0x7e, "user-user"}};

std::string_view name_in(ValueNames names, std::uint64_t value) {
  for (const auto& row : names)
    if (row.value == value) return row.name;
  return {};
}
std::string hex_octet(Octet octet) {
  return "0x" + to_hex(OctetView(&octet, 1));
}
constexpr Octet kExtension = 0x80;  // bit H: the octet group ends

}  // namespace

void FieldWriter::coded(std::string_view name, std::string bits, std::uint64_t value, ValueNames names) {
  const auto meaning = name_in(names, value);
  fields_.push_back(
      {std::string(name), std::move(bits), std::to_string(value), value,
       meaning.empty() ? "not assigned: " + hex_octet(static_cast<Octet>(value)) : std::string(meaning)});
}
void FieldWriter::number(std::string_view name, std::string bits, std::uint64_t value) {
  fields_.push_back({std::string(name), std::move(bits), std::to_string(value), value, ""});
}
void FieldWriter::text(std::string_view name, std::string value, std::string meaning) {
  // From a peer: nothing of it may reach a terminal as a control character.
  for (auto& c : value)
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7e) c = '.';
  fields_.push_back({std::string(name), "", std::move(value), std::nullopt, std::move(meaning)});
}
void FieldWriter::hex(std::string_view name, OctetView octets, std::string meaning) {
  fields_.push_back({std::string(name), "", to_hex(octets), std::nullopt, std::move(meaning)});
}

void FieldWriter::cause(const CauseIndicators& cause) {
  const auto location = static_cast<std::uint8_t>(cause.location);
  coded("coding standard", "1 GF", cause.coding, kCoding);
  fields_.push_back(
      {"location", "1 DCBA", std::to_string(location), location, std::string(location_name(location))});
  if (cause.has_recommendation) number("recommendation", "1a GFEDCBA", cause.recommendation);
  fields_.push_back(
      {"cause value", "2 GFEDCBA", std::to_string(cause.value), cause.value,
       cause.coding == 0 ? std::string(cause_name(cause.value)) : "national " + hex_octet(cause.value)});
  if (cause.spare != 0) number("spare or extension bits not as usual", {}, cause.spare);
  if (cause.diagnostic.empty()) return;
  std::string meaning;
  // Q.850 table 1: 97 has the message type, 99, 103 and 110 the names of parameters.
  if (cause.value == 97) meaning = to_string(static_cast<MessageType>(cause.diagnostic.front()));
  if (cause.value == 99 || cause.value == 103 || cause.value == 110)
    for (const auto code : cause.diagnostic) {
      const auto name = find_parameter(code, variant_).name;
      meaning += (meaning.empty() ? "" : ", ") + (name.empty() ? hex_octet(code) : std::string(name));
    }
  hex("diagnostic", cause.diagnostic, std::move(meaning));
}

void FieldWriter::status(const RangeAndStatus& range) {
  number("circuits", {}, range.circuits());
  if (range.status.empty()) return;
  std::string marked;
  for (unsigned i = 0; i < range.circuits(); ++i)
    if (range.marked(i)) marked += (marked.empty() ? "" : " ") + std::to_string(i);
  hex("status", range.status, marked.empty() ? "1 for none" : "1 for circuit of the message + " + marked);
}

void FieldWriter::states(const CircuitStateIndicator& indicator) {
  int circuit = 0;
  for (const auto octet : indicator.states) {
    const auto state = CircuitState::of(octet);
    std::string meaning;
    if (state.call == 0) {
      const auto name = name_in(kNoCall, state.maintenance);
      meaning = name.empty() ? "not assigned" : std::string(name);
    } else {
      meaning = std::string(name_in(kCallState, state.call)) +
                ", maintenance: " + std::string(name_in(kMaintenance, state.maintenance)) +
                ", hardware: " + std::string(name_in(kMaintenance, state.hardware));
    }
    fields_.push_back(
        {"state of circuit + " + std::to_string(circuit++), "", hex_octet(octet), octet, meaning});
  }
}

void FieldWriter::instructions(std::string_view of, OctetView indicators, bool of_message) {
  const auto named = [&](std::string_view what) {
    return of.empty() ? std::string(what) : std::string(of) + ": " + std::string(what);
  };
  if (indicators.empty()) return text(named("instructions"), "none");
  const auto all = Instructions::of(indicators[0]);
  coded(named("transit at intermediate exchange"), "A", all.end_node, kEndNode);
  coded(named("release call"), "B", all.release, kRelease);
  coded(named("send notification"), "C", all.notify, kNotify);
  coded(named("discard message"), "D", all.discard_message, kDiscardMessage);
  if (of_message) {
    coded(named("pass on not possible"), "E", all.discard_parameter, kMessagePassOn);
    coded(named("broadband/narrowband interworking"), "GF", all.pass_on, kBroadband);
  } else {
    coded(named("discard parameter"), "E", all.discard_parameter, kDiscardParameter);
    coded(named("pass on not possible"), "GF", all.pass_on, kPassOn);
  }
  if (indicators.size() == 1) return;
  if (!of_message) coded(named("broadband/narrowband interworking"), "1a BA", indicators[1] & 3U, kBroadband);
  hex(named("further octets"), indicators.subspan(1));
}

void FieldWriter::parameter_instructions(const ParameterCompatibility& compatibility) {
  compatibility.for_each([&](Octet code, OctetView indicators) {
    const auto name = find_parameter(code, variant_).name;
    coded("upgraded parameter", "", code, {});
    fields_.back().meaning = name.empty() ? "not known: " + hex_octet(code) : std::string(name);
    instructions(name.empty() ? std::string_view("it") : name, indicators, false);
  });
}

void FieldWriter::bearer(OctetView octets) {
  if (octets.size() < 2) return hex("bearer capability", octets);
  coded("coding standard", "1 GF", octets[0] >> 5 & 3U, kCoding);
  coded("information transfer capability", "1 EDCBA", octets[0] & 0x1fU, kCapability);
  coded("transfer mode", "2 GF", octets[1] >> 5 & 3U, kMode);
  coded("information transfer rate", "2 EDCBA", octets[1] & 0x1fU, kRate);
  auto rest = octets.subspan(2);
  if ((octets[1] & 0x1f) == 0x18 && !rest.empty()) {
    number("rate multiplier", "2.1", rest[0] & 0x7fU);
    rest = rest.subspan(1);
  }
  if (!rest.empty() && (rest[0] & 0x60) == 0x20) {
    coded("user information layer 1 protocol", "3 EDCBA", rest[0] & 0x1fU, kLayer1);
    rest = rest.subspan(1);
  }
  if (!rest.empty()) hex("further octets", rest);
}

void FieldWriter::elements(OctetView octets) {
  while (!octets.empty()) {
    const bool single = (octets[0] & kExtension) != 0;  // Q.931 4.5.1
    if (!single && (octets.size() < 2 || octets[1] > octets.size() - 2)) break;
    const std::size_t size = single ? 0 : octets[1];
    const auto name = single ? std::string_view("one octet") : name_in(kElements, octets[0]);
    hex(name.empty() ? std::string_view("element") : name, single ? octets.first(1) : octets.subspan(2, size),
        "Q.931 element " + hex_octet(octets[0]));
    octets = octets.subspan(single ? 1 : 2 + size);
  }
  if (!octets.empty()) hex("elements that end too early", octets);
}

void FieldWriter::user_information(const UserToUserInformation& information) {
  hex("user information", information.octets);
  constexpr std::uint8_t kIa5 = 4;  // Q.931 4.5.30
  if (information.protocol == kIa5) text("as text", std::string(as_text(information.octets)));
}

}  // namespace tandem::isup
