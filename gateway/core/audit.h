#pragma once
#include <array>
#include <cstdint>
#include <string_view>

namespace tandem::core {

/// What parts of a gateway can disagree on.
enum class Fault : std::uint8_t {
  circuit_without_call,   ///< taken by a call that is gone, or that is not on it
  circuit_without_media,  ///< kept for sessions that are gone
  call_without_leg,       ///< waits for a leg that its signalling has forgotten
  leg_without_call,       ///< signalling goes on for a call that is gone
  session_without_call,   ///< media goes on for a call that is gone or has left it
  port_without_leg,       ///< an RTP port that nobody will give back
  signalling_state        ///< a trunk takes its D channel, or the way to its point code, for what it is not
};
inline constexpr std::size_t kFaults = 7;
/// "circuit_without_call"
std::string_view to_string(Fault fault);

struct AuditCounters {
  std::uint64_t audits = 0;
  std::array<std::uint64_t, kFaults> repairs{};  ///< by fault
  [[nodiscard]] std::uint64_t all_repairs() const;
};

}  // namespace tandem::core
