#pragma once
#include <atomic>

#include "gateway/base/spsc_queue.h"
#include "gateway/media/config.h"
#include "gateway/media/link_commands.h"
#include "isup/mtp/link.h"

namespace tandem::media {

/// Events of all links on their way to the signalling thread. Received MSUs leave a reserve of places to what
/// cannot be held back: changes of state, and what a command asked for.
struct LinkQueues {
  explicit LinkQueues(std::size_t links);

  SpscQueue<LinkEvent> events;
  std::size_t reserve;
  std::atomic<std::uint64_t> dropped{0};
};

/// A timeslot that carries a signalling link.
class LinkPort final : mtp::LinkSink {
 public:
  LinkPort(std::uint16_t index, const SignallingLink& config, LinkQueues& out);

  [[nodiscard]] Circuit circuit() const { return circuit_; }
  /// Whether there is room for the events that the command may cause.
  [[nodiscard]] bool may(LinkCommand::Action action) const;
  /// False: an MSU for which the link has no room now.
  bool apply(const LinkCommand& command, Time now);
  void alive(Time now) { link_.level3_alive(now); }
  void stop(Time now) { link_.stop(now); }

  void receive(OctetView octets, bool span_down, Time now);
  void transmit(std::span<Octet> octets, Time now);
  [[nodiscard]] LinkReport report() const;

 private:
  /// What is told when it differs from what was told: a link that goes to and fro costs one event a tick.
  struct Levels {
    bool remote_outage = false;
    bool local_outage = false;
    std::uint8_t congestion = 0;
  };

  void received(OctetView msu) override;
  void in_service() override;
  void out_of_service(mtp::Failure reason) override;
  void remote_processor_outage(bool begins) override { is_.remote_outage = begins; }
  void local_processor_outage(bool begins) override { is_.local_outage = begins; }
  void backward_sequence(std::uint8_t bsnt) override;
  void retrieved(OctetView msu) override;
  void retrieval_complete() override;
  void congestion(std::uint8_t level) override { is_.congestion = level; }

  void hold_back(Time now);
  bool tell(LinkEvent::What what, std::uint8_t value = 0);
  void tell_or_count(LinkEvent::What what, mtp::Failure reason, std::uint8_t value, OctetView msu);
  void tell_levels();

  std::uint16_t index_;
  Circuit circuit_;
  LinkQueues& out_;
  mtp::Link link_;
  Levels is_, told_;
  bool level3_congested_ = false;  ///< as level 3 says
  mtp::CongestionAction holding_back_ = mtp::CongestionAction::none;
};

}  // namespace tandem::media
