#pragma once
// What is counted of calls, as plain numbers; io shows them. Everything else that is measured is looked at
// when somebody asks.
#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <string>

#include "gateway/core/cdr.h"
#include "gateway/core/config.h"

namespace tandem::core {

/// Values by size: counts[i] are those at or below bounds[i] and above the bound before; the last are above
/// all.
template <std::size_t N>
struct Histogram {
  std::array<double, N> bounds{};
  std::array<std::uint64_t, N + 1> counts{};
  double sum = 0;

  void add(double value) {
    std::size_t i = 0;
    while (i < N && value > bounds[i]) ++i;
    ++counts[i];
    sum += value;
  }
};

/// Attempts are told apart by the trunk or peer, which way they went there, and how they ended.
struct AttemptKind {
  std::string party;  ///< trunk or peer
  bool trunk = false;
  bool incoming = false;  ///< from the party
  int cause = 0;          ///< Q.850; 0: none
  int sip_status = 0;     ///< 0: none
  friend auto operator<=>(const AttemptKind&, const AttemptKind&) = default;
};

class CallMetrics {
 public:
  /// Ended attempts count; others do not. Names that are in no configuration are left out.
  void count(const Cdr& cdr, const Config& config);

  [[nodiscard]] const std::map<AttemptKind, std::uint64_t>& attempts() const { return attempts_; }

  Histogram<8> answer_seconds{.bounds = {1, 2, 5, 10, 20, 30, 60, 120}};  ///< from SETUP or INVITE to answer
  Histogram<8> talk_seconds{.bounds = {1, 10, 30, 60, 180, 600, 1800, 3600}};
  // Of RTP received, at the end of each attempt that had some.
  Histogram<7> loss_ratio{.bounds = {0, 0.001, 0.005, 0.01, 0.02, 0.05, 0.1}};
  Histogram<7> jitter_seconds{.bounds = {0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1}};
  Histogram<7> mos{.bounds = {1.5, 2, 2.5, 3, 3.5, 4, 4.3}};  ///< ITU-T G.107 annex B

 private:
  void count_side(const Config& config, const std::string& party, bool incoming, const Cdr& cdr);

  /// Kinds beyond are counted without cause and status, so that peers' inventions take no memory.
  static constexpr std::size_t kMaxKinds = 20000;
  std::map<AttemptKind, std::uint64_t> attempts_;
};

}  // namespace tandem::core
