#pragma once
// Contents of a parameter that are octets to us: short ones live inside, so that a message decodes without an
// allocation for each.
#include <algorithm>
#include <initializer_list>

#include "gateway/base/bytes.h"

namespace tandem::isup {

/// Octets, up to kInside of them without an allocation.
class OctetString {
 public:
  static constexpr std::size_t kInside = 24;
  using value_type = Octet;
  using const_iterator = const Octet*;

  OctetString() noexcept : inside_{} {}
  explicit OctetString(OctetView octets) : inside_{} { assign(octets); }
  OctetString(const Octets& octets)
      : OctetString(OctetView(octets)) {}  // NOLINT(*-explicit-*): the same octets
  OctetString(std::initializer_list<Octet> octets) : OctetString(OctetView(octets.begin(), octets.size())) {}
  OctetString(const OctetString& other) : OctetString(OctetView(other)) {}
  OctetString(OctetString&& other) noexcept : inside_{} { take(other); }
  OctetString& operator=(const OctetString& other) {
    if (this != &other) assign(other);
    return *this;
  }
  OctetString& operator=(OctetString&& other) noexcept {
    if (this == &other) return *this;
    release();
    take(other);
    return *this;
  }
  ~OctetString() { release(); }

  [[nodiscard]] const Octet* data() const { return size_ <= kInside ? inside_ : outside_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] const Octet* begin() const { return data(); }
  [[nodiscard]] const Octet* end() const { return data() + size_; }
  [[nodiscard]] Octet operator[](std::size_t i) const { return data()[i]; }
  [[nodiscard]] Octet front() const { return data()[0]; }
  operator OctetView() const { return {data(), size_}; }  // NOLINT(*-explicit-*): the same octets

  /// The octets must not be its own.
  void assign(OctetView octets) {
    release();
    if (octets.size() > kInside) return assign_outside(octets);
    size_ = static_cast<std::uint32_t>(octets.size());
    std::copy(octets.begin(), octets.end(), inside_);
  }
  void append(OctetView octets);

  friend bool operator==(const OctetString& a, const OctetString& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  }

 private:
  void release() {
    if (size_ > kInside) release_outside();
    size_ = 0;
  }
  void assign_outside(OctetView octets);
  void release_outside();
  /// Nothing may be held.
  void take(OctetString& other) noexcept {
    size_ = other.size_;
    if (size_ <= kInside)
      std::copy(other.inside_, other.inside_ + kInside, inside_);
    else
      outside_ = other.outside_;
    other.size_ = 0;
  }

  union {
    Octet inside_[kInside];
    Octet* outside_;
  };
  std::uint32_t size_ = 0;
};

}  // namespace tandem::isup
