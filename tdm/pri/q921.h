#pragma once
// Q.921 frames, as far as a primary rate D channel has them: modulo 128, point to point.
#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/base/bytes.h"

namespace tandem::tdm::pri {

enum class FrameKind : std::uint8_t { i, rr, rnr, rej, sabme, dm, ui, disc, ua, frmr, xid, unknown };

/// One layer 2 frame without flags and FCS (Q.921 2 and 3).
struct Frame {
  FrameKind kind = FrameKind::unknown;
  std::uint8_t sapi = 0;
  std::uint8_t tei = 0;
  bool cr = false;      ///< the command/response bit as sent (Q.921 3.3.2)
  bool pf = false;      ///< poll or final
  std::uint8_t ns = 0;  ///< I frames
  std::uint8_t nr = 0;  ///< I and supervisory frames
  OctetView information;
};

/// Q.921 5.9.3: the longest information field.
inline constexpr std::size_t kN201 = 260;

std::string_view to_string(FrameKind kind);
/// It has an N(R): I and supervisory frames (Q.921 3.4.1, 3.4.2).
[[nodiscard]] bool acknowledges(FrameKind kind);
/// Errors: a frame too short for its kind; address octets whose extension bits are wrong.
Result<Frame> parse_frame(OctetView frame);

}  // namespace tandem::tdm::pri
