#pragma once
// What operators have asked of circuits and the far end has not answered yet.
#include <span>
#include <string>
#include <vector>

#include "gateway/core/status.h"
#include "isup/group.h"

namespace tandem::core {

class Context;

class CircuitTests {
 public:
  /// Answers become outputs of the context.
  explicit CircuitTests(Context& context) : context_(context) {}

  /// Asked of `circuits`; an end comes for each of `waiting`. The number of the answer; 0: too many are under
  /// way, so nothing may be asked.
  std::uint64_t begin(CircuitTest what, std::span<const CircuitTestRow> circuits,
                      std::vector<std::uint16_t> waiting);
  [[nodiscard]] bool full() const { return pending_.size() >= kMost; }

  void ended(const isup::QueryEnded& query);
  void ended(const isup::CheckEnded& check);
  void ended(const isup::ValidationEnded& validation);

 private:
  struct Pending {
    std::vector<std::uint16_t> waiting;
    CircuitAnswer answer;
  };
  template <class Fill>
  void end(CircuitTest what, std::uint16_t waited, Fill fill);

  static constexpr std::size_t kMost = 64;
  Context& context_;
  std::vector<Pending> pending_;
};

}  // namespace tandem::core
