#include "isup/octet_string.h"

namespace tandem::isup {

void OctetString::assign_outside(OctetView octets) {
  outside_ = new Octet[octets.size()];
  size_ = static_cast<std::uint32_t>(octets.size());
  std::copy(octets.begin(), octets.end(), outside_);
}

void OctetString::release_outside() {
  delete[] outside_;
}

void OctetString::append(OctetView octets) {
  Octets all(begin(), end());
  all.insert(all.end(), octets.begin(), octets.end());
  assign(all);
}

}  // namespace tandem::isup
