#pragma once
#include <string_view>

#include "gateway/base/random.h"
#include "gateway/media/receiver.h"
#include "gateway/media/transmitter.h"
#include "sipt/rtp/rtcp.h"

namespace tandem::media {

/// The RTCP of a session: reports every 5 s or so, BYE at the end, and what the peer reports.
class Reporter {
 public:
  /// `since_1900`: from then to the origin of Time.
  void open(const OpenSession& command, Duration since_1900);
  /// RTCP may come from elsewhere than from `named`: from the host of the believed RTP source, under its
  /// SSRC.
  void learn(const SocketAddress& named);
  void stop_learning() { learning_ = false; }
  /// Begins the intervals with the first call.
  void start(Time now);
  /// Sends a report when it is due.
  void poll(Time now, const Transmitter& sender, Receiver& receiver, RtpTransport& transport);
  /// Takes in what waits. True: the peer reported.
  bool receive(Time now, const Transmitter& sender, Receiver& receiver, const SourceLearner& learner,
               RtpTransport& transport);
  /// The last report, with BYE (RFC 3550 6.3.7).
  void leave(Time now, const Transmitter& sender, Receiver& receiver, RtpTransport& transport);

  [[nodiscard]] Duration round_trip() const { return round_trip_; }  ///< 0: not measured
  [[nodiscard]] float remote_loss() const { return remote_loss_; }
  [[nodiscard]] std::uint32_t malformed() const { return malformed_; }

  static constexpr int kPacketsPerPoll = 4;

 private:
  void send(Time now, bool bye, const Transmitter& sender, Receiver& receiver, RtpTransport& transport);
  bool on_packet(const sip::rtp::RtcpCompound& compound, Time now, const Transmitter& sender,
                 Receiver& receiver);
  bool believe(const sip::rtp::RtcpCompound& compound, const Receiver& receiver, const SourceLearner& learner,
               RtpTransport& transport);
  [[nodiscard]] std::uint64_t ntp(Time at) const { return sip::rtp::to_ntp(at + since_1900_); }

  Time due_ = Time::max();  // comes first: each tick looks at it
  bool active_ = false;     ///< a report of ours went out
  bool learning_ = false;
  std::uint8_t candidate_reports_ = 0;
  SocketAddress named_;
  SocketAddress candidate_;
  Duration since_1900_{};
  Duration round_trip_{};
  float remote_loss_ = 0;
  std::uint32_t malformed_ = 0;
  std::uint32_t packets_reported_ = 0;
  std::uint32_t their_report_ = 0;  ///< middle bits of the NTP time of the peer's last SR
  std::optional<Time> their_report_at_;
  SeededRandom random_{1};
  std::array<char, 64> cname_{};
};

}  // namespace tandem::media
