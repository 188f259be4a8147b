#pragma once
// MTP level 2 (Q.703, T1.111.3): one signalling link on one raw timeslot.
//
// One call of receive() and one of transmit() a tick, each with as many octets as the tick has; commands of
// level 3 in between. Nothing is allocated after construction, no call blocks, and the line never goes quiet:
// out of service, SIOS is sent. Keep transmitting for some ticks after stop(), so that the far end hears it.
#include "isup/mtp/link_core.h"

namespace tandem::mtp {

class Link {
 public:
  /// `sink` outlives the link.
  Link(const LinkConfig& config, LinkSink& sink);

  // --- the timeslot ---------------------------------------------------------------------------------------
  void receive(OctetView line, Time now);
  void transmit(std::span<Octet> line, Time now);
  /// Instead of receive() while the span has an alarm: the link fails at once, sooner than its error rate
  /// would say so (Q.703 10.2.2), and no proving succeeds.
  void line_down(std::size_t octets, Time now);

  // --- commands of level 3 (Q.703 figure 2) ---------------------------------------------------------------
  void start(Time now);
  /// Out of service; the buffers can still be retrieved from.
  void stop(Time now);
  void emergency(bool on, Time now);
  void local_processor_outage(bool on, Time now);
  /// Level 3 lives; without this for LinkConfig::level3_silence, SIPO is sent.
  void level3_alive(Time now);
  /// SIO and SIF (3 to 273 octets). False: no room, no MSU, or the link is out of service and its buffers
  /// were retrieved; it is counted and dropped.
  bool send(OctetView msu, Time now);
  /// Level 3 cannot take more (or can again): SIB (Q.703 9).
  void receiving_congestion(CongestionAction action, Time now);
  /// Answered by LinkSink::backward_sequence.
  void retrieve_backward_sequence();
  /// Out of service or in processor outage: what follows `fsnc`, then what was never sent. Without fsnc, or
  /// with one that is none of ours, only what was never sent (Q.704 5.6, 5.7). Then the buffers are empty.
  void retrieve(std::optional<std::uint8_t> fsnc);

  [[nodiscard]] LinkState state() const { return core_.state; }
  [[nodiscard]] const LinkCounters& counters() const { return core_.counters; }
  [[nodiscard]] const FramerCounters& framer_counters() const { return receiver_.counters(); }
  [[nodiscard]] std::uint8_t congestion() const { return core_.tx.congestion; }

 private:
  void at(Time now);
  void command(LinkEvent event, Time now);
  void watch_level3();

  LinkCore core_;
  SignalUnitReceiver receiver_;
  SignalUnitTransmitter transmitter_;
  Time level3_heard_ = LinkCore::kNever;  ///< never: not yet
  bool level3_silent_ = false;
};

}  // namespace tandem::mtp
