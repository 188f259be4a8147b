#pragma once
// State machines as tables: a machine is rows, an action only appends to its context's outputs.
#include <cstddef>
#include <string_view>

namespace tandem {

/// One row of a machine. Rows are tried in order; the first whose state, event and guard match is taken.
template <class State, class Event, class Context>
struct FsmRow {
  State from;
  Event on;
  bool (*guard)(const Context&);  ///< nullptr: always
  void (*action)(Context&);       ///< nullptr: nothing to do
  State to;
  std::string_view clause;  ///< the clause or figure that demands the row
};

/// No row can be shadowed: for each (state, event) an unguarded row is the last and no guard appears twice.
template <class Rows>
constexpr bool fsm_rows_unique(const Rows& rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t j = i + 1; j < rows.size(); ++j) {
      if (rows[i].from != rows[j].from || rows[i].on != rows[j].on) continue;
      if (rows[i].guard == nullptr || rows[i].guard == rows[j].guard) return false;
    }
  }
  return true;
}

/// Takes one step: runs the matching row's action in the *old* state, then moves.
/// nullptr: no row, so the event is unexpected in this state and nothing was done.
template <class Rows, class State, class Event, class Context>
const typename Rows::value_type* fsm_step(const Rows& rows, State& state, Event event, Context& context) {
  for (const auto& row : rows) {
    if (row.from != state || row.on != event) continue;
    if (row.guard != nullptr && !row.guard(context)) continue;
    if (row.action != nullptr) row.action(context);
    state = row.to;
    return &row;
  }
  return nullptr;
}

}  // namespace tandem
