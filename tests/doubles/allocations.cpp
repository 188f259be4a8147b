// Stands in for operator new; the sanitizers have their own, and a hook to count by.
#include "tests/doubles/allocations.h"

#include <atomic>
#include <cstdlib>
#include <new>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#include <sanitizer/allocator_interface.h>
#define TANDEM_SANITIZERS_HOOK
#endif
#endif

namespace {

std::atomic<std::size_t> g_allocations{0};

#ifdef TANDEM_SANITIZERS_HOOK
const int g_installed = __sanitizer_install_malloc_and_free_hooks(
    [](const volatile void*, std::size_t) { ++g_allocations; }, [](const volatile void*) {});
#endif

}  // namespace

std::size_t tandem::test::allocations() {
  return g_allocations;
}

#ifndef TANDEM_SANITIZERS_HOOK
void* operator new(std::size_t size) {
  ++g_allocations;
  if (void* p = std::malloc(size == 0 ? 1 : size)) return p;
  throw std::bad_alloc();
}
void operator delete(void* p) noexcept {
  std::free(p);
}
void operator delete(void* p, std::size_t) noexcept {
  std::free(p);
}
#endif
