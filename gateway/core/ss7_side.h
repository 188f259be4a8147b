#pragma once
// Everything SS7: the networks (MTP level 3), the ISUP trunks over them, and the words of the links below.
#include <deque>
#include <map>
#include <memory>
#include <vector>

#include "gateway/core/isup_trunk.h"
#include "gateway/media/link_commands.h"

namespace tandem::core {

class Ss7Side {
 public:
  explicit Ss7Side(Context& context) : context_(context) {}
  /// Links are started, trunks wait for them.
  void build(Exchange& exchange, Time now);

  void handle_link(const media::LinkEvent& event, Time now);
  void handle_timer(const TimerKey& key, Time now);
  void handle_timers(Time now);
  /// Deals with what networks and trunks say; true when there was anything.
  bool pump(Time now);
  [[nodiscard]] std::optional<Time> next_deadline() const { return deadlines_.next_deadline(); }

  void set_alarms(std::uint16_t span, const tdm::Alarms& alarms, Time now);
  void continuity_heard(Circuit circuit, Time now);
  /// How loaded this exchange is, for its neighbours (Q.764 2.11); 0: not.
  void set_congestion_level(std::uint8_t level);
  void restart_when_up(const HeldCircuit& held);

  std::unique_ptr<Leg> make_leg(std::size_t trunk, Bus& bus, CallId call, int attempt);
  IsupTrunk& at(std::size_t index) { return *trunks_[index]; }
  [[nodiscard]] const IsupTrunk& at(std::size_t index) const { return *trunks_[index]; }
  [[nodiscard]] std::size_t size() const { return trunks_.size(); }

  // Operators. Errors are sentences.
  [[nodiscard]] IsupTrunk* find(const std::string& trunk);
  /// What people may do to a link of a linkset; the links of a trunk have its name.
  std::expected<void, std::string> command(const std::string& linkset, std::uint8_t slc, LinkOrder order,
                                           Time now);
  [[nodiscard]] std::vector<LinkStatus> links() const;
  [[nodiscard]] std::vector<TrunkStatus> status() const;
  [[nodiscard]] std::vector<NetworkStatus> networks() const;
  [[nodiscard]] std::vector<CircuitStatus> circuits() const;
  /// Circuits that calls have.
  [[nodiscard]] std::size_t busy() const;

 private:
  struct Link {
    std::size_t network = 0;
    std::size_t linkset = 0;
    mtp::LinkIndex index = 0;  ///< in the network
    std::uint8_t slc = 0;
  };
  void number_links();
  void touch(std::size_t network);
  bool pump_network(std::size_t network, Time now);
  void on(std::size_t network, mtp::ToLink& output, Time now);
  void on(std::size_t network, const mtp::UserMessage& output, Time now);
  void on(std::size_t network, const mtp::Pause& output, Time now);
  void on(std::size_t network, const mtp::Resume& output, Time now);
  void on(std::size_t network, const mtp::Congested& output, Time now);
  void on(std::size_t network, const mtp::UserUnavailable& output, Time now);
  void on(std::size_t network, const mtp::LinkReport& output, Time now);
  template <class Each>
  void for_groups_to(std::size_t network, mtp::PointCode destination, Each each);
  void build_trunks(Exchange& exchange);
  [[nodiscard]] IsupGroup* group_for(std::size_t network, const mtp::Label& label) const;
  /// A record of an MSU, before what it causes; its call can be set when that is known.
  TraceRecord& trace(std::size_t link, OctetView msu, bool sent, Time now);
  [[nodiscard]] CallId call_of(std::size_t network, OctetView msu) const;
  void note_deadline(std::size_t id, std::optional<Time> deadline);
  [[nodiscard]] const mtp::LinksetConfig& linkset_of(const Link& link) const;
  [[nodiscard]] std::string name_of(const Link& link) const;

  Context& context_;
  std::deque<mtp::Network> networks_;
  std::vector<Link> links_;              ///< as media::EngineConfig::links
  std::vector<std::size_t> first_link_;  ///< by network
  std::vector<std::unique_ptr<IsupGroup>> groups_;
  std::vector<std::unique_ptr<IsupTrunk>> trunks_;
  std::vector<std::uint64_t> no_trunk_;  ///< by network: messages of ISUP
  std::vector<bool> failed_;             ///< by span: its circuits are blocked
  std::vector<bool> alarmed_;            ///< by span
  std::vector<std::size_t> touched_groups_, touched_networks_;
  TimerQueue<std::size_t> deadlines_;  ///< networks, then groups
};

/// "IAM 1000 <- 201, CIC 5", "COO SLC 0", "SLTM SLC 1": an MSU for people.
std::string describe_msu(OctetView msu, mtp::Variant variant);

}  // namespace tandem::core
