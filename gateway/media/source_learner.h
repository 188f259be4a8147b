#pragma once
// Symmetric RTP: where a peer's packets really come from (RFC 4961, RFC 7362), and whom to believe.
#include <array>
#include <cstdint>

#include "gateway/base/address.h"
#include "gateway/base/bytes.h"
#include "gateway/base/time.h"
#include "gateway/media/commands.h"

namespace tandem::media {

/// Finds a stream's source among whoever sends.
///
/// What comes from the signalled address is taken at once, and after kConsistent packets it is the source.
/// Who else sends is a candidate: it is believed when the policy allows its address, kConsistent of its
/// packets in a row have one SSRC and rising sequence numbers and came over kSpan at least, and the signalled
/// source has been silent for kQuiet. For kProbation the signalled source may still take the stream back by
/// sending; then learning is over until signalling says so. Each source has one place among few, which
/// nobody else can foretell: while it sends steadily it keeps that place, however many others want it.
class SourceLearner {
 public:
  enum class Verdict : std::uint8_t {
    refuse,
    accept,
    moved,   ///< believed with this packet, on probation: `source`
    learned  ///< believed for good
  };
  static constexpr int kConsistent = 4;
  static constexpr Duration kSpan = std::chrono::milliseconds(40);
  static constexpr Duration kQuiet = std::chrono::milliseconds(500);
  static constexpr Duration kProbation = std::chrono::seconds(2);

  /// Nothing is learned until `begin`.
  void reset() { *this = {}; }
  /// `seed`: nobody else knows it.
  void begin(SourceLearning policy, const SocketAddress& signalled, std::uint32_t seed);
  [[nodiscard]] bool learning() const { return policy_ != SourceLearning::off; }

  /// Of a packet as it came; what is no RTP is refused.
  Verdict judge(OctetView packet, const SocketAddress& source, Time now);
  /// The believed source, or the signalled one.
  [[nodiscard]] const SocketAddress& source() const { return source_; }
  [[nodiscard]] const SocketAddress& signalled() const { return signalled_; }

 private:
  struct Candidate {
    SocketAddress source;
    std::uint32_t ssrc = 0;
    std::uint16_t sequence = 0;
    std::uint8_t count = 0;  ///< packets in a row; 0: free
    Time first{};
    Time last{};
  };
  static constexpr Duration kForgotten = std::chrono::milliseconds(250);
  static constexpr Duration kSecond = std::chrono::milliseconds(70);

  [[nodiscard]] bool allowed(const SocketAddress& source) const;
  Candidate* place(const SocketAddress& source, Time now);
  Verdict settle();

  SourceLearning policy_ = SourceLearning::off;
  bool signalled_heard_ = false;
  bool moved_ = false;
  std::uint32_t seed_ = 0;
  Time moved_at_{};
  Time signalled_last_{};
  SocketAddress signalled_;
  SocketAddress source_;
  std::array<Candidate, 13> candidates_{};  ///< the first is the signalled source's
};

/// Whether two addresses are one host's.
bool same_host(const SocketAddress& a, const SocketAddress& b);

}  // namespace tandem::media
