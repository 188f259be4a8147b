#include "isup/group.h"

#include <algorithm>
#include <bit>
#include <numeric>
#include <utility>

#include "isup/group_core.h"

namespace tandem::isup {

std::string_view to_string(CallState state) {
  static constexpr std::array<std::string_view, kCallStates> kNames{"idle",
                                                                    "outgoing, continuity check",
                                                                    "outgoing, set-up",
                                                                    "outgoing, ringing",
                                                                    "outgoing, answered",
                                                                    "overload",
                                                                    "incoming, continuity check",
                                                                    "incoming, set-up",
                                                                    "incoming, ringing",
                                                                    "incoming, answered",
                                                                    "releasing",
                                                                    "resetting",
                                                                    "group reset",
                                                                    "check failed",
                                                                    "looped",
                                                                    "check again",
                                                                    "check again, prompt",
                                                                    "check again, tone",
                                                                    "unequipped"};
  return kNames[static_cast<std::size_t>(state)];
}

std::string_view to_string(AlertText text) {
  static constexpr std::array<std::string_view, 20> kTexts{"REL is not answered (T5)",
                                                           "reset is not answered (T17)",
                                                           "BLO is not answered (T13)",
                                                           "UBL is not answered (T15)",
                                                           "a group message is not answered",
                                                           "CQM is not answered (T28)",
                                                           "CVT is not answered",
                                                           "continuity check failed",
                                                           "no CCR after a failed check (T27)",
                                                           "the peer has no such circuit",
                                                           "dual seizure",
                                                           "unexpected message, circuit reset",
                                                           "the peer did not understand a message",
                                                           "INR is not answered (T33)",
                                                           "acknowledged for other circuits than asked",
                                                           "the peer sees the circuit otherwise",
                                                           "the peer's user part is not available",
                                                           "the peer's user part is available again",
                                                           "call on a blocked circuit",
                                                           "the peer takes the circuit for another"};
  return kTexts[static_cast<std::size_t>(text)];
}

void GroupCore::add_circuits(const GroupConfig& of) {
  const unsigned most = config.variant == Variant::ansi ? 0x3fffU : 0x0fffU;
  for (const auto& range : of.circuits) {
    for (std::size_t i = 0; i < range.circuits.size() && range.first_cic + i <= most; ++i) {
      auto& circuit = circuits.emplace_back();
      circuit.cic = static_cast<std::uint16_t>(range.first_cic + i);
      circuit.part = static_cast<std::uint16_t>(pools.size());
      circuit.circuit = range.circuits[i];
    }
  }
  auto& pool = pools.emplace_back();
  pool.hunting = of.hunting;
  pool.continuity_every = of.continuity_every;
}

GroupCore::GroupCore(GroupConfig given, const std::vector<GroupConfig>& further) : config(std::move(given)) {
  add_circuits(config);
  for (const auto& part : further) add_circuits(part);
  std::ranges::stable_sort(circuits, {}, &CircuitRecord::cic);
  const auto twice = std::ranges::unique(circuits, {}, &CircuitRecord::cic);
  circuits.erase(twice.begin(), twice.end());
  circuits.shrink_to_fit();
  for (auto& pool : pools) pool.free_bits.resize(circuits.empty() ? 0 : circuits.back().cic / 64U + 1);
  for (auto& circuit : circuits) list(circuit);
}

CircuitRecord* GroupCore::find(std::uint16_t cic) {
  const auto it = std::ranges::lower_bound(circuits, cic, {}, &CircuitRecord::cic);
  return it == circuits.end() || it->cic != cic ? nullptr : &*it;
}

/// Q.764 2.9.1.4: the exchange with the higher point code controls the even CICs.
bool GroupCore::controls(std::uint16_t cic) const {
  return (config.own > config.destination) == (cic % 2 == 0);
}

bool GroupCore::may_take(const CircuitRecord& circuit) const {
  if (circuit.details && circuit.details->first_part) return false;  // of an IAM
  return circuit.call == CallState::idle && circuit.block == BlockState::unblocked &&
         !circuit.local_hardware && !circuit.remote_maintenance && !circuit.remote_hardware;
}

void GroupCore::list(CircuitRecord& circuit) {
  const bool should = may_take(circuit);
  if (should == circuit.listed) return;
  circuit.listed = should;
  auto& pool = pools[circuit.part];
  pool.free_bits[circuit.cic / 64U] ^= std::uint64_t{1} << circuit.cic % 64U;
  auto& first = pool.oldest[controls(circuit.cic)];
  auto& last = pool.newest[controls(circuit.cic)];
  if (should) {
    ++pool.free_count;
    const auto index = static_cast<std::uint32_t>(&circuit - circuits.data());
    circuit.previous = last;
    circuit.next = kNone;
    (last == kNone ? first : circuits[last].next) = index;
    last = index;
    return;
  }
  --pool.free_count;
  (circuit.previous == kNone ? first : circuits[circuit.previous].next) = circuit.next;
  (circuit.next == kNone ? last : circuits[circuit.next].previous) = circuit.previous;
  circuit.previous = circuit.next = kNone;
}

namespace {

constexpr std::uint64_t kAll = ~std::uint64_t{0};
constexpr std::uint64_t kOddCics = 0xaaaaaaaaaaaaaaaaU;

std::optional<std::uint16_t> lowest(const std::vector<std::uint64_t>& bits, std::uint64_t mask) {
  for (std::size_t i = 0; i < bits.size(); ++i)
    if (const auto word = bits[i] & mask; word != 0)
      return static_cast<std::uint16_t>(i * 64 + static_cast<unsigned>(std::countr_zero(word)));
  return std::nullopt;
}
std::optional<std::uint16_t> highest(const std::vector<std::uint64_t>& bits) {
  for (std::size_t i = bits.size(); i-- > 0;)
    if (bits[i] != 0)
      return static_cast<std::uint16_t>(i * 64 + 63 - static_cast<unsigned>(std::countl_zero(bits[i])));
  return std::nullopt;
}

}  // namespace

CircuitRecord* GroupCore::hunt(const Pool& pool) {
  std::optional<std::uint16_t> cic;
  switch (pool.hunting) {
    case Hunting::ascending:
      cic = lowest(pool.free_bits, kAll);
      break;
    case Hunting::descending:
      cic = highest(pool.free_bits);
      break;
    case Hunting::odd:
    case Hunting::even: {
      const auto mask = pool.hunting == Hunting::odd ? kOddCics : ~kOddCics;
      cic = lowest(pool.free_bits, mask);
      if (!cic) cic = lowest(pool.free_bits, ~mask);
      break;
    }
    case Hunting::method_1:
      cic = config.own > config.destination ? lowest(pool.free_bits, kAll) : highest(pool.free_bits);
      break;
    case Hunting::method_2: {
      const auto index = pool.oldest[1] != kNone ? pool.oldest[1] : pool.newest[0];
      return index == kNone ? nullptr : &circuits[index];
    }
  }
  return cic ? find(*cic) : nullptr;
}

/// Q.764 2.10, 2.11: of 20 calls, so many are refused.
bool GroupCore::admits(bool priority) {
  if (!mtp_up || !user_part_up) return false;
  if (priority) return true;
  constexpr unsigned kOf = 20, kPerStep = kOf / kCongestionSteps, kPerLevel = 5;
  const unsigned refuse = std::max(congestion_step * kPerStep, heeded_level * kPerLevel);
  ++offered;
  return offered * refuse % kOf >= refuse;
}

CallDetails& GroupCore::details(CircuitRecord& circuit) {
  if (!circuit.details) circuit.details = std::make_unique<CallDetails>();
  return *circuit.details;
}

// --- timers
// -------------------------------------------------------------------------------------------------

void GroupCore::start(std::uint32_t of, Timer timer, Time now) {
  timers.start(key(of, timer), now + config.timers.value(timer, config.variant));
}
void GroupCore::start(CircuitRecord& circuit, Timer timer, Time now) {
  circuit.timers |= std::uint64_t{1} << static_cast<unsigned>(timer);
  start(static_cast<std::uint32_t>(&circuit - circuits.data()), timer, now);
}
void GroupCore::stop(CircuitRecord& circuit, Timer timer) {
  const auto bit = std::uint64_t{1} << static_cast<unsigned>(timer);
  if ((circuit.timers & bit) == 0) return;
  circuit.timers &= ~bit;
  timers.stop(key(static_cast<std::uint32_t>(&circuit - circuits.data()), timer));
}
void GroupCore::stop_call_timers(CircuitRecord& circuit) {
  constexpr auto bit = [](Timer t) { return std::uint64_t{1} << static_cast<unsigned>(t); };
  constexpr auto kOthers = bit(Timer::t12) | bit(Timer::t13) | bit(Timer::t14) | bit(Timer::t15) |
                           bit(Timer::t28) | bit(Timer::tcvt);
  for (auto left = circuit.timers & ~kOthers; left != 0; left &= left - 1)
    stop(circuit, static_cast<Timer>(std::countr_zero(left)));
}

namespace {

std::optional<CircuitEvent> event_of(Timer timer) {
  switch (timer) {
    case Timer::t1:
      return CircuitEvent::t1;
    case Timer::t2:
      return CircuitEvent::t2;
    case Timer::t3:
      return CircuitEvent::t3;
    case Timer::t5:
      return CircuitEvent::t5;
    case Timer::t6:
      return CircuitEvent::t6;
    case Timer::t7:
      return CircuitEvent::t7;
    case Timer::t8:
      return CircuitEvent::t8;
    case Timer::t9:
      return CircuitEvent::t9;
    case Timer::t16:
      return CircuitEvent::t16;
    case Timer::t17:
      return CircuitEvent::t17;
    case Timer::t24:
      return CircuitEvent::t24;
    case Timer::t25:
      return CircuitEvent::t25;
    case Timer::t26:
      return CircuitEvent::t26;
    case Timer::t27:
      return CircuitEvent::t27;
    case Timer::t33:
      return CircuitEvent::t33;
    case Timer::t35:
      return CircuitEvent::t35;
    case Timer::t36:
      return CircuitEvent::t36;
    case Timer::t38:
      return CircuitEvent::t38;
    case Timer::t39:
      return CircuitEvent::t39;
    case Timer::tccr:
      return CircuitEvent::tccr;
    default:
      return std::nullopt;
  }
}

}  // namespace

void GroupCore::expired(std::uint32_t of, Time now) {
  const auto timer = static_cast<Timer>(of & 0xff);
  const auto owner = of >> 8;
  if (owner >= kGroup) return group_timer(timer, now);
  if (owner >= kOperations) return operation_timer(owner - kOperations, timer, now);
  auto& circuit = circuits[owner];
  circuit.timers &= ~(std::uint64_t{1} << static_cast<unsigned>(timer));
  if (const auto event = event_of(timer)) {
    happen(circuit, *event, nullptr, now);
  } else if (timer == Timer::t34) {
    second_part_missing(circuit, now);
  } else if (timer == Timer::t28 || timer == Timer::tcvt) {
    unanswered(circuit, timer);
  } else {
    blocking_timer(circuit, timer, now);
  }
}

// --- the group from outside
// -----------------------------------------------------------------------------------

CircuitGroup::CircuitGroup(GroupConfig config, const std::vector<GroupConfig>& further)
    : core_(std::make_unique<GroupCore>(std::move(config), further)) {}
CircuitGroup::~CircuitGroup() = default;
CircuitGroup::CircuitGroup(CircuitGroup&&) noexcept = default;
CircuitGroup& CircuitGroup::operator=(CircuitGroup&&) noexcept = default;

void CircuitGroup::reconfigure(const GroupConfig& config, std::size_t part) {
  auto& own = core_->config;
  own.timers = config.timers;
  own.quirks = config.quirks;
  own.location = config.location;
  own.reset_at_start = config.reset_at_start;
  own.propagation_delay_ms = config.propagation_delay_ms;
  core_->pools[part].hunting = config.hunting;
  core_->pools[part].continuity_every = config.continuity_every;
}

void CircuitGroup::receive(OctetView from_cic, Time now) {
  core_->receive(from_cic, now);
}

std::optional<std::uint16_t> CircuitGroup::seize(Message iam, const SeizeOptions& options, Time now) {
  auto& core = *core_;
  const auto* category = iam.get<CallingPartysCategory>();
  constexpr std::uint8_t kTestCall = 0x0d, kPriority = 0x0b;
  const bool test = category != nullptr && category->value == kTestCall;
  const bool priority = options.priority || test || (category != nullptr && category->value == kPriority);
  CircuitRecord* circuit = nullptr;
  if (core.admits(priority))
    circuit = options.cic ? core.find(*options.cic) : core.hunt(core.pools[options.part]);
  const bool usable = circuit != nullptr &&
                      (core.may_take(*circuit) || (test && options.cic && circuit->call == CallState::idle &&
                                                   !circuit->local_hardware && !circuit->remote_hardware));
  if (!usable || iam.type() != MessageType::iam) {
    ++core.counters.refused;
    return std::nullopt;
  }
  auto& pool = core.pools[circuit->part];
  if (pool.continuity_every != 0 && ++pool.calls_begun % pool.continuity_every == 0) {
    NatureOfConnection nature;
    if (const auto* given = iam.get<NatureOfConnection>()) nature = *given;
    if (nature.continuity == 0) nature.continuity = 1;
    iam.set(nature);
  }
  circuit->test = test;
  circuit->transit = options.transit.value_or(core.config.transit);
  core.add_delay(iam, circuit->transit);
  if (!core.command(*circuit, iam, now)) {
    circuit->test = false;
    ++core.counters.refused;
    return std::nullopt;
  }
  return circuit->cic;
}

bool CircuitGroup::send(std::uint16_t cic, const Message& message, Time now) {
  auto* circuit = core_->find(cic);
  if (circuit == nullptr || message.type() == MessageType::iam || !circuit->known) return false;
  return core_->command(*circuit, message, now);
}

bool CircuitGroup::set_transit(std::uint16_t cic, bool transit, Time now) {
  auto* circuit = core_->find(cic);
  if (circuit == nullptr) return false;
  core_->set_transit(*circuit, transit, now);
  return circuit->call != CallState::wait_rlc && circuit->call != CallState::idle;
}

bool CircuitGroup::want_digits(std::uint16_t cic, Time now) {
  auto* circuit = core_->find(cic);
  return circuit != nullptr && core_->happen(*circuit, CircuitEvent::c_digits, nullptr, now);
}

void CircuitGroup::set_congestion_level(std::uint8_t level) {
  core_->congestion_level = level;
}

bool CircuitGroup::check(std::uint16_t cic, Time now) {
  auto* circuit = core_->find(cic);
  return circuit != nullptr && core_->happen(*circuit, CircuitEvent::c_recheck, nullptr, now);
}

void CircuitGroup::tone_received(std::uint16_t cic, Time now) {
  if (auto* circuit = core_->find(cic)) core_->happen(*circuit, CircuitEvent::tone, nullptr, now);
}

void CircuitGroup::handle_timers(Time now) {
  while (const auto key = core_->timers.pop_expired(now)) core_->expired(*key, now);
}
std::optional<Time> CircuitGroup::next_deadline() const {
  return core_->timers.next_deadline();
}
std::optional<GroupOutput> CircuitGroup::poll_output() {
  if (core_->outputs.empty()) return std::nullopt;
  std::optional<GroupOutput> out = std::move(core_->outputs.front());
  core_->outputs.pop_front();
  return out;
}

std::optional<CircuitStatus> CircuitGroup::status(std::uint16_t cic) const {
  const auto* c = core_->find(cic);
  if (c == nullptr) return std::nullopt;
  return CircuitStatus{c->circuit,        c->call, c->block, c->local_hardware, c->remote_maintenance,
                       c->remote_hardware};
}
bool CircuitGroup::in_call(std::uint16_t cic) const {
  const auto* circuit = core_->find(cic);
  return circuit != nullptr && circuit->known;
}
std::size_t CircuitGroup::size() const {
  return core_->circuits.size();
}
std::size_t CircuitGroup::idle() const {
  return std::accumulate(core_->pools.begin(), core_->pools.end(), std::size_t{0},
                         [](std::size_t sum, const Pool& pool) { return sum + pool.free_count; });
}
std::size_t CircuitGroup::idle(std::size_t part) const {
  return core_->pools[part].free_count;
}
bool CircuitGroup::available() const {
  return core_->mtp_up && core_->user_part_up;
}

bool CircuitGroup::reachable() const {
  return core_->mtp_up;
}
const GroupCounters& CircuitGroup::counters() const {
  return core_->counters;
}

}  // namespace tandem::isup
