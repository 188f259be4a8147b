#pragma once
// What a message consists of and what a code stands for: the tables of Q.763 with what ETSI and ANSI change.
#include <array>

#include "isup/message.h"

namespace tandem::isup {

/// Codes of parameters in the order of the wire; 0 ends them.
using ParameterCodes = std::array<std::uint8_t, 4>;

enum class OptionalPart : std::uint8_t {
  none,
  pointer,                ///< its pointer is always there, 0 when nothing follows
  pointer_may_be_missing  ///< earlier issues had none
};

/// A row of the tables of messages.
struct MessageRow {
  MessageType type;
  std::string_view name;  ///< "Initial address"
  ParameterCodes fixed;
  ParameterCodes variable;
  OptionalPart optional;
  std::string_view ref;
};

/// Null when the variant does not know the type.
const MessageRow* find_message(MessageType type, Variant variant);

/// EN 300 356-1 leaves out what Q.763 tables 4 and 5 call national use: such a message is not known in an
/// ETSI network (Q.764 2.9.5.3.2); decode() reads it all the same. Such a parameter goes on as it came.
bool excluded(MessageType type, Variant variant);
bool excluded_parameter(std::uint8_t code, Variant variant);

/// What is known of a parameter code.
struct ParameterRow {
  std::string_view name = {};  ///< empty: not assigned
  std::string_view ref = {};
  std::uint8_t octets = 0;  ///< of a fixed one
  bool (*read)(OctetView contents,
               Message& message) = nullptr;  ///< appends it; false: the contents do not fit
};
const ParameterRow& find_parameter(std::uint8_t code, Variant variant);

}  // namespace tandem::isup
