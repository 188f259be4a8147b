#include "gateway/base/result.h"

namespace tandem {

std::string_view to_string(Errc code) {
  switch (code) {
    case Errc::truncated:
      return "truncated";
    case Errc::malformed:
      return "malformed";
    case Errc::out_of_range:
      return "out of range";
    case Errc::too_long:
      return "too long";
    case Errc::unsupported:
      return "unsupported";
    case Errc::missing:
      return "missing";
    case Errc::refused:
      return "refused";
  }
  return "?";
}

std::string to_string(const Error& error) {
  std::string text = "octet " + std::to_string(error.offset) + ": ";
  if (!error.where.empty()) text.append(error.where).append(": ");
  return text.append(error.what).append(" (").append(to_string(error.code)).append(")");
}

}  // namespace tandem
