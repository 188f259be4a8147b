#pragma once
// Signal units of MTP level 2 (Q.703 2): the three octets before the information, and what LSSUs say.
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "gateway/base/bytes.h"

namespace tandem::mtp {

inline constexpr std::size_t kHeaderOctets = 3;
inline constexpr std::size_t kMaxMsuOctets = 273;  ///< SIO and a SIF of 272 (Q.703 2.3.3)
inline constexpr std::size_t kMaxSignalUnitOctets = kHeaderOctets + kMaxMsuOctets;  ///< without the FCS
inline constexpr std::uint8_t kMaxLength = 63;  ///< "63 or more" (Q.703 2.3.3)
inline constexpr unsigned kSequenceModulus = 128;

/// A sequence number and its indicator bit, as one octet (Q.703 2.3.5, 2.3.6).
struct Sequence {
  std::uint8_t number = 127;
  bool bit = true;
  friend bool operator==(Sequence, Sequence) = default;
};

struct Header {
  Sequence backward;
  Sequence forward;
  std::uint8_t length = 0;
  friend bool operator==(Header, Header) = default;
};

/// Status of the link, in an LSSU (Q.703 11.1.3).
enum class Status : std::uint8_t {
  out_of_alignment = 0,  ///< SIO
  normal = 1,            ///< SIN
  emergency = 2,         ///< SIE
  out_of_service = 3,    ///< SIOS
  processor_outage = 4,  ///< SIPO
  busy = 5,              ///< SIB
};

constexpr std::string_view to_string(Status status) {
  constexpr std::string_view names[] = {"SIO", "SIN", "SIE", "SIOS", "SIPO", "SIB"};
  return names[static_cast<std::size_t>(status)];
}

constexpr std::uint8_t next(std::uint8_t sequence_number) {
  return static_cast<std::uint8_t>((sequence_number + 1U) % kSequenceModulus);
}
constexpr std::uint8_t previous(std::uint8_t sequence_number) {
  return static_cast<std::uint8_t>((sequence_number + kSequenceModulus - 1) % kSequenceModulus);
}

constexpr Octet encode(Sequence s) {
  return static_cast<Octet>(s.number | (s.bit ? 0x80U : 0U));
}
constexpr Sequence decode_sequence(Octet octet) {
  return {static_cast<std::uint8_t>(octet & 0x7FU), (octet & 0x80U) != 0};
}

/// Writes the three octets. `to` holds at least three.
inline void write_header(std::span<Octet> to, const Header& header) {
  to[0] = encode(header.backward);
  to[1] = encode(header.forward);
  to[2] = header.length;
}

/// Nothing when the length indicator does not fit what follows it, or the unit is shorter than three octets.
inline std::optional<Header> read_header(OctetView unit) {
  if (unit.size() < kHeaderOctets) return std::nullopt;
  const Header header{decode_sequence(unit[0]), decode_sequence(unit[1]),
                      static_cast<std::uint8_t>(unit[2] & 0x3FU)};
  const std::size_t rest = unit.size() - kHeaderOctets;
  const bool fits = header.length == kMaxLength ? rest >= kMaxLength : rest == header.length;
  return fits ? std::optional(header) : std::nullopt;
}

/// The status of an LSSU; nothing for the two spare values.
inline std::optional<Status> read_status(Octet octet) {
  const unsigned value = octet & 0x07U;
  if (value > static_cast<unsigned>(Status::busy)) return std::nullopt;
  return static_cast<Status>(value);
}

}  // namespace tandem::mtp
