#pragma once
// Finding the next of a few characters, sixteen at a time where the machine can (SSE2 is in every x86-64).
#include <bit>
#include <cstddef>
#include <string_view>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace tandem::sip {

/// Position of the first of `Wanted` at or behind `at`; text.size() when there is none.
template <char... Wanted>
inline std::size_t find_any(std::string_view text, std::size_t at) {
#if defined(__SSE2__)
  for (; at + 16 <= text.size(); at += 16) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    __m128i hits = _mm_setzero_si128();
    ((hits = _mm_or_si128(hits, _mm_cmpeq_epi8(block, _mm_set1_epi8(Wanted)))), ...);
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(hits));
    if (mask != 0) return at + static_cast<std::size_t>(std::countr_zero(mask));
  }
#endif
  while (at < text.size() && ((text[at] != Wanted) && ...)) ++at;
  return at;
}

}  // namespace tandem::sip
