#include "isup/codec.h"

#include "isup/contents.h"
#include "isup/walk.h"

namespace tandem::isup {

namespace {

constexpr std::size_t kUsualParameters = 14;
constexpr std::size_t kMostContents = 255;  // Q.763 1.5: the length is one octet
constexpr std::size_t kMostMandatory = 8;

unsigned cic_bits(Variant variant) {
  return variant == Variant::ansi ? 14 : 12;
}

/// Appends what a walk finds.
struct Collect {
  Message* message;
  Variant variant;
  bool operator()(const Found& found) const {
    const auto& row = find_parameter(found.code, variant);
    if (row.read != nullptr && found.part != Part::whole) {
      if (row.read(found.contents, *message)) return true;
      if (found.part != Part::optional) return false;
    }
    auto& raw = message->emplace<RawParameter>();
    raw.code = found.code;
    raw.contents.assign(found.contents);
    return true;
  }
};

/// Writes one message into a buffer that is large enough for any.
class Encoder {
 public:
  Encoder(const Message& message, Variant variant, std::span<Octet> out)
      : parameters_(message.parameters()), variant_(variant), out_(out) {}

  Result<std::size_t> run(MessageType type) {
    if (out_.empty()) return too_long();
    out_[at_++] = static_cast<Octet>(type);
    const auto* row = find_message(type, variant_);
    if (type == MessageType::pam || (row == nullptr && holds_whole())) return whole();
    if (row == nullptr) {
      at_ = 2;
      if (auto step = out_.size() < at_ ? Step(too_long()) : optional_part(1); !step)
        return std::unexpected(step.error());
      return at_;
    }
    if (auto step = mandatory(*row); !step) return std::unexpected(step.error());
    return at_;
  }

 private:
  using Step = Result<void>;

  [[nodiscard]] std::unexpected<Error> too_long() const {
    return fail(Errc::too_long, at_, "Message", "longer than 272 octets of SIF (Q.703 2.3.8)");
  }
  [[nodiscard]] bool room(std::size_t octets) const { return out_.size() - at_ >= octets; }
  [[nodiscard]] bool holds_whole() const {
    return parameters_.size() == 1 && std::holds_alternative<RawParameter>(parameters_[0]) &&
           std::get<RawParameter>(parameters_[0]).code == 0;
  }

  Result<std::size_t> whole() {
    for (const auto& parameter : parameters_) {
      const auto* raw = std::get_if<RawParameter>(&parameter);
      if (raw == nullptr || raw->code != 0) continue;
      if (!room(raw->contents.size())) return too_long();
      std::copy(raw->contents.begin(), raw->contents.end(), out_.begin() + static_cast<std::ptrdiff_t>(at_));
      at_ += raw->contents.size();
      break;
    }
    return at_;
  }

  Step mandatory(const MessageRow& row) {
    for (const auto code : row.fixed) {
      if (code == 0) break;
      if (auto step = fixed(code); !step) return step;
    }
    auto pointer = at_;
    const bool optional = row.optional != OptionalPart::none;
    const auto pointers =
        static_cast<std::size_t>(std::ranges::count_if(row.variable, [](auto code) { return code != 0; })) +
        optional;
    if (!room(pointers)) return too_long();
    at_ += pointers;
    for (const auto code : row.variable) {
      if (code == 0) break;
      const auto* parameter = take(code);
      if (parameter == nullptr) return missing(code);
      if (!room(1)) return too_long();
      out_[pointer] = static_cast<Octet>(at_ - pointer);
      ++pointer;
      if (auto step = with_length(*parameter); !step) return step;
    }
    // Without an optional part nothing can be added: such parameters are of a later issue, or of no use here.
    return optional ? optional_part(pointer) : Step{};
  }

  Step fixed(std::uint8_t code) {
    const auto* parameter = take(code);
    if (parameter == nullptr) return missing(code);
    const std::size_t octets = find_parameter(code, variant_).octets;
    if (!room(octets)) return too_long();
    std::array<Octet, kMostContents> contents{};
    const auto size = write(*parameter, contents);
    if (!size) return std::unexpected(size.error());
    std::copy_n(contents.begin(), octets, out_.begin() + static_cast<std::ptrdiff_t>(at_));
    at_ += octets;
    return {};
  }

  Step optional_part(std::size_t pointer) {
    out_[pointer] = 0;
    const auto start = at_;
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
      if (taken(i)) continue;
      if (!room(2)) return too_long();
      out_[at_++] = code_of(parameters_[i]);
      if (auto step = with_length(parameters_[i]); !step) return step;
    }
    if (at_ == start) return {};
    if (start - pointer > kMostContents || !room(1)) return too_long();
    out_[pointer] = static_cast<Octet>(start - pointer);
    out_[at_++] = 0;  // Q.763 3.20
    return {};
  }

