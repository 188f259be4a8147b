#pragma once
// The trunk that a call comes from or goes to, by what signals it: one of these, or none.
#include <cstddef>

namespace tandem::core {

struct TrunkConfig;
struct IsupTrunkConfig;

struct TrunkRef {
  const TrunkConfig* pri = nullptr;
  const IsupTrunkConfig* isup = nullptr;

  TrunkRef() = default;
  TrunkRef(const TrunkConfig* trunk) : pri(trunk) {}
  TrunkRef(const IsupTrunkConfig* trunk) : isup(trunk) {}
  TrunkRef(std::nullptr_t) {}
  explicit operator bool() const { return pri != nullptr || isup != nullptr; }
  /// This one, or another where there is none.
  [[nodiscard]] TrunkRef or_else(TrunkRef other) const { return *this ? *this : other; }
};

}  // namespace tandem::core
