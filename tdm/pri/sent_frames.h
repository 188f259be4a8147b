#pragma once
// The I frames of one link as they went out, until acknowledged, so that what layer 2 repeats is the same
// octet for octet.
#include <array>
#include <optional>

#include "gateway/base/bytes.h"

namespace tandem::tdm::pri {

class SentFrames {
 public:
  /// The information field that was sent in place of `original` under this N(S), when this is a repetition.
  [[nodiscard]] const Octets* repeated(std::uint8_t ns, OctetView original) const;
  void sent(std::uint8_t ns, OctetView original, Octets instead);
  /// The far end has all frames before N(R) (Q.921 5.6.3.2): they are not repeated any more. Another N(R) is
  /// ignored.
  void acknowledged(std::uint8_t nr);
  /// The link starts anew (Q.921 5.5.1): N(S) counts from 0.
  void reset();

 private:
  struct Frame {
    Octets original;
    Octets instead;
  };
  static constexpr std::size_t kModulus = 128;
  std::array<std::optional<Frame>, kModulus> frames_;
  std::uint8_t oldest_ = 0;  ///< V(A)
  std::uint8_t next_ = 0;    ///< V(S)
};

}  // namespace tandem::tdm::pri
