#pragma once
// What peers wrote, made fit for terminals, logs and JSON.
#include <string>
#include <string_view>

namespace tandem::io {

/// `text` as UTF-8 without control characters (C0, DEL, C1): each octet that belongs to neither a whole
/// character nor one that may be shown becomes '?'. Newlines stay if `lines`.
std::string visible(std::string_view text, bool lines = false);

}  // namespace tandem::io
