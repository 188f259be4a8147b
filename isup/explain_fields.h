#pragma once
// The fields of one parameter for people.
#include <vector>

#include "isup/explain.h"
#include "isup/message.h"

namespace tandem::isup {

std::vector<ExplainedField> explain_fields(const Parameter& parameter, Variant variant);

/// Collects fields; the parts that no declaration describes are written in explain_values.cpp.
class FieldWriter {
 public:
  explicit FieldWriter(Variant variant) : variant_(variant) {}
  /// A coded value: its name from `names`, or its hex when it has none there.
  void coded(std::string_view name, std::string bits, std::uint64_t value, ValueNames names);
  void number(std::string_view name, std::string bits, std::uint64_t value);
  void text(std::string_view name, std::string value, std::string meaning = {});
  void hex(std::string_view name, OctetView octets, std::string meaning = {});

  void cause(const CauseIndicators& cause);
  void status(const RangeAndStatus& range);
  void states(const CircuitStateIndicator& indicator);
  void instructions(std::string_view of, OctetView indicators, bool of_message);
  void parameter_instructions(const ParameterCompatibility& compatibility);
  void bearer(OctetView octets);    ///< Q.931 4.5.5
  void elements(OctetView octets);  ///< of Q.931 4.5
  void user_information(const UserToUserInformation& information);

  [[nodiscard]] Variant variant() const { return variant_; }
  std::vector<ExplainedField> take() { return std::move(fields_); }

 private:
  Variant variant_;
  std::vector<ExplainedField> fields_;
};

}  // namespace tandem::isup
