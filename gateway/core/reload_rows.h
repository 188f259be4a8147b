#pragma once
// Parts of the tables of reload.h, by subject in files of their own.
#include <functional>

#include "gateway/core/reload.h"

namespace tandem::core {

/// `Get`: a member, or a function from the table to a value in it.
template <class T, auto Get>
constexpr KeyRow<T> row(std::string_view key, Effect effect) {
  return {key, effect, [](const T& a, const T& b) { return std::invoke(Get, a) == std::invoke(Get, b); },
          [](T& into, const T& from) { std::invoke(Get, into) = std::invoke(Get, from); }};
}
/// Which keys of `whose` table differ.
template <class Row>
void list(std::string_view whose, std::span<const KeyRow<Row>> rows, const Row& a, const Row& b,
          std::vector<Change>& out) {
  for (const auto& key : rows)
    if (!key.same(a, b))
      out.push_back({key.effect, std::string(whose) + ": " + std::string(key.key) + " changed"});
}

/// `span_of`: the running number of each span of `wanted`; what is on a span that does not run has a number
/// that no span has.
void renumber_ss7(Config& wanted, std::span<const std::uint16_t> span_of);
/// Of ISUP trunks, linksets and links. `wanted` is renumbered.
void list_ss7(const Config& running, const Config& wanted, std::vector<Change>& out);

}  // namespace tandem::core
