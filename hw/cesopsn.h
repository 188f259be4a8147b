#pragma once
#include <array>
#include <memory>
#include <vector>

#include "hw/cesopsn_packet.h"
#include "hw/clock_recovery.h"
#include "hw/datagram_port.h"
#include "hw/playout.h"
#include "tdm/alarms.h"
#include "tdm/config.h"
#include "tdm/span.h"

namespace tandem::hw {

/// An E1 (31 DS0s) or T1 (24 DS0s) over datagrams: RFC 5086, basic NxDS0 service, no RTP header.
///
/// Sans-IO but for its port. It is at once the IWF of RFC 5086 and the CE behind it, so:
///  - packet loss state: sends R, red alarm here; R received: yellow alarm here;
///  - L received: blue alarm here, and as a terminal that gets AIS, RDI (M=10) is sent back;
///  - M=10 received: yellow alarm here;
///  - nobody writes, or set_circuit(invalid): L is sent, without payload.
class CesopsnSpan final : public tdm::Span {
 public:
  /// `config.packet_frames` from 1 to max_packet_frames(config.type). `first_sequence` should be random
  /// (4.3).
  CesopsnSpan(const tdm::SpanConfig& config, std::unique_ptr<DatagramPort> port, std::uint16_t first_sequence,
              tdm::AlarmTimes alarm_times = tdm::kPacketAlarmTimes);

  [[nodiscard]] tdm::SpanType type() const override { return type_; }
  void service(Time now) override;
  void read(std::span<Octet> frames) override;
  void write(std::span<const Octet> frames, Time now) override;
  [[nodiscard]] tdm::Alarms alarms() const override { return monitor_.alarms(); }
  [[nodiscard]] tdm::SpanCounters counters() const override;
  [[nodiscard]] double clock_offset_ppm() const override;

  /// What is told to the far end of the circuit on this side; `normal` from the start.
  void set_circuit(AttachmentCircuit circuit) { circuit_ = circuit; }
  /// What is wrong at this moment, before debounce.
  [[nodiscard]] tdm::Alarms defects() const;

 private:
  void receive(Time now);
  void handle(const CesopsnPacket& packet, Time arrival);
  void watch_loss(Time now);
  void watch_clock(Time now);
  void watch_source(Time now);
  void send(OctetView payload);
  void send_invalid();

  tdm::SpanType type_;
  tdm::ClockSource clock_source_;
  int packet_frames_;
  std::size_t packet_octets_;  ///< payload
  Duration packet_time_;
  Duration loss_after_;
  std::unique_ptr<DatagramPort> port_;
  PlayoutBuffer playout_;
  ClockRecovery clock_;
  tdm::AlarmMonitor monitor_;

  bool serviced_ = false;
  bool loss_ = true;     ///< the packet loss state of RFC 5086 6.2; nothing has come yet
  int consecutive_ = 0;  ///< packets received in sequence
  std::uint16_t last_sequence_ = 0;
  Time last_received_{};
  ControlWord remote_;  ///< of the newest packet

  AttachmentCircuit circuit_ = AttachmentCircuit::normal;
  std::uint16_t sequence_;
  std::vector<Octet> outgoing_;  ///< payload being filled
  std::vector<Octet> packet_;
  std::size_t filled_ = 0;
  int unwritten_ = 0;   ///< services since the last write
  Time source_due_{};   ///< when nothing was written until then, L is sent
  Time invalid_due_{};  ///< when the next packet with L is to be sent

  std::uint64_t received_ = 0;
  std::uint64_t sent_ = 0;
  std::uint64_t malformed_ = 0;
  std::array<Octet, 2048> buffer_{};
};

}  // namespace tandem::hw
