#include "tdm/pri/facility.h"

#include <cstdint>

namespace tandem::tdm::pri {
namespace {

// X.690. The deepest that libpri decodes (call-completion with addresses in it) has 9 levels and 40 values.
constexpr int kMaxDepth = 14;
constexpr int kMaxValues = 96;
constexpr std::size_t kLongestInteger = 4;  // more than libpri's int would overflow
constexpr std::size_t kLongestIdentifier = 20;

constexpr unsigned kInteger = 0x02;
constexpr unsigned kObjectIdentifier = 0x06;
constexpr unsigned kEnumerated = 0x0A;

struct Walk {
  int values = 0;

  bool all(OctetView octets, int depth) {
    while (!octets.empty()) {
      if (!one(octets, depth)) return false;
    }
    return true;
  }

  /// Takes one value off the front.
  bool one(OctetView& octets, int depth) {
    if (depth > kMaxDepth || ++values > kMaxValues || octets.size() < 2) return false;
    const Octet tag = octets[0];
    if ((tag & 0x1F) == 0x1F) return false;  // X.690 8.1.2.4: long tags are in none of the services
    std::size_t at = 1;
    std::size_t length = octets[at++];
    if (length == 0x81) {
      if (at == octets.size()) return false;
      length = octets[at++];
    } else if (length >= 0x80) {
      return false;  // indefinite, or longer than any message
    }
    if (length > octets.size() - at) return false;
    const OctetView contents = octets.subspan(at, length);
    octets = octets.subspan(at + length);
    if ((tag & 0x20) != 0) return all(contents, depth + 1);
    return primitive(tag, contents);
  }

  static bool primitive(Octet tag, OctetView contents) {
    if (tag == kInteger || tag == kEnumerated) return !contents.empty() && contents.size() <= kLongestInteger;
    if (tag == kObjectIdentifier) {
      // X.690 8.19: the last octet of a sub-identifier has bit 8 clear.
      return !contents.empty() && contents.size() <= kLongestIdentifier && (contents.back() & 0x80) == 0;
    }
    return true;
  }
};

}  // namespace

bool facility_is_sound(OctetView contents) {
  if (contents.size() < 3) return false;
  // DMS-100 has the two octets of an older Q.932; of the newer one profiles are remote operations and
  // networking extensions (Q.932 8.2.3, ETS 300 196).
  const bool older = contents[0] == 0x11 && contents[1] == 0xBE;
  if (!older && contents[0] != 0x91 && contents[0] != 0x9F) return false;
  return Walk{}.all(contents.subspan(older ? 2 : 1), 0);
}

}  // namespace tandem::tdm::pri
