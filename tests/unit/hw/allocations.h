#pragma once
#include <cstddef>

namespace tandem::test {

/// Calls of operator new since the program began.
std::size_t allocations();

}  // namespace tandem::test
