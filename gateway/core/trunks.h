#pragma once
// All PRI trunks, and which spans a trunk is on.
#include <memory>
#include <vector>

#include "gateway/core/media_control.h"
#include "gateway/core/trunk.h"

namespace tandem::core {

class Trunks final : public CircuitHolds {
 public:
  explicit Trunks(Context& context) : context_(context) {}
  void build(Exchange& exchange, Time now);
  /// The trunk comes up anew by its configuration, which has changed; it must be drained.
  void rebuild(std::size_t index, Exchange& exchange, Time now);

  void handle_frame(std::size_t trunk, OctetView frame, Time now, std::uint8_t link);
  void handle_timer(const TimerKey& key, Time now);
  void handle_timers(Time now);
  /// Deals with what the D channels say; true when there was anything.
  bool pump(Time now);
  [[nodiscard]] std::optional<Time> next_deadline() const { return deadlines_.next_deadline(); }

  void hold_media(Circuit circuit) override;
  void release_media(Circuit circuit) override;

  std::unique_ptr<Leg> make_leg(std::size_t trunk, Bus& bus, CallId call, int attempt);
  void restart_when_up(const HeldCircuit& held);
  void set_alarms(std::uint16_t span, tdm::Alarms alarms, Time now);

  /// The trunk of that name and the circuits of it that are meant.
  struct Chosen {
    Trunk* trunk = nullptr;
    std::vector<Circuit> circuits;
  };
  std::expected<Chosen, std::string> choose(const std::string& trunk, const std::string& timeslots);
  Trunk& at(std::size_t index) { return *trunks_[index]; }
  [[nodiscard]] const Trunk& at(std::size_t index) const { return *trunks_[index]; }
  [[nodiscard]] std::size_t size() const { return trunks_.size(); }

  [[nodiscard]] std::vector<CircuitStatus> circuits() const;
  [[nodiscard]] std::vector<TrunkStatus> status() const;
  [[nodiscard]] const std::vector<tdm::Alarms>& alarms() const { return alarms_; }
  [[nodiscard]] std::size_t calls() const;
  /// Circuits that are not idle and let go by media.
  [[nodiscard]] std::size_t busy() const;

 private:
  void note_spans();
  Trunk* trunk_of(Circuit circuit);

  Context& context_;
  std::vector<std::unique_ptr<Trunk>> trunks_;
  std::vector<std::vector<std::size_t>> by_span_;  ///< trunks of a span
  std::vector<tdm::Alarms> alarms_;                ///< by span
  std::vector<std::size_t> touched_;
  TimerQueue<std::size_t> deadlines_;
};

}  // namespace tandem::core
