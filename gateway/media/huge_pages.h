#pragma once
#include <sys/mman.h>

#include <cstdlib>
#include <new>

namespace tandem::media {

/// Memory of large arrays in pages of 2 MiB, where the system gives them: a tick goes through all of it, and
/// with pages of 4 KiB the translation of addresses costs as much as the memory itself. For arrays that are
/// made once.
template <class T>
struct HugePages {
  using value_type = T;
  static constexpr std::size_t kPage = std::size_t{2} << 20;

  HugePages() = default;
  template <class U>
  explicit HugePages(const HugePages<U>&) {}

  T* allocate(std::size_t count) {
    const bool huge = count * sizeof(T) >= kPage;
    const auto alignment = huge ? kPage : alignof(T) > 64 ? alignof(T) : std::size_t{64};
    const auto size = (count * sizeof(T) + alignment - 1) / alignment * alignment;
    void* memory = std::aligned_alloc(alignment, size);
    if (memory == nullptr) throw std::bad_alloc();
    if (huge) (void)madvise(memory, size, MADV_HUGEPAGE);  // without them it is only slower
    return static_cast<T*>(memory);
  }
  void deallocate(T* memory, std::size_t) { std::free(memory); }

  friend bool operator==(const HugePages&, const HugePages&) { return true; }
};

}  // namespace tandem::media
