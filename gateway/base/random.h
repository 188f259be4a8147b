#pragma once
#include <cstdint>

namespace tandem {

/// Source of randomness, handed in: the program's is seeded by the system, a sim's by its seed.
class Random {
 public:
  virtual ~Random() = default;
  virtual std::uint64_t next() = 0;
};

/// xorshift64*: reproducible, for simulations and tests; never for anything a stranger must not guess.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed * 2685821657736338717ULL + 1) {}
  std::uint64_t next() override {
    state_ ^= state_ >> 12;
    state_ ^= state_ << 25;
    state_ ^= state_ >> 27;
    return state_ * 2685821657736338717ULL;
  }

 private:
  std::uint64_t state_;
};

}  // namespace tandem
