#pragma once
// The language spoken inside: ISUP messages (Q.763) as a type and its parameters.
#include <concepts>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "isup/parameters.h"

namespace tandem::isup {

/// Q.763 table 4.
enum class MessageType : std::uint8_t {
  iam = 0x01,
  sam = 0x02,
  cot = 0x05,
  acm = 0x06,
  con = 0x07,
  anm = 0x09,
  rel = 0x0c,
  sus = 0x0d,
  res = 0x0e,
  rlc = 0x10,
  cpg = 0x2c
};
std::string_view to_string(MessageType type);  ///< "IAM"

/// A message is its type and parameters, each at most once, in the order in which they were set. Parameters
/// that are not declared count as the same when their codes are the same.
class Message {
 public:
  explicit Message(MessageType type) : type_(type) {}
  [[nodiscard]] MessageType type() const { return type_; }

  template <class P>
  [[nodiscard]] const P* get() const {
    for (const auto& parameter : parameters_)
      if (const auto* found = std::get_if<P>(&parameter)) return found;
    return nullptr;
  }
  template <class P>
  Message& set(P parameter) {
    for (auto& existing : parameters_) {
      auto* found = std::get_if<P>(&existing);
      if (found == nullptr) continue;
      if constexpr (std::same_as<P, RawParameter>)
        if (found->code != parameter.code) continue;
      *found = std::move(parameter);
      return *this;
    }
    parameters_.emplace_back(std::move(parameter));
    return *this;
  }
  [[nodiscard]] const std::vector<Parameter>& parameters() const { return parameters_; }
  friend bool operator==(const Message&, const Message&) = default;

 private:
  MessageType type_;
  std::vector<Parameter> parameters_;
};

/// One line a person reads: "IAM 1000 <- 201 speech", "REL cause 17 user busy (user)". Indicators are named
/// only where they differ from their defaults; long contents are cut.
std::string describe(const Message& message);

}  // namespace tandem::isup
