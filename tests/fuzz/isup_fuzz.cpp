// Any octets as an ISUP message, in each variant: what is accepted leaves as it came, and can be read.
#include <cstdlib>

#include "isup/codec.h"
#include "isup/explain.h"

namespace {

using namespace tandem;

void require(bool holds) {
  if (!holds) std::abort();
}

void try_variant(OctetView octets, isup::Variant variant) {
  const auto message = isup::decode(octets, variant);
  const auto text = isup::explain(octets, variant, false);
  require(message.has_value() == text.has_value());
  if (!message) {
    require(message.error().offset <= octets.size() && !message.error().where.empty());
    return;
  }
  require(!isup::describe(*message).empty() && !isup::to_string(*text).empty());
  const auto again = isup::encode(*message, variant);
  require(again.has_value() && std::equal(again->begin(), again->end(), octets.begin(), octets.end()));
  // Without the layout that it came in, it says the same.
  isup::Message plain(message->type());
  for (const auto& parameter : message->parameters()) plain.append(isup::Parameter(parameter));
  if (const auto canonical = isup::encode(plain, variant)) {
    const auto third = isup::decode(*canonical, variant);
    require(third.has_value() && *third == plain);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const OctetView octets(data, size);
  try_variant(octets, isup::Variant::itu);
  try_variant(octets, isup::Variant::ansi);
  (void)isup::decode_with_cic(octets, isup::Variant::itu);
  return 0;
}
