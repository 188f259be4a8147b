#pragma once
// One exchange of the SS7 simulation: ISUP on MTP level 3 on level 2, joined as their headers say.
#include <functional>
#include <memory>
#include <unordered_set>

#include "isup/group.h"
#include "isup/mtp/link.h"
#include "isup/mtp/network.h"

namespace tandem::sim {

struct Ss7Setup {
  std::uint32_t own = 0, other = 0;
  isup::Variant variant = isup::Variant::itu;
  std::vector<mtp::LinkConfig> links;
  unsigned spans = 16;
  isup::Hunting hunting = isup::Hunting::method_2;
  unsigned continuity_every = 0;
};

/// CICs of span s: from 32 s + 1 on, 30 of them (timeslots 1 to 15 and 17 to 31).
std::vector<std::uint16_t> cics_of(const Ss7Setup& setup);

class Ss7Exchange {
 public:
  explicit Ss7Exchange(const Ss7Setup& setup);
  ~Ss7Exchange();

  /// What is not MTP's: to call control, media and maintenance.
  std::function<void(isup::GroupOutput&)> on_output;

  void start(Time now);
  /// Timers, then all that is to be done until nothing is.
  void work(Time now);
  /// The same without timers, after a command.
  void flush(Time now);

  isup::CircuitGroup group;
  mtp::Network network;
  [[nodiscard]] mtp::Link& link(std::size_t index);
  [[nodiscard]] std::size_t links() const { return ends_.size(); }

  /// An ISUP message that `other` never sent: a spoilt one whose check bits were right by chance.
  void hears(const Ss7Exchange& other) { other_ = &other; }

  /// Prints what is said about this circuit.
  void watch(std::uint16_t cic) { watched_ = cic; }

  std::uint64_t hash = 0xcbf29ce484222325U;  ///< FNV-1a over all that the group said and heard
  std::uint64_t not_sent = 0;                ///< messages for which there was no way
  std::uint64_t spoilt = 0;
  std::uint64_t pauses = 0;

 private:
  struct End;
  using Word = std::function<void()>;

  void command(const mtp::ToLink& to);
  void from_network(mtp::NetworkOutput& out);
  void from_group(isup::GroupOutput& out);
  void mix(std::uint64_t value) { hash = (hash ^ value) * 0x100000001b3U; }
  void mix(OctetView octets) {
    for (const Octet octet : octets) mix(octet);
  }

  void show(std::string_view what, OctetView from_cic) const;

  std::uint32_t own_point_, other_point_;
  isup::Variant variant_;
  std::optional<std::uint16_t> watched_;
  const Ss7Exchange* other_ = nullptr;
  std::deque<Word> said_;
  std::vector<std::unique_ptr<End>> ends_;
  std::unordered_set<std::size_t> sent_;  ///< hashes
  bool started_ = false;
  Time now_{};
};

}  // namespace tandem::sim
