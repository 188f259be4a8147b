#pragma once
// What a changed configuration changes, key by key, and what each change has to wait for (ADR 0007).
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/core/config.h"

namespace tandem::core {

enum class Effect : std::uint8_t {
  now,      ///< holds for what comes next; calls in progress go on as they are
  drained,  ///< the trunk takes no new calls until it is idle, then comes up anew
  restart   ///< the process has to be started again
};

struct Change {
  Effect effect = Effect::now;
  std::string what;  ///< "route 3: match changed", "peer carrier-b: new"
  friend bool operator==(const Change&, const Change&) = default;
};
/// "trunk telco: spans changed: waits until drained"
std::string to_string(const Change& change);

/// One key of a table of the configuration: whether two values are alike, and how one takes the other's
/// place.
template <class T>
struct KeyRow {
  std::string_view key;
  Effect effect = Effect::now;
  bool (*same)(const T&, const T&) = nullptr;
  void (*take)(T& into, const T& from) = nullptr;
};
std::span<const KeyRow<Config>> gateway_rows();
std::span<const KeyRow<TrunkConfig>> trunk_rows();
std::span<const KeyRow<IsupTrunkConfig>> isup_trunk_rows();
std::span<const KeyRow<PeerConfig>> peer_rows();
std::span<const KeyRow<RouteConfig>> route_rows();
std::span<const KeyRow<tdm::SpanConfig>> span_rows();

/// A linkset of the configuration, put together from what became of it.
struct LinksetView {
  struct Link {
    std::uint8_t slc = 0;
    Circuit circuit;
    mtp::LineRate rate = mtp::LineRate::k64;
    mtp::Correction correction = mtp::Correction::basic;
    friend bool operator==(const Link&, const Link&) = default;
  };
  std::string name;
  bool first = false;  ///< of its network: tells what all of it share
  mtp::Variant variant = mtp::Variant::itu;
  std::uint8_t network_indicator = 0;
  mtp::PointCode own = 0, adjacent = 0;
  std::vector<std::pair<mtp::PointCode, std::uint8_t>> routes;  ///< destination, priority
  bool transfer = false;
  mtp::LinkTimerValues link_timers;
  mtp::NetworkTimerValues network_timers;
  std::vector<Link> links;
};
std::vector<LinksetView> linksets_of(const Config& config);
std::span<const KeyRow<LinksetView>> linkset_rows();

/// Takes over what differs and has this effect.
template <class T>
void take(std::span<const KeyRow<T>> rows, Effect effect, T& into, const T& from) {
  for (const auto& row : rows)
    if (row.effect == effect && !row.same(into, from)) row.take(into, from);
}
/// Some key with this effect differs.
template <class T>
bool differs(std::span<const KeyRow<T>> rows, Effect effect, const T& a, const T& b) {
  for (const auto& row : rows)
    if (row.effect == effect && !row.same(a, b)) return true;
  return false;
}

/// `wanted` with spans and recordings numbered as in `running`: where a file has put them is no change.
/// Recordings that `running` lacks come after its own. A trunk on a span that `running` lacks has no spans.
Config renumbered(Config wanted, const Config& running);

/// Without a restart: its spans are there, and it has as many D channels. `wanted` is renumbered.
bool takes_place_of(const TrunkConfig& wanted, const TrunkConfig& running);

/// In the order of the file. `wanted` is renumbered.
std::vector<Change> differences(const Config& running, const Config& wanted);

/// The trunk or peer of that name that new calls may use.
template <class T>
const T* in_force(const std::vector<T>& all, std::string_view name) {
  for (const auto& one : all)
    if (!one.retired && one.name == name) return &one;
  return nullptr;
}

}  // namespace tandem::core
