#include "isup/message.h"

#include <algorithm>
#include <array>

#include "gateway/base/q850.h"
#include "isup/contents.h"

namespace tandem::isup {

namespace {

struct TypeName {
  MessageType type;
  std::string_view name;
};

constexpr auto kTypes = std::to_array<TypeName>({
    // Q.763 table 4, T1.113
    {MessageType::iam, "IAM"}, {MessageType::sam, "SAM"},   {MessageType::inr, "INR"},
    {MessageType::inf, "INF"}, {MessageType::cot, "COT"},   {MessageType::acm, "ACM"},
    {MessageType::con, "CON"}, {MessageType::fot, "FOT"},   {MessageType::anm, "ANM"},
    {MessageType::rel, "REL"}, {MessageType::sus, "SUS"},   {MessageType::res, "RES"},
    {MessageType::rlc, "RLC"}, {MessageType::ccr, "CCR"},   {MessageType::rsc, "RSC"},
    {MessageType::blo, "BLO"}, {MessageType::ubl, "UBL"},   {MessageType::bla, "BLA"},
    {MessageType::uba, "UBA"}, {MessageType::grs, "GRS"},   {MessageType::cgb, "CGB"},
    {MessageType::cgu, "CGU"}, {MessageType::cgba, "CGBA"}, {MessageType::cgua, "CGUA"},
    {MessageType::far, "FAR"}, {MessageType::faa, "FAA"},   {MessageType::frj, "FRJ"},
    {MessageType::lpa, "LPA"}, {MessageType::pam, "PAM"},   {MessageType::gra, "GRA"},
    {MessageType::cqm, "CQM"}, {MessageType::cqr, "CQR"},   {MessageType::cpg, "CPG"},
    {MessageType::usr, "USR"}, {MessageType::ucic, "UCIC"}, {MessageType::cfn, "CFN"},
    {MessageType::olm, "OLM"}, {MessageType::crg, "CRG"},   {MessageType::nrm, "NRM"},
    {MessageType::fac, "FAC"}, {MessageType::upt, "UPT"},   {MessageType::upa, "UPA"},
    {MessageType::idr, "IDR"}, {MessageType::irs, "IRS"},   {MessageType::sgm, "SGM"},
    {MessageType::lop, "LOP"}, {MessageType::apm, "APM"},   {MessageType::pri, "PRI"},
    {MessageType::sdn, "SDN"}, {MessageType::cra, "CRA"},   {MessageType::crm, "CRM"},
    {MessageType::cvr, "CVR"}, {MessageType::cvt, "CVT"},   {MessageType::exm, "EXM"},
});

constexpr std::uint8_t kFewHops = 8;  // a call in a loop is worth telling
constexpr std::size_t kShown = 64;    // characters of a number or name that a line shows

std::string clipped(std::string_view text) {
  return text.size() <= kShown ? std::string(text) : std::string(text.substr(0, kShown)) + "...";
}

/// Of a peer's text: what no terminal takes for a command.
std::string printable(std::string_view text) {
  auto out = clipped(text);
  std::ranges::replace_if(out, [](char c) { return c < 0x20 || c > 0x7e; }, '.');
  return out;
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
    if (p.presentation == 1) return;  // not to be shown
    if (p.of == NameOf::original_called)
      name("first called ", p.name);
    else
      name(p.of == NameOf::redirecting ? "diverted by " : "", p.name);
  }
  void operator()(const RangeAndStatus& p) {
    item(std::to_string(p.circuits()) + (p.circuits() == 1 ? " circuit" : " circuits"));
    if (!p.status.empty()) text_ += " status " + clipped(to_hex(p.status));
  }
  void operator()(const CircuitStateIndicator& p) { hex("states ", p.states); }
  void operator()(const RawParameter& p) {
    hex("parameter " + to_hex(OctetView(&p.code, 1)) + " ", p.contents);
  }
  template <BitFields P>
  void operator()(const P& p) {
    const auto one = [&]<class T>(const Field<P, T>& field) { worth_reading(p, field); };
    std::apply([&](const auto&... field) { (one(field), ...); }, P::fields());
    if constexpr (requires { P::rest().odd; }) {
      item(std::string(P::spec.name) + " " + clipped(p.*P::rest().member));
    } else if constexpr (requires { std::string_view(p.*P::rest().member); }) {
      item(std::string(P::spec.name) + " \"" + printable(p.*P::rest().member) + '"');
    } else if constexpr (WithRest<P>) {
      hex(std::string(P::rest().label) + " ", p.*P::rest().member);
    }
  }

  std::string take() { return std::move(text_); }

 private:
  /// Appends the name of a value that is not the default one, or that is always to be told.
  template <class P, class T>
  void worth_reading(const P& p, const Field<P, T>& field) {
    const auto value = static_cast<std::uint64_t>(p.*field.member);
    if (field.show == Show::when_set && p.*field.member == P{}.*field.member) return;
    if (field.values.empty()) return item(std::string(field.label) + " " + std::to_string(value));
    for (const auto& row : field.values)
      if (row.value == value && !row.name.empty()) item(row.name);
  }
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

Message::Message(const Message& other) = default;
Message::Message(Message&& other) noexcept = default;
Message& Message::operator=(const Message& other) = default;
Message& Message::operator=(Message&& other) noexcept = default;
Message::~Message() = default;

Message& Message::append(Parameter&& parameter) {
  parameters_.push_back(std::move(parameter));
  return *this;
}

Parameter& Message::append_empty(std::size_t kind) {
  using Make = Parameter (*)();
  static constexpr auto kMakers = []<std::size_t... I>(std::index_sequence<I...>) {
    return std::array<Make, sizeof...(I)>{+[] { return Parameter(std::in_place_index<I>); }...};
  }(std::make_index_sequence<std::variant_size_v<Parameter>>());
  return parameters_.emplace_back(kMakers.at(kind)());
}

void Message::drop_last() {
  parameters_.pop_back();
}
void Message::reserve(std::size_t parameters) {
  parameters_.reserve(parameters);
}

void Message::remove(std::uint8_t code) {
  std::erase_if(parameters_, [&](const Parameter& parameter) { return code_of(parameter) == code; });
}

bool operator==(const Message& a, const Message& b) {
  return a.type_ == b.type_ && a.parameters_ == b.parameters_;
}

std::uint8_t code_of(const Parameter& parameter) {
  return std::visit(
      []<class P>(const P& p) {
        if constexpr (std::same_as<P, RawParameter>)
          return p.code;
        else
          return P::spec.code;
      },
      parameter);
}

std::string_view name_of(const Message& message, NameOf party) {
  const auto* found = message.find<GenericName>([&](const GenericName& name) { return name.of == party; });
  if (found == nullptr || found->not_available || found->presentation == 1) return {};
  return found->name;
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
