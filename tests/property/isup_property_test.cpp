// Every parameter with any members, and every message of any of them, comes back as it was; any octets that
// are accepted leave as they came.
#include <gtest/gtest.h>

#include <random>

#include "isup/codec.h"
#include "isup/contents.h"
#include "isup/registry.h"
#include "isup/walk.h"

namespace tandem::isup {
namespace {

class Random {
 public:
  explicit Random(std::uint32_t seed) : engine_(seed) {}
  std::uint64_t below(std::uint64_t bound) { return engine_() % bound; }
  Octets octets(std::size_t most) {
    Octets out(below(most + 1));
    for (auto& octet : out) octet = static_cast<Octet>(engine_());
    return out;
  }
  std::string digits(std::size_t most) {
    std::string out(below(most + 1), '0');
    for (auto& digit : out) digit = "0123456789ABCDEF"[below(16)];
    return out;
  }

 private:
  std::mt19937 engine_;
};

template <class P>
P any(Random& random) {
  P out{};
  if constexpr (std::same_as<P, CauseIndicators>) {
    out = {.value = static_cast<std::uint8_t>(random.below(128)),
           .location = static_cast<Location>(random.below(16)),
           .diagnostic = random.octets(6),
           .coding = static_cast<std::uint8_t>(random.below(4)),
           .has_recommendation = random.below(2) != 0};
    out.spare = static_cast<std::uint8_t>(random.below(8));
    if (out.has_recommendation)
      out.recommendation = static_cast<std::uint8_t>(random.below(128));
    else
      out.spare &= static_cast<std::uint8_t>(~CauseIndicators::kNotLast1a);
  } else {
    const auto one = [&]<class T>(const Field<P, T>& field) {
      const auto value = random.below(std::uint64_t{1} << field.bits.count);
      out.*field.member = static_cast<T>(value);
    };
    std::apply([&](const auto&... field) { (one(field), ...); }, P::fields());
    constexpr auto octets = field_octets<P>();
    if constexpr (requires { out.spare.bits; }) {
      const auto present = (std::uint64_t{1} << octets * 8) - 1;
      if (random.below(2) != 0)
        out.spare.bits = static_cast<std::uint32_t>(random.below(1ULL << 32) & present & ~declared_bits<P>());
    }
    if constexpr (requires { out.spare.tail; }) {
      if (random.below(4) == 0) out.spare.tail = random.octets(3);
    }
    if constexpr (requires { P::rest().odd; }) {
      (out.*P::rest().member) = random.digits(18);
      if (P::rest().odd.count == 0 && (out.*P::rest().member).size() % 2 != 0)
        (out.*P::rest().member).pop_back();
      if ((out.*P::rest().member).size() % 2 != 0)
        out.spare.filler = static_cast<std::uint8_t>(random.below(16));
    } else if constexpr (WithRest<P>) {
      const auto octets_of_rest = random.octets(8);
      if constexpr (requires { (out.*P::rest().member) = std::string(); })
        (out.*P::rest().member) = as_text(octets_of_rest);
      else
        (out.*P::rest().member) = octets_of_rest;
    }
    if constexpr (requires { P::fits(OctetView{}); }) {
      if (!P::fits(encode_fields(out))) out.spare = {};
    }
  }
  return out;
}

template <class P>
void survives(Random& random) {
  if constexpr (!std::same_as<P, RawParameter>) {
    for (int i = 0; i < 200; ++i) {
      const auto parameter = any<P>(random);
      const auto octets = encode_fields(parameter);
      const auto again = decode_fields<P>(octets);
      ASSERT_TRUE(again) << P::spec.name << ' ' << to_hex(octets);
      ASSERT_EQ(*again, parameter) << P::spec.name << ' ' << to_hex(octets);
      const auto noise = random.octets(12);
      if (const auto read = decode_fields<P>(noise)) {
        ASSERT_EQ(encode_fields(*read), noise) << P::spec.name << ' ' << to_hex(noise);
      }
    }
  }
}
template <class... P>
void all_survive(Random& random, const std::variant<P...>* /*all*/) {
  (survives<P>(random), ...);
}
TEST(IsupProperty, EveryParameterComesBackAsItWas) {
  Random random(763);
  all_survive(random, static_cast<const Parameter*>(nullptr));
}

template <class... P>
Parameter parameter_of(std::uint8_t code, Variant variant, Random& random,
                       const std::variant<P...>* /*all*/) {
  Parameter out = RawParameter{code, random.octets(5)};
  const auto one = [&]<class T>(const T* /*type*/) {
    if constexpr (requires { T::spec; })
      if (T::spec.code == code && T::spec.ref == find_parameter(code, variant).ref) out = any<T>(random);
  };
  (one(static_cast<const P*>(nullptr)), ...);
  return out;
}

/// Of a fixed mandatory parameter only the octets that the table gives it.
template <class... P>
void cut(Parameter& parameter, const std::variant<P...>* /*all*/) {
  std::visit(
      [](auto& p) {
        if constexpr (requires { p.spare.tail; }) p.spare.tail.clear();
      },
      parameter);
}

TEST(IsupProperty, EveryMessageOfAnyParametersComesBackAsItWas) {
  Random random(764);
  constexpr const Parameter* kAll = nullptr;
  int encoded = 0;
  for (const auto variant : {Variant::itu, Variant::etsi, Variant::ansi}) {
    for (int type = 0; type < 256; ++type) {
      const auto* row = find_message(static_cast<MessageType>(type), variant);
      for (int i = 0; i < 40; ++i) {
        Message message(static_cast<MessageType>(type));
        if (type == int(MessageType::pam)) {
          message.append(RawParameter{0, random.octets(20)});
        } else {
          if (row != nullptr) {
            for (const auto code : row->fixed) {
              if (code == 0) continue;
              auto parameter = parameter_of(code, variant, random, kAll);
              cut(parameter, kAll);
              message.append(std::move(parameter));
            }
            for (const auto code : row->variable)
              if (code != 0) message.append(parameter_of(code, variant, random, kAll));
          }
          if (row == nullptr || row->optional != OptionalPart::none) {
            for (auto n = random.below(9); n > 0; --n)
              message.append(
                  parameter_of(static_cast<std::uint8_t>(1 + random.below(255)), variant, random, kAll));
          }
        }
        const auto octets = encode(message, variant);
        if (!octets) {
          ASSERT_EQ(octets.error().code, Errc::too_long) << to_string(octets.error());
          continue;
        }
        ++encoded;
        const auto again = decode(*octets, variant);
        ASSERT_TRUE(again) << to_hex(*octets) << ' ' << to_string(again.error());
        ASSERT_EQ(*again, message) << to_hex(*octets) << '\n'
                                   << describe(*again) << '\n'
                                   << describe(message);
        ASSERT_TRUE(again->odd_layout().empty()) << to_hex(*octets);
        ASSERT_EQ(encode(*again, variant).value(), *octets);
      }
    }
  }
  EXPECT_GT(encoded, 25000);
}

TEST(IsupProperty, AnyOctetsAreRefusedOrLeaveAsTheyCame) {
  Random random(765);
  int accepted = 0;
  for (int i = 0; i < 300000; ++i) {
    auto octets = random.octets(30);
    // Octets of a message with one or two of them changed get further than noise.
    if (i % 3 != 0) {
      octets = from_hex(
                   "010060000a030206048310010"
                   "00a048313020138018013020301c00206038301233d010f00")
                   .value();
      for (auto n = 1 + random.below(3); n > 0; --n)
        octets[random.below(octets.size())] = static_cast<Octet>(random.below(i % 2 != 0 ? 256 : 16));
    }
    for (const auto variant : {Variant::itu, Variant::ansi}) {
      const auto message = decode(octets, variant);
      if (!message) {
        ASSERT_LE(message.error().offset, octets.size());
        ASSERT_FALSE(message.error().where.empty());
        continue;
      }
      ++accepted;
      ASSERT_EQ(to_hex(encode(*message, variant).value()), to_hex(octets));
      (void)describe(*message);
    }
  }
  EXPECT_GT(accepted, 50000);
}

}  // namespace
}  // namespace tandem::isup
