#pragma once
// The inside of level 3: its state, and the functions that Q.704 divides it into.
#include <algorithm>

#include "gateway/base/timer_queue.h"
#include "isup/mtp/network.h"

namespace tandem::mtp {

enum class Activity : std::uint8_t { inactive, aligning, testing, available, waiting };
enum class ActivityEvent : std::uint8_t { activate, deactivate, up, down, tested, test_failed, t17 };

/// Where the traffic goes that is normally a link's.
enum class Traffic : std::uint8_t {
  diverted,  ///< to other links, or nowhere
  carrying,
  waiting_bsnt,  ///< changeover: held
  waiting_ack,
  retrieving,
  time_over,      ///< time-controlled changeover: held
  changing_back,  ///< changeback: held
};
enum class TrafficEvent : std::uint8_t {
  lost,
  lost_quietly,  ///< processor outage, inhibition: nothing to retrieve
  order,         ///< COO or ECO has come
  bsnt,
  acknowledged,
  retrieved,
  back,
  confirmed,  ///< all CBAs are there
  t1,
  t2,
  t4,
  t5,
};

enum class Inhibiting : std::uint8_t { none, asking, revoking };

struct Held {
  PointCode destination = 0;
  std::uint8_t sls = 0;
  Octets msu;
};

struct LinkData {
  std::size_t linkset = 0;
  std::uint8_t slc = 0;
  Activity activity = Activity::inactive;
  Traffic traffic = Traffic::diverted;
  bool wanted = false;
  bool inhibited_locally = false;
  bool inhibited_remotely = false;
  bool remote_outage = false;
  bool local_outage = false;
  std::uint8_t congestion = 0;
  // Changeover.
  std::optional<std::uint8_t> bsnt{};
  std::optional<std::uint8_t> confirmed{};  ///< FSN in COO or COA
  bool ordered = false;                     ///< the far end's order waits for our answer
  std::deque<Held> held{};
  std::size_t retrieved = 0;  ///< of `held`, those at its front that the link gave back
  // Changeback: a code per alternative link.
  std::vector<LinkIndex> declared{};  ///< by code; kNoLink once acknowledged
  // Link test.
  bool test_open = false;
  std::uint8_t test_tries = 0;
  std::uint8_t test_number = 0;
  // Inhibiting.
  Inhibiting inhibiting = Inhibiting::none;
  std::uint8_t inhibit_tries = 0;
  std::uint8_t transferred = 0;  ///< messages since the last TFC
};
inline constexpr LinkIndex kNoLink = ~LinkIndex{};

enum class RouteStatus : std::uint8_t { allowed, restricted, prohibited };
struct Route {
  std::size_t linkset = 0;
  std::uint8_t priority = 0;
  RouteStatus status = RouteStatus::allowed;
};
struct Destination {
  PointCode code = 0;
  std::vector<Route> routes{};
  bool accessible = false;
  std::uint8_t congestion = 0;
  std::optional<std::size_t> linkset{};  ///< the first of those in use
  std::vector<std::size_t> in_use{};     ///< linksets that share the load
  bool rerouting = false;                ///< held until T3 or T6
  bool restricted = false;               ///< its best linkset was gone for T11
  std::vector<RouteStatus> told{};       ///< by linkset: what the neighbour thinks of us as a way there
  std::vector<bool> reminded{};          ///< by linkset: TFR has been said once more
  std::deque<Held> held{};
};

struct LinksetData {
  std::vector<LinkIndex> links;
  bool up = false;
  bool traffic_allowed = false;  ///< the restart of the neighbour, or ours, is over
  bool returning = false;        ///< allowed since destinations were last judged
  bool heard = false;            ///< its TRA came before the linkset was up here, or while we restart
};

struct TimerKey {
  NetworkTimer timer{};
  std::size_t of = 0;  ///< link, linkset or destination
  friend bool operator==(TimerKey, TimerKey) = default;
};
struct TimerKeyHash {
  std::size_t operator()(TimerKey k) const noexcept { return static_cast<std::size_t>(k.timer) << 32 ^ k.of; }
};

struct NetworkCore {
  explicit NetworkCore(NetworkConfig with);

  NetworkConfig config;
  std::array<Duration, kNetworkTimers> durations;
  std::vector<LinkData> links;
  std::vector<LinksetData> linksets;
  std::vector<Destination> destinations;
  TimerQueue<TimerKey, TimerKeyHash> timers;
  std::deque<NetworkOutput> outputs;
  NetworkCounters counters;
  bool restarting = false;  ///< a transfer point that has not said TRA yet
  Time now{};