  Step with_length(const Parameter& parameter) {
    const auto length = at_++;
    const auto size = write(parameter, out_.subspan(at_));
    if (!size) return std::unexpected(size.error());
    out_[length] = static_cast<Octet>(*size);
    at_ += *size;
    return {};
  }

  /// The contents; returns their size.
  Result<std::size_t> write(const Parameter& parameter, std::span<Octet> out) const {
    return std::visit(
        [&]<class P>(const P& p) -> Result<std::size_t> {
          if constexpr (std::same_as<P, RawParameter>) {
            if (p.contents.size() > kMostContents) return over(find_parameter(p.code, variant_).name);
            if (p.contents.size() > out.size()) return too_long();
            std::copy(p.contents.begin(), p.contents.end(), out.begin());
            return p.contents.size();
          } else {
            const auto size = contents_size(p);
            if (size > kMostContents) return over(P::spec.name);
            if (size > out.size()) return too_long();
            if (!write_contents(p, out.data()))
              return fail(Errc::out_of_range, at_, P::spec.name, "not a digit");
            return size;
          }
        },
        parameter);
  }
  [[nodiscard]] std::unexpected<Error> over(std::string_view name) const {
    return fail(Errc::too_long, at_, name, "more than 255 octets (Q.763 1.5)");
  }
  [[nodiscard]] std::unexpected<Error> missing(std::uint8_t code) const {
    return fail(Errc::missing, at_, find_parameter(code, variant_).name, "mandatory (Q.763 1.5)");
  }

  /// The first of this code, which is then not an optional one.
  const Parameter* take(std::uint8_t code) {
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
      if (code_of(parameters_[i]) != code || taken(i)) continue;
      mandatory_[taken_++] = i;
      return &parameters_[i];
    }
    return nullptr;
  }
  [[nodiscard]] bool taken(std::size_t index) const {
    for (std::size_t i = 0; i < taken_; ++i)
      if (mandatory_[i] == index) return true;
    return false;
  }

  const std::vector<Parameter>& parameters_;
  Variant variant_;
  std::span<Octet> out_;
  std::size_t at_ = 0;
  std::array<std::size_t, kMostMandatory> mandatory_{};
  std::size_t taken_ = 0;
};

constexpr std::size_t kBuffer = 272;

}  // namespace

Result<Message> decode(OctetView octets, Variant variant) {
  Result<Message> message(std::in_place, static_cast<MessageType>(octets.empty() ? 0 : octets[0]));
  if (octets.size() > 2) message->reserve(kUsualParameters);
  const auto layout = Walk(octets, variant, Collect{&*message, variant}).run();
  if (!layout) return std::unexpected(layout.error());
  if (layout->odd) message->keep_layout(octets);
  return message;
}

Result<std::size_t> encode_to(const Message& message, Variant variant, std::span<Octet> out) {
  out = out.first(std::min(out.size(), max_message(variant)));
  if (const auto& odd = message.odd_layout(); !odd.empty() && odd.size() <= out.size()) {
    if (const auto again = decode(odd, variant); again && *again == message) {
      std::copy(odd.begin(), odd.end(), out.begin());
      return odd.size();
    }
  }
  return Encoder(message, variant, out).run(message.type());
}

Result<Octets> encode(const Message& message, Variant variant) {
  std::array<Octet, kBuffer> buffer;  // NOLINT(*-init): encode_to() writes what is read
  const auto size = encode_to(message, variant, buffer);
  if (!size) return std::unexpected(size.error());
  return Octets(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(*size));
}

Result<CircuitMessage> decode_with_cic(OctetView octets, Variant variant) {
  if (octets.size() < 3) return fail(Errc::truncated, octets.size(), "CIC", "the message ends (Q.763 1.2)");
  const auto both = static_cast<unsigned>(octets[0] | octets[1] << 8);
  auto message = decode(octets.subspan(2), variant);
  if (!message) {
    message.error().offset += 2;
    return std::unexpected(message.error());
  }
  const auto bits = cic_bits(variant);
  return CircuitMessage{static_cast<std::uint16_t>(both & ((1U << bits) - 1)),
                        static_cast<std::uint8_t>(both >> bits), std::move(*message)};
}

Result<Octets> encode_with_cic(const CircuitMessage& message, Variant variant) {
  const auto bits = cic_bits(variant);
  if (message.cic >> bits != 0)
    return fail(Errc::out_of_range, 0, "CIC", "more bits than it has (Q.763 1.2)");
  std::array<Octet, kBuffer> buffer;  // NOLINT(*-init): encode_to() writes what is read
  const auto both = static_cast<unsigned>(message.cic | message.spare << bits);
  buffer[0] = static_cast<Octet>(both);
  buffer[1] = static_cast<Octet>(both >> 8);
  auto size = encode_to(message.message, variant, std::span(buffer).subspan(2));
  if (!size) {
    size.error().offset += 2;
    return std::unexpected(size.error());
  }
  return Octets(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(*size + 2));
}

}  // namespace tandem::isup
