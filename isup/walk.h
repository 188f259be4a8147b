#pragma once
// Goes through the octets of a message and hands out its parameters: one walk for the decoder and for the
// text.
#include <span>

#include "isup/registry.h"

namespace tandem::isup {

/// From the message type on: what 272 octets of SIF leave beside label and CIC (Q.703 2.3.8, T1.111.3).
constexpr std::size_t max_message(Variant variant) {
  return variant == Variant::ansi ? 263 : 266;
}

enum class Part : std::uint8_t { fixed, variable, optional, whole };

/// A parameter in its message: `offset` is that of its contents, from the message type on.
struct Found {
  Part part;
  std::uint8_t code;
  std::uint32_t offset;
  OctetView contents;
};

/// What a walk saw of the layout.
struct Layout {
  const MessageRow* row = nullptr;  ///< null: a type that the variant does not know
  bool odd = false;                 ///< not as encode() would lay it out
};

/// Q.763 1.2 to 1.7: calls `take(Found)` for each parameter, in order; when it returns false for a mandatory
/// one, its contents are too short. Errors say parameter and octet: the format errors of Q.764 2.9.5 (length
/// or pointer past the end), and a missing end of the optional parameters.
template <class Take>
class Walk {
 public:
  Walk(OctetView message, Variant variant, Take take) : message_(message), variant_(variant), take_(take) {}

  Result<Layout> run() {
    if (message_.empty()) return fail(Errc::truncated, 0, "MessageType", "the message is empty (Q.763 1.3)");
    if (message_.size() > max_message(variant_))
      return fail(Errc::too_long, max_message(variant_), "Message",
                  "longer than 272 octets of SIF (Q.703 2.3.8)");
    layout_.row = find_message(static_cast<MessageType>(message_[0]), variant_);
    if (layout_.row == nullptr) return unknown();
    if (layout_.row->type == MessageType::pam) return whole();
    auto done = known(*layout_.row);
    if (!done) return std::unexpected(done.error());
    layout_.odd = layout_.odd || at_ != message_.size();
    return layout_;
  }

 private:
  using Step = Result<void>;

  Step known(const MessageRow& row) {
    if (auto step = fixed(row); !step) return step;
    std::size_t pointer = at_;
    for (const auto code : row.variable)
      if (code != 0) ++at_;
    const bool optional = row.optional != OptionalPart::none;
    if (optional && row.optional == OptionalPart::pointer_may_be_missing && at_ == message_.size()) {
      layout_.odd = true;
      return {};
    }
    if (optional) ++at_;
    for (const auto code : row.variable) {
      if (code == 0) break;
      if (auto step = variable(code, pointer++); !step) return step;
    }
    return optional ? optional_part(pointer) : Step{};
  }

  Step fixed(const MessageRow& row) {
    for (const auto code : row.fixed) {
      if (code == 0) break;
      const auto& parameter = find_parameter(code, variant_);
      if (message_.size() - at_ < parameter.octets)
        return fail(Errc::truncated, message_.size(), parameter.name,
                    "the message ends inside it (Q.764 2.9.5)");
      if (!hand_out(Part::fixed, code, at_, parameter.octets))
        return fail(Errc::malformed, at_, parameter.name, "its contents do not fit (Q.764 2.9.5)");
      at_ += parameter.octets;
    }
    return {};
  }

  Step variable(std::uint8_t code, std::size_t pointer) {
    const auto name = find_parameter(code, variant_).name;
    if (pointer >= message_.size())
      return fail(Errc::truncated, message_.size(), name,
                  "the message ends before its pointer (Q.764 2.9.5)");
    if (message_[pointer] == 0) return fail(Errc::malformed, pointer, name, "its pointer is 0 (Q.763 1.6)");
    const auto length = pointer + message_[pointer];
    if (length >= message_.size())
      return fail(Errc::out_of_range, pointer, name, "its pointer goes past the end (Q.764 2.9.5)");
    const std::size_t size = message_[length];
    if (size > message_.size() - length - 1)
      return fail(Errc::out_of_range, length, name, "its length goes past the end (Q.764 2.9.5)");
    layout_.odd = layout_.odd || length != at_;
    if (!hand_out(Part::variable, code, length + 1, size))
      return fail(Errc::truncated, length, name, "its contents are too short (Q.763 1.7)");
    at_ = length + 1 + size;
    return {};
  }

  Step optional_part(std::size_t pointer) {
    constexpr std::string_view kPart = "OptionalPart";
    if (pointer >= message_.size())
      return fail(Errc::truncated, message_.size(), kPart,
                  "the message ends before its pointer (Q.764 2.9.5)");
    if (message_[pointer] == 0) return {};
    const auto start = pointer + message_[pointer];
    if (start >= message_.size())
      return fail(Errc::out_of_range, pointer, kPart, "its pointer goes past the end (Q.764 2.9.5)");
    layout_.odd = layout_.odd || start != at_ || message_[start] == 0;
    for (at_ = start; at_ < message_.size() && message_[at_] != 0;) {
      const auto code = message_[at_];
      const auto& name = find_parameter(code, variant_).name;
      const auto where = name.empty() ? std::string_view("a parameter not known") : name;
      if (at_ + 1 >= message_.size())
        return fail(Errc::truncated, message_.size(), where,
                    "the message ends before its length (Q.764 2.9.5)");
      const std::size_t size = message_[at_ + 1];
      if (size > message_.size() - at_ - 2)
        return fail(Errc::out_of_range, at_ + 1, where, "its length goes past the end (Q.764 2.9.5)");
      hand_out(Part::optional, code, at_ + 2, size);
      at_ += 2 + size;
    }
    if (at_ >= message_.size())
      return fail(Errc::truncated, message_.size(), "EndOfOptionalParameters", "it is missing (Q.763 3.20)");
    ++at_;
    return {};
  }

  /// Messages later than this have an optional part only (Q.763 1.8); of others nothing can be told.
  Result<Layout> unknown() {
    const auto good = [&] {
      Walk<bool (*)(const Found&)> trial(message_, variant_, [](const Found&) { return true; });
      trial.at_ = 2;
      return message_.size() > 1 && trial.optional_part(1).has_value() && trial.at_ == message_.size() &&
             !trial.layout_.odd;
    };
    if (!good()) return whole();
    at_ = 2;
    if (auto step = optional_part(1); !step) return std::unexpected(step.error());
    return layout_;
  }
  Result<Layout> whole() {
    hand_out(Part::whole, 0, 1, message_.size() - 1);
    return layout_;
  }

  bool hand_out(Part part, std::uint8_t code, std::size_t offset, std::size_t size) {
    return take_(Found{part, code, static_cast<std::uint32_t>(offset), message_.subspan(offset, size)});
  }

  template <class>
  friend class Walk;

  OctetView message_;
  Variant variant_;
  Take take_;
  Layout layout_{};
  std::size_t at_ = 1;  ///< where what follows is expected
};

}  // namespace tandem::isup
