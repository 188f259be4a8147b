#include "isup/explain_fields.h"

#include "isup/contents.h"

namespace tandem::isup {

namespace {

/// As Q.763 prints them: letters A to P over two octets, otherwise those of an octet.
template <class P>
std::string letters(Bits bits) {
  if (bits.count > 8 || bits.big_endian) return {};
  std::string out;
  const bool two = P::spec.octets == 2;
  if (!two && field_octets<P>() > 1) out = std::to_string(bits.first / 8 + 1) + " ";
  const auto first = two ? bits.first : bits.first % 8;
  for (int i = bits.count; i-- > 0;) out.push_back(static_cast<char>('A' + first + i));
  return out;
}

template <BitFields P>
void declared(FieldWriter& out, const P& parameter) {
  const auto one = [&]<class T>(const Field<P, T>& field) {
    const auto value = static_cast<std::uint64_t>(parameter.*field.member);
    if (field.values.empty())
      out.number(field.label, letters<P>(field.bits), value);
    else
      out.coded(field.label, letters<P>(field.bits), value, field.values);
  };
  std::apply([&](const auto&... field) { (one(field), ...); }, P::fields());
  if constexpr (requires { parameter.spare.bits; }) {
    if (parameter.spare.bits != 0) {
      Octets spare(field_octets<P>());
      detail::store(parameter.spare.bits, spare.data(), std::min<std::size_t>(spare.size(), 4));
      out.hex("spare or extension bits not as usual", spare);
    }
  }
  if constexpr (requires { parameter.spare.tail; }) {
    if (!parameter.spare.tail.empty()) out.hex("octets after it", parameter.spare.tail);
    if (parameter.spare.missing != 0)
      out.number("octets it is shorter than usual", {}, parameter.spare.missing);
  }
  if constexpr (requires { parameter.spare.filler; }) {
    if (parameter.spare.filler != 0) out.number("filler", {}, parameter.spare.filler);
  }
}

/// The part after the fields, where nothing is known of it but that it is digits, text or octets.
template <BitFields P>
void rest_of(FieldWriter& out, const P& parameter) {
  const auto& rest = parameter.*P::rest().member;
  if constexpr (requires { P::rest().odd; })
    out.text("address signals", rest);
  else if constexpr (requires { std::string_view(rest); })
    out.text(P::rest().label, rest);
  else
    out.hex(P::rest().label, rest);
}

struct Explain {
  FieldWriter& out;

  void operator()(const RawParameter& p) const { out.hex("contents", p.contents); }
  void operator()(const CauseIndicators& p) const { out.cause(p); }
  void operator()(const RangeAndStatus& p) const {
    declared(out, p);
    out.status(p);
  }
  void operator()(const CircuitStateIndicator& p) const { out.states(p); }
  void operator()(const MessageCompatibility& p) const { out.instructions({}, p.octets, true); }
  void operator()(const ParameterCompatibility& p) const { out.parameter_instructions(p); }
  void operator()(const UserServiceInformation& p) const { out.bearer(p.bearer); }
  void operator()(const UserServiceInformationPrime& p) const { out.bearer(p.bearer); }
  void operator()(const AccessTransport& p) const { out.elements(p.elements); }
  void operator()(const UserToUserInformation& p) const {
    declared(out, p);
    out.user_information(p);
  }
  template <BitFields P>
  void operator()(const P& p) const {
    declared(out, p);
    if constexpr (WithRest<P>) rest_of(out, p);
  }
};

}  // namespace

std::vector<ExplainedField> explain_fields(const Parameter& parameter, Variant variant) {
  FieldWriter out(variant);
  std::visit(Explain{out}, parameter);
  return out.take();
}

}  // namespace tandem::isup
