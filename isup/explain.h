#pragma once
// A message for people: every field by its name, value, the value's name and the clause.
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/bytes.h"
#include "isup/codes.h"

namespace tandem::isup {

struct ExplainedField {
  std::string name;                     ///< "satellite indicator"
  std::string bits;                     ///< "BA", of octet 2 "2 BA"; empty: whole octets
  std::string value;                    ///< "0", "2079460000", "90 90 a3"
  std::optional<std::uint64_t> number;  ///< the value, when it is a number or coded
  std::string meaning;                  ///< "no satellite circuit"; of a code not assigned its hex
};

struct ExplainedParameter {
  std::uint8_t code = 0;
  std::string name;          ///< "HopCounter", "not known"
  std::string clause;        ///< "Q.763 3.80"
  std::string_view part;     ///< "mandatory fixed", "mandatory variable", "optional", "contents"
  std::uint32_t offset = 0;  ///< of its contents
  std::string hex;           ///< its contents
  std::vector<ExplainedField> fields;
  bool national = false;  ///< EN 300 356-1 leaves it out (Q.763 table 5: national use)
};

struct Explanation {
  std::string summary;  ///< describe()
  std::uint8_t type = 0;
  std::string acronym;  ///< "IAM"; "?" when not known
  std::string name;     ///< "Initial address"
  std::string clause;
  std::optional<std::uint16_t> cic;
  std::uint8_t cic_spare = 0;  ///< the bits above the CIC
  bool national = false;       ///< EN 300 356-1 leaves it out (Q.763 table 4: national use)
  bool odd_layout = false;     ///< legal, but not as it is laid out here
  std::vector<ExplainedParameter> parameters;
};

/// `octets` begin at the message type, or `with_cic` at the CIC, from where errors and offsets then count.
Result<Explanation> explain(OctetView octets, Variant variant, bool with_cic);
/// Some lines, the last one ended.
std::string to_string(const Explanation& explanation);

}  // namespace tandem::isup
