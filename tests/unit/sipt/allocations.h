#pragma once
#include <cstddef>

namespace tandem {

/// Calls of operator new in this program so far.
std::size_t allocations();

}  // namespace tandem
