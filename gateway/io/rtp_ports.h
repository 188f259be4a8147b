#pragma once
#include <memory>
#include <unordered_map>
#include <vector>

#include "gateway/core/gateway.h"
#include "gateway/io/flight_recorder.h"
#include "gateway/io/udp_socket.h"

namespace tandem::io {

/// RTP on an even port and RTCP on the next (RFC 3550 11), by two connected sockets a session.
class UdpRtpTransport final : public media::RtpTransport {
 public:
  UdpRtpTransport(UdpSocket rtp, UdpSocket rtcp, const SocketAddress& local, FlightRecorder& recorder)
      : rtp_(std::move(rtp)), rtcp_(std::move(rtcp)), local_(local), recorder_(recorder) {}

  void set_remote(const SocketAddress& rtp, const SocketAddress& rtcp) override;
  void send_rtp(OctetView packet) override;
  void send_rtcp(OctetView packet) override;
  std::size_t receive_rtp(std::span<Octet> buffer) override;
  std::size_t receive_rtcp(std::span<Octet> buffer) override;

 private:
  UdpSocket rtp_, rtcp_;
  SocketAddress local_;
  SocketAddress remote_rtp_, remote_rtcp_;
  bool connected_ = false;
  FlightRecorder& recorder_;
};

/// The ports of the configured range, handed out in turn so that a port rests as long as possible before it
/// is used again: late packets of an ended call reach nobody.
class RtpPortPool final : public core::RtpPorts {
 public:
  RtpPortPool(const SocketAddress& address, std::uint16_t first, std::uint16_t last, int dscp,
              FlightRecorder& recorder);
  Port open() override;
  void close(media::RtpTransport* transport) override;
  [[nodiscard]] std::size_t in_use() const { return open_.size(); }

 private:
  SocketAddress address_;
  std::uint16_t first_, pairs_;
  std::uint16_t next_ = 0;
  std::vector<bool> used_;  ///< by pair
  int dscp_;
  FlightRecorder& recorder_;
  struct Open {
    std::unique_ptr<UdpRtpTransport> transport;
    std::uint16_t pair;
  };
  std::unordered_map<media::RtpTransport*, Open> open_;
};

}  // namespace tandem::io
