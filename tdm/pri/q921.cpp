#include "tdm/pri/q921.h"

#include <array>

namespace tandem::tdm::pri {
namespace {

// Q.921 table 5: control field octet without the P/F bit.
FrameKind unnumbered(Octet control) {
  switch (control & 0xEF) {
    case 0x6F:
      return FrameKind::sabme;
    case 0x0F:
      return FrameKind::dm;
    case 0x03:
      return FrameKind::ui;
    case 0x43:
      return FrameKind::disc;
    case 0x63:
      return FrameKind::ua;
    case 0x87:
      return FrameKind::frmr;
    case 0xAF:
      return FrameKind::xid;
    default:
      return FrameKind::unknown;
  }
}

FrameKind supervisory(Octet control) {
  switch (control) {
    case 0x01:
      return FrameKind::rr;
    case 0x05:
      return FrameKind::rnr;
    case 0x09:
      return FrameKind::rej;
    default:
      return FrameKind::unknown;
  }
}

}  // namespace

std::string_view to_string(FrameKind kind) {
  static constexpr std::array<std::string_view, 12> kNames{"I",  "RR",   "RNR", "REJ",  "SABME", "DM",
                                                           "UI", "DISC", "UA",  "FRMR", "XID",   "unknown"};
  return kNames[static_cast<std::size_t>(kind)];
}

bool acknowledges(FrameKind kind) {
  return kind == FrameKind::i || kind == FrameKind::rr || kind == FrameKind::rnr || kind == FrameKind::rej;
}

Result<Frame> parse_frame(OctetView octets) {
  if (octets.size() < 3)
    return fail(Errc::truncated, octets.size(), "Q.921 2.2", "frame of less than 3 octets");
  // Q.921 3.2: the extension bit is 0 in the first and 1 in the second address octet.
  if ((octets[0] & 1) != 0) return fail(Errc::malformed, 0, "Q.921 3.2 address", "extension bit set");
  if ((octets[1] & 1) == 0) return fail(Errc::malformed, 1, "Q.921 3.2 address", "extension bit not set");
  Frame frame;
  frame.sapi = octets[0] >> 2;
  frame.cr = (octets[0] & 2) != 0;
  frame.tei = octets[1] >> 1;
  const Octet control = octets[2];
  if ((control & 3) == 3) {
    frame.kind = unnumbered(control);
    frame.pf = (control & 0x10) != 0;
    frame.information = octets.subspan(3);
    return frame;
  }
  if (octets.size() < 4) return fail(Errc::truncated, 3, "Q.921 3.4 control", "second control octet missing");
  frame.pf = (octets[3] & 1) != 0;
  frame.nr = octets[3] >> 1;
  if ((control & 1) == 0) {
    frame.kind = FrameKind::i;
    frame.ns = control >> 1;
    frame.information = octets.subspan(4);
  } else {
    frame.kind = supervisory(control);
    frame.information = octets.subspan(4);
  }
  return frame;
}

}  // namespace tandem::tdm::pri