  void start(NetworkTimer t, std::size_t of) {
    timers.start({t, of}, now + durations[static_cast<std::size_t>(t)]);
  }
  void stop(NetworkTimer t, std::size_t of) { timers.stop({t, of}); }
  void command(LinkIndex link, LinkAction action) {
    outputs.emplace_back(ToLink{.link = link, .action = action});
  }
  void report(LinkIndex link, LinkNotice notice) { outputs.emplace_back(LinkReport{link, notice}); }
  void transmit(LinkIndex link, Octets msu) {
    ++counters.sent;
    outputs.emplace_back(ToLink{.link = link, .action = LinkAction::send, .msu = std::move(msu)});
  }
  [[nodiscard]] const LinksetConfig& linkset_config(std::size_t linkset) const {
    return config.linksets[linkset];
  }
  [[nodiscard]] bool is_own(PointCode code) const {
    return std::ranges::find(config.own, code) != config.own.end();
  }
  [[nodiscard]] Destination* find(PointCode code);
  [[nodiscard]] std::size_t index_of(const Destination& destination) const {
    return static_cast<std::size_t>(&destination - destinations.data());
  }
  /// Timers of a destination and a linkset.
  [[nodiscard]] std::size_t route_key(const Destination& destination, std::size_t linkset) const {
    return index_of(destination) * linksets.size() + linkset;
  }
  [[nodiscard]] bool is_neighbour(const Destination& destination, std::size_t linkset) const {
    return linkset_config(linkset).adjacent == destination.code;
  }
  [[nodiscard]] LinkIndex link_of(std::size_t linkset, std::uint8_t slc) const;
  /// May carry traffic, as far as the link itself goes.
  [[nodiscard]] bool usable(const LinkData& link) const {
    return link.activity == Activity::available && !link.inhibited_locally && !link.inhibited_remotely &&
           !link.remote_outage && !link.local_outage;
  }
};

// network.cpp: discrimination, distribution (Q.704 2.4).
void distribute(NetworkCore& core, LinkIndex from, const Msu& msu);
// link_activity.cpp: link activity control (Q.704 12) and link test (Q.707).
void step_activity(NetworkCore& core, LinkIndex link, ActivityEvent event);
void send_test(NetworkCore& core, LinkIndex link);
void receive_test(NetworkCore& core, LinkIndex from, const Msu& msu);
void test_timed_out(NetworkCore& core, LinkIndex link);
// routing.cpp: message routing and load sharing (Q.704 2.3).
bool linkset_serves(const NetworkCore& core, std::size_t linkset);
/// Linksets of the best routes that are open, in the order of the routes.
std::vector<std::size_t> linksets_in_use(const NetworkCore& core, const Destination& destination);
/// The link that a message takes now, or is held for; kNoLink: there is none.
LinkIndex choose(const NetworkCore& core, const Destination& destination, std::uint8_t sls);
bool route(NetworkCore& core, Held message);
void flush(NetworkCore& core, std::deque<Held>& held);
/// To the far end of a linkset about link `about`, by another link if there is one. False: no way.
bool send_management(NetworkCore& core, LinkIndex about, Management message);
/// To a neighbour, about the network.
bool send_to_neighbour(NetworkCore& core, std::size_t linkset, Management message);
/// To any point.
void send_to_point(NetworkCore& core, PointCode to, PointCode from, Management message);
bool has_other_path(const NetworkCore& core, LinkIndex link);
/// Links of other linksets that carry what is to come back to this one, if a declaration by each of them
/// reaches the neighbour.
std::vector<LinkIndex> carriers_elsewhere(const NetworkCore& core, std::size_t linkset);
// traffic.cpp: changeover and changeback (Q.704 5, 6).
void step_traffic(NetworkCore& core, LinkIndex link, TrafficEvent event);
/// After anything that may have made the link usable or not.
void judge_link(NetworkCore& core, LinkIndex link, TrafficEvent if_lost);
void receive_changeover(NetworkCore& core, std::size_t linkset, const Management& message);
// inhibiting.cpp: management inhibiting (Q.704 10).
void receive_inhibiting(NetworkCore& core, std::size_t linkset, const Management& message);
void inhibiting_timed_out(NetworkCore& core, LinkIndex link, NetworkTimer timer);
void ask_inhibit(NetworkCore& core, LinkIndex link);
void ask_uninhibit(NetworkCore& core, LinkIndex link);
/// Q.704 10.3.5: links are given back when a destination is lost for want of them.
void force_uninhibit(NetworkCore& core, const Destination& destination);
// routes.cpp: route management, rerouting, congestion (Q.704 7, 8, 11, 13).
void receive_route_message(NetworkCore& core, std::size_t linkset, const Msu& msu, const Management& message);
void route_timed_out(NetworkCore& core, NetworkTimer timer, std::size_t of);
/// Linksets that came or went, destinations with them.
void judge_network(NetworkCore& core);
void judge_link_congestion(NetworkCore& core, LinkIndex link);
// restart.cpp: restart, ours and a neighbour's (Q.704 9).
void greet(NetworkCore& core, std::size_t linkset);
void receive_restart(NetworkCore& core, std::size_t linkset, bool allowed);
/// Our restart is as far as it gets: what was heard holds, destinations are to be judged. False: not yet.
bool end_restart(NetworkCore& core);
void send_allowed(NetworkCore& core);  ///< TRA to all
// transfer.cpp: what a transfer point tells its neighbours (Q.704 13.2 to 13.5).
/// TFP, TFR or TFA of all of which the neighbour does not know how it is.
void tell(NetworkCore& core, std::size_t linkset);
void forget_told(NetworkCore& core, std::size_t linkset);
void judge_restriction(NetworkCore& core, Destination& destination);
void restrict_destination(NetworkCore& core, Destination& destination);
void receive_route_test(NetworkCore& core, std::size_t linkset, const Management& message);
/// A message for a point that cannot be reached (Q.704 13.2.2).
void refuse_transfer(NetworkCore& core, std::size_t linkset, const Msu& msu);
/// T1.111.4 13.4: a message for a restricted destination has come by this linkset.
void remind_restricted(NetworkCore& core, Destination& destination, std::size_t linkset);
/// T1.111.4 9: the neighbour still waits.
void repeat_waiting(NetworkCore& core, std::size_t linkset);

}  // namespace tandem::mtp
