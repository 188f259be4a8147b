#include "isup/explain.h"

#include "isup/codec.h"
#include "isup/explain_fields.h"
#include "isup/walk.h"

namespace tandem::isup {

namespace {

std::string_view to_string(Part part) {
  switch (part) {
    case Part::fixed:
      return "mandatory fixed";
    case Part::variable:
      return "mandatory variable";
    case Part::optional:
      return "optional";
    case Part::whole:
      return "contents";
  }
  return "";
}

struct Collect {
  std::vector<ExplainedParameter>* out;
  Variant variant;
  std::uint32_t first;  ///< octets before the message type

  bool operator()(const Found& found) const {
    const auto& row = find_parameter(found.code, variant);
    Message holder(MessageType::anm);
    const bool read = found.part != Part::whole && row.read != nullptr && row.read(found.contents, holder);
    if (!read && row.read != nullptr && found.part != Part::optional && found.part != Part::whole)
      return false;
    ExplainedParameter parameter{.code = found.code,
                                 .name = std::string(row.name.empty() ? "not known" : row.name),
                                 .clause = std::string(row.ref),
                                 .part = to_string(found.part),
                                 .offset = first + found.offset,
                                 .hex = to_hex(found.contents),
                                 .fields = {},
                                 .national = excluded_parameter(found.code, variant)};
    if (found.part == Part::whole) parameter.name = "Contents";
    if (read)
      parameter.fields = explain_fields(holder.parameters().front(), variant);
    else
      parameter.fields.push_back(
          {row.read != nullptr ? "too short to be read" : "contents", "", parameter.hex, std::nullopt, ""});
    out->push_back(std::move(parameter));
    return true;
  }
};

std::string hex_code(std::uint8_t code) {
  return "0x" + to_hex(OctetView(&code, 1));
}

constexpr const char* kNationalUse = "national use: not of EN 300 356-1";

void append_padded(std::string& out, std::string_view text, std::size_t width) {
  out += text;
  if (text.size() < width) out.append(width - text.size(), ' ');
}

}  // namespace

Result<Explanation> explain(OctetView octets, Variant variant, bool with_cic) {
  Explanation out;
  std::uint32_t first = 0;
  if (with_cic) {
    auto message = decode_with_cic(octets, variant);
    if (!message) return std::unexpected(message.error());
    out.cic = message->cic;
    out.cic_spare = message->spare;
    first = 2;
  }
  const auto from_type = octets.subspan(first);
  const auto message = decode(from_type, variant);
  if (!message) return std::unexpected(message.error());
  const auto layout = Walk(from_type, variant, Collect{&out.parameters, variant, first}).run();
  if (!layout) return std::unexpected(layout.error());
  out.summary = describe(*message);
  out.type = from_type[0];
  out.acronym = to_string(message->type());
  if (layout->row != nullptr) {
    out.name = layout->row->name;
    out.clause = layout->row->ref;
  } else {
    out.name = "not known";
  }
  out.odd_layout = layout->odd;
  out.national = excluded(message->type(), variant);
  return out;
}

std::string to_string(const Explanation& explanation) {
  std::string out = explanation.summary + "\n";
  if (explanation.cic) {
    out += "CIC " + std::to_string(*explanation.cic);
    if (explanation.cic_spare != 0)
      out += ", spare bits " + std::to_string(explanation.cic_spare) + " (Q.763 1.2)";
    out += "\n";
  }
  out += explanation.acronym + " " + explanation.name + " (" + hex_code(explanation.type) + ")";
  if (!explanation.clause.empty()) out += "  " + explanation.clause;
  if (explanation.national) out += std::string("\n") + kNationalUse;
  if (explanation.odd_layout) out += "\nodd but legal layout: gaps, octets after the end, or no pointer";
  out += "\n";
  constexpr std::size_t kName = 42;
  constexpr std::size_t kBits = 11;
  constexpr std::size_t kValue = 12;
  for (const auto& parameter : explanation.parameters) {
    out += "octet " + std::to_string(parameter.offset) + ": " + parameter.name;
    if (parameter.code != 0) out += " (" + hex_code(parameter.code) + ")";
    out += ", " + std::string(parameter.part);
    if (!parameter.clause.empty()) out += ", " + parameter.clause;
    if (parameter.national) out += std::string(", ") + kNationalUse;
    out += ": " + parameter.hex + "\n";
    for (const auto& field : parameter.fields) {
      out += "  ";
      append_padded(out, field.name, kName);
      out += " ";
      append_padded(out, field.bits, kBits);
      if (field.meaning.empty()) {
        out += field.value;
      } else {
        append_padded(out, field.value, kValue);
        out += " " + field.meaning;
      }
      out += "\n";
    }
  }
  return out;
}

}  // namespace tandem::isup
