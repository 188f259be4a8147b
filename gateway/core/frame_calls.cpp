#include "gateway/core/trunk.h"
#include "tdm/pri/q931.h"

namespace tandem::core {

namespace {

namespace pri = tdm::pri;

constexpr std::size_t kMaxEnded = 64;
constexpr std::uint16_t kOurs = 0x8000;

struct Head {
  std::uint16_t reference = 0;  ///< bit 15: ours
  bool setup = false;
};

/// Q.921 3.1 to 3.4 and Q.931 4.2 to 4.4: the head of the message in an I frame.
std::optional<Head> head_of(OctetView frame, bool sent) {
  constexpr std::size_t kHeader = 4;
  if (frame.size() < kHeader + 5 || (frame[2] & 1) != 0 || frame[kHeader] != pri::kQ931) return std::nullopt;
  const std::size_t length = frame[kHeader + 1] & 0x0f;
  if (length == 0 || length > 2 || frame.size() < kHeader + 3 + length) return std::nullopt;
  const bool from_destination = (frame[kHeader + 2] & 0x80) != 0;
  std::uint16_t value = frame[kHeader + 2] & 0x7f;
  if (length == 2) value = static_cast<std::uint16_t>(value << 8 | frame[kHeader + 3]);
  Head head;
  head.reference = static_cast<std::uint16_t>(value | (from_destination == sent ? 0 : kOurs));
  head.setup = frame[kHeader + 2 + length] == static_cast<Octet>(pri::MessageType::setup);
  return head;
}

}  // namespace

void FrameCalls::bind(std::uint16_t reference, CallId call) {
  calls_.insert_or_assign(reference, call);
  references_.emplace(call, reference);
}

void FrameCalls::receiving(OctetView frame) {
  const auto head = head_of(frame, false);
  receiving_ = head ? std::optional(head->reference) : std::nullopt;
}

void FrameCalls::bind_received(CallId call) {
  if (receiving_) bind(*receiving_, call);
}

CallId FrameCalls::of_received() const {
  if (!receiving_) return {};
  const auto it = calls_.find(*receiving_);
  return it != calls_.end() ? it->second : CallId{};
}

CallId FrameCalls::of_sent(OctetView frame) {
  const auto head = head_of(frame, true);
  if (!head) return {};
  const auto it = calls_.find(head->reference);
  if (head->setup && it == calls_.end() && !expected_.empty()) {
    const auto call = expected_.front();
    expected_.pop_front();
    bind(head->reference, call);
    return call;
  }
  return it != calls_.end() ? it->second : CallId{};
}

void FrameCalls::ended(CallId call) {
  std::erase(expected_, call);
  const auto [first, last] = references_.equal_range(call);
  for (auto it = first; it != last; ++it) ended_.emplace_back(it->second, call);
  references_.erase(first, last);
  while (ended_.size() > kMaxEnded) {
    const auto [reference, owner] = ended_.front();
    ended_.pop_front();
    const auto it = calls_.find(reference);
    if (it != calls_.end() && it->second == owner) calls_.erase(it);  // else the reference is used again
  }
}

void FrameCalls::clear() {
  calls_ = {};
  references_ = {};
  expected_ = {};
  ended_ = {};
}

}  // namespace tandem::core
