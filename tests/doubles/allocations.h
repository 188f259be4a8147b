#pragma once
#include <cstddef>

namespace tandem::test {

/// Allocations by this program so far: calls of operator new, or of any allocator under a sanitizer.
std::size_t allocations();

}  // namespace tandem::test
