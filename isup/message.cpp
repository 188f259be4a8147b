#include "isup/message.h"

#include <algorithm>
#include <array>

#include "gateway/base/q850.h"

namespace tandem::isup {

namespace {

struct TypeName {
  MessageType type;
  std::string_view name;
};

constexpr auto kTypes = std::to_array<TypeName>({
    // Q.763 table 4
    {MessageType::iam, "IAM"},
    {MessageType::sam, "SAM"},
    {MessageType::cot, "COT"},
    {MessageType::acm, "ACM"},
    {MessageType::con, "CON"},
    {MessageType::anm, "ANM"},
    {MessageType::rel, "REL"},
    {MessageType::sus, "SUS"},
    {MessageType::res, "RES"},
    {MessageType::rlc, "RLC"},
    {MessageType::cpg, "CPG"},
});

constexpr std::uint8_t kFewHops = 8;  // a call in a loop is worth telling
constexpr std::size_t kShown = 64;    // characters of a number or name that a line shows

std::string clipped(std::string_view text) {
  return text.size() <= kShown ? std::string(text) : std::string(text.substr(0, kShown)) + "...";
}

std::string number(std::string_view digits, NatureOfAddress nature) {
  if (digits.empty()) return "(no number)";
  return (nature == NatureOfAddress::international ? "+" : "") + clipped(digits);
}

std::string_view presentation_note(Presentation presentation) {
  switch (presentation) {
    case Presentation::allowed:
      return "";
    case Presentation::restricted:
      return " (restricted)";
    case Presentation::not_available:
      return " (not available)";
  }
  return "";
}

/// One line, parameter after parameter.
class Line {
 public:
  explicit Line(std::string_view type) : text_(type) {}

  void operator()(const CalledPartyNumber& p) { text_ += " " + number(p.digits, p.nature); }
  void operator()(const CallingPartyNumber& p) {
    text_ += " <- " + number(p.digits, p.nature);
    text_ += presentation_note(p.presentation);
  }
  void operator()(const ConnectedNumber& p) { party("connected ", p); }
  void operator()(const OriginalCalledNumber& p) { party("first called ", p); }
  void operator()(const RedirectingNumber& p) { party("diverted by ", p); }
  void operator()(const RedirectionNumber& p) { item("diverted to " + number(p.digits, p.nature)); }
  void operator()(const GenericNumber& p) { party("number of kind " + std::to_string(p.qualifier) + " ", p); }
  void operator()(const SubsequentNumber& p) { text_ += " " + clipped(p.digits); }
  void operator()(const HopCounter& p) {
    if (p.value < kFewHops) item("hops left " + std::to_string(p.value));
  }
  void operator()(const UserToUserInformation& p) {
    hex("user-user " + to_hex(OctetView(&p.protocol, 1)) + " ", p.octets);
  }
  void operator()(const CauseIndicators& p) {
    item("cause " + std::to_string(p.value) + " ");
    text_ += cause_name(p.value);
    text_ += " (";
    text_ += location_name(static_cast<std::uint8_t>(p.location));
    text_ += ")";
  }
  void operator()(const AccessTransport& p) { hex("access transport ", p.elements); }
  void operator()(const UserServiceInformation& /*as TMR says*/) {}
  void operator()(const GenericName& p) {
    name("", p.name);
    name("first called ", p.original_called);
    name("diverted by ", p.redirecting);
  }
  void operator()(const RawParameter& p) {
    hex("parameter " + to_hex(OctetView(&p.code, 1)) + " ", p.contents);
  }
  template <BitFields P>
  void operator()(const P& p) {
    describe_fields(p, text_, first_);
  }

  std::string take() { return std::move(text_); }

 private:
  template <class Number>
  void party(std::string_view title, const Number& p) {
    item(std::string(title) + number(p.digits, p.nature));
    text_ += presentation_note(p.presentation);
  }
  void name(std::string_view title, std::string_view text) {
    if (!text.empty()) item(std::string(title) + '"' + clipped(text) + '"');
  }
  void item(std::string_view text) {
    text_ += first_ ? " " : ", ";
    text_ += text;
    first_ = false;
  }
  void hex(std::string_view title, OctetView octets) {
    const auto shown = octets.first(std::min(octets.size(), kShown / 4));
    item(std::string(title) + to_hex(shown) + (shown.size() < octets.size() ? "..." : ""));
  }

  std::string text_;
  bool first_ = true;
};

}  // namespace

std::string_view to_string(MessageType type) {
  for (const auto& row : kTypes)
    if (row.type == type) return row.name;
  return "?";
}

std::string describe(const Message& message) {
  Line line(to_string(message.type()));
  // An IAM reads "called <- caller medium", in whatever order its parameters were set.
  if (const auto* called = message.get<CalledPartyNumber>()) line(*called);
  if (const auto* calling = message.get<CallingPartyNumber>()) line(*calling);
  for (const auto& parameter : message.parameters()) {
    if (std::holds_alternative<CalledPartyNumber>(parameter)) continue;
    if (std::holds_alternative<CallingPartyNumber>(parameter)) continue;
    std::visit(line, parameter);
  }
  return line.take();
}

}  // namespace tandem::isup
