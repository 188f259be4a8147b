#pragma once
// Between the messages of the inner language, which are those of ITU-T, and those that a variant has.
#include "isup/message.h"

namespace tandem::isup {

struct AdaptOptions {
  bool names = false;  ///< display names also to ITU-T networks, which have none in Q.763
};

/// As it may leave to a network of this variant. ANSI: user service information in place of the transmission
/// medium, ANM in place of CON, generic addresses in place of generic numbers (of those that have a
/// counterpart), carrier identification or its transit network selection in place of ITU-T's, the routing
/// number of a ported subscriber in place of its own. ITU-T and ETSI: without the parameters that are ANSI's
/// alone.
Message to_variant(const Message& message, Variant variant, const AdaptOptions& options = {});

/// As the inner language has it, from a network of this variant: an ANSI IAM gets its transmission medium
/// (kept beside its user service information), generic addresses that are numbers of the caller become such.
Message from_variant(const Message& message, Variant variant);

}  // namespace tandem::isup
