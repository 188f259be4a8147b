#include "gateway/media/source_learner.h"

#include <algorithm>
#include <span>

#include "sipt/rtp/packet.h"

namespace tandem::media {
namespace {
/// Sequence numbers that a stream may leave out, as packets get lost.
constexpr std::uint16_t kMaxStep = 16;
}  // namespace

bool same_host(const SocketAddress& a, const SocketAddress& b) {
  return a.v6 == b.v6 && a.ip == b.ip;
}

void SourceLearner::begin(SourceLearning policy, const SocketAddress& signalled, std::uint32_t seed) {
  reset();
  seed_ = seed;
  policy_ = policy;
  signalled_ = source_ = signalled;
}

bool SourceLearner::allowed(const SocketAddress& source) const {
  return policy_ == SourceLearning::any || same_host(source, signalled_);
}

SourceLearner::Candidate* SourceLearner::place(const SocketAddress& source, Time now) {
  auto mixed = (std::hash<SocketAddress>{}(source) ^ seed_) * 0x9E3779B97F4A7C15ULL;
  mixed ^= mixed >> 29;
  const auto others = std::span(candidates_).subspan(1);
  auto& candidate = others[(mixed * 0xBF58476D1CE4E5B9ULL >> 32) % others.size()];
  if (candidate.count > 0 && candidate.source == source) return &candidate;
  // Who has sent one packet only has proved little, but is given the time for a second one.
  const auto held = candidate.count > 1 ? kForgotten : kSecond;
  if (candidate.count > 0 && now - candidate.last <= held) return nullptr;
  candidate = {};
  return &candidate;
}

SourceLearner::Verdict SourceLearner::judge(OctetView octets, const SocketAddress& from, Time now) {
  const auto packet = sip::rtp::parse_rtp(octets);
  if (!packet) return Verdict::refuse;
  const auto& header = packet->header;
  const bool signalled = from.port == 0 || from == signalled_;
  if (moved_ && !signalled) {
    if (from != source_) return Verdict::refuse;
    return now - moved_at_ < kProbation ? Verdict::accept : settle();
  }
  if (!signalled && !allowed(from)) return Verdict::refuse;
  if (signalled) {
    signalled_heard_ = true;
    signalled_last_ = now;
  }
  auto* candidate = signalled ? candidates_.data() : place(from, now);
  if (candidate == nullptr) return Verdict::refuse;
  const auto step = static_cast<std::uint16_t>(header.sequence - candidate->sequence);
  const bool goes_on =
      candidate->count > 0 && candidate->ssrc == header.ssrc && step != 0 && step <= kMaxStep;
  if (goes_on) {
    candidate->count = static_cast<std::uint8_t>(std::min(candidate->count + 1, 100));
  } else {
    *candidate = {.source = from, .ssrc = header.ssrc, .count = 1, .first = now};
  }
  candidate->sequence = header.sequence;
  candidate->last = now;
  const bool proved = candidate->count >= kConsistent && now - candidate->first >= kSpan;
  if (signalled) {
    if (!proved) return moved_ ? Verdict::refuse : Verdict::accept;
    source_ = signalled_;
    return settle();
  }
  // RFC 7362 section 5: no taking over from who was named.
  if (!proved || (signalled_heard_ && now - signalled_last_ < kQuiet)) return Verdict::refuse;
  moved_ = true;
  moved_at_ = now;
  source_ = from;
  return Verdict::moved;
}

SourceLearner::Verdict SourceLearner::settle() {
  policy_ = SourceLearning::off;
  return Verdict::learned;
}

}  // namespace tandem::media
