#pragma once
// Messages of MTP level 3: routing label, SIO, network management (Q.704 14, 15; T1.111.4) and link test
// (Q.707 2; T1.111.7).
#include <string>

#include "gateway/base/bytes.h"
#include "isup/mtp/timers.h"

namespace tandem::mtp {

/// ITU: 14 bits. ANSI: network, cluster and member, 8 bits each, network highest.
using PointCode = std::uint32_t;

/// "1-10-1" (3, 8, 3 bits) or a number for ITU; "245-16-3" for ANSI.
Result<PointCode> parse_point_code(std::string_view text, Variant variant);
std::string to_string(PointCode code, Variant variant);

namespace service {
inline constexpr std::uint8_t kManagement = 0;
inline constexpr std::uint8_t kTest = 1;         ///< ITU
inline constexpr std::uint8_t kTestSpecial = 2;  ///< ANSI
inline constexpr std::uint8_t kSccp = 3;
inline constexpr std::uint8_t kIsup = 5;
}  // namespace service

struct Label {
  PointCode dpc = 0;
  PointCode opc = 0;
  std::uint8_t sls = 0;  ///< ITU 4 bits, ANSI 8
  friend bool operator==(const Label&, const Label&) = default;
};

/// Q.704 2.2, 14.2. `data` begins behind the label.
struct Msu {
  std::uint8_t service = service::kIsup;
  std::uint8_t network_indicator = 2;  ///< 0 international, 2 national, 1 and 3 spare
  std::uint8_t priority = 0;           ///< 0 to 3; ANSI, spare in ITU
  Label label;
  OctetView data;
};
/// The view's data points into `octets`.
Result<Msu> decode_msu(OctetView octets, Variant variant);
Octets encode_msu(const Msu& msu, Variant variant);

/// H0 in the low nibble, H1 in the high one (Q.704 15.3).
enum class Heading : std::uint8_t {
  coo = 0x11,
  coa = 0x21,
  cbd = 0x51,
  cba = 0x61,
  eco = 0x12,
  eca = 0x22,
  rct = 0x13,
  tfc = 0x23,
  tfp = 0x14,
  tcp = 0x24,
  tfr = 0x34,
  tcr = 0x44,
  tfa = 0x54,
  tca = 0x64,
  rst = 0x15,
  rsr = 0x25,
  rcp = 0x35,
  rcr = 0x45,
  lin = 0x16,
  lun = 0x26,
  lia = 0x36,
  lua = 0x46,
  lid = 0x56,
  lfu = 0x66,
  llt = 0x76,
  lrt = 0x86,
  tra = 0x17,
  trw = 0x27,
  dlc = 0x18,
  css = 0x28,
  cns = 0x38,
  cnp = 0x48,
  upu = 0x1A,
};
std::string_view to_string(Heading heading);

/// What a management message says; only what its heading has is sent.
struct Management {
  Heading heading = Heading::tra;
  std::uint8_t slc = 0;       ///< ANSI: in the message; ITU: the label's SLS
  std::uint8_t fsn = 0;       ///< COO, COA: of the last MSU accepted
  std::uint8_t code = 0;      ///< CBD, CBA
  PointCode affected = 0;     ///< TFP, TFR, TFA, TFC, RST, RSR, UPU
  std::uint8_t status = 0;    ///< TFC: congestion level
  std::uint8_t user = 0;      ///< UPU
  std::uint8_t cause = 0;     ///< UPU: 0 unknown, 1 unequipped, 2 inaccessible
  std::uint16_t channel = 0;  ///< DLC: ITU 12 bits, ANSI 14
  friend bool operator==(const Management&, const Management&) = default;
};
/// `data` begins behind the label, which has `sls`: the SLC of an ITU message, and of an ANSI one of a peer
/// that leaves its octet out (libss7 does). Octets behind what is known are passed over (Q.704 15.1). Offsets
/// of errors count from the start of `data`.
Result<Management> decode_management(OctetView data, Variant variant, std::uint8_t sls = 0);
Octets encode_management(const Management& message, Variant variant);

/// SLTM and SLTA.
struct LinkTest {
  bool acknowledgement = false;
  std::uint8_t slc = 0;  ///< ANSI: in the message
  OctetView pattern;     ///< 1 to 15 octets
};
Result<LinkTest> decode_link_test(OctetView data, Variant variant);
Octets encode_link_test(const LinkTest& test, Variant variant);

}  // namespace tandem::mtp
