#pragma once
#include <memory>
#include <unordered_map>
#include <vector>

#include "gateway/core/gateway.h"
#include "gateway/io/flight_recorder.h"
#include "gateway/io/udp_socket.h"

namespace tandem::io {

/// RTP on an even port and RTCP on the next (RFC 3550 11), by two sockets a session. They are connected but
/// for the while in which the peer's real addresses are learned.
class UdpRtpTransport final : public media::RtpTransport {
 public:
  UdpRtpTransport(UdpSocket rtp, UdpSocket rtcp, const SocketAddress& local, FlightRecorder& recorder)
      : rtp_{.udp = std::move(rtp), .local = local, .remote = {}, .source = {}},
        rtcp_{.udp = std::move(rtcp), .local = local, .remote = {}, .source = {}},
        recorder_(recorder) {
    ++rtcp_.local.port;
  }

  void set_remote(const SocketAddress& rtp, const SocketAddress& rtcp) override;
  void open_to_any(const SocketAddress& rtp, const SocketAddress& rtcp) override;
  void lock_rtp(const SocketAddress& rtp, const SocketAddress& rtcp) override;
  [[nodiscard]] SocketAddress source() const override { return rtp_.source; }
  [[nodiscard]] SocketAddress rtcp_source() const override { return rtcp_.source; }
  void send_rtp(OctetView packet) override;
  void send_rtcp(OctetView packet) override;
  std::size_t receive_rtp(std::span<Octet> buffer) override;
  std::size_t receive_rtcp(std::span<Octet> buffer) override;

 private:
  struct Socket {
    UdpSocket udp;
    SocketAddress local;
    SocketAddress remote;
    SocketAddress source;    ///< of the last packet while open
    bool used = false;       ///< some remote address is known
    bool connected = false;  ///< else open to any

    void connect(const SocketAddress& to);
    void open(const SocketAddress& to);
    void send(OctetView packet, FlightRecorder& recorder);
    std::size_t receive(std::span<Octet> buffer, FlightRecorder& recorder);
  };
  Socket rtp_, rtcp_;
  FlightRecorder& recorder_;
};

/// The ports of the configured range, handed out in turn so that a port rests as long as possible before it
/// is used again: late packets of an ended call reach nobody.
class RtpPortPool final : public core::RtpPorts {
 public:
  /// The same range at each address; one of each version of IP at most.
  RtpPortPool(std::span<const SocketAddress> addresses, std::uint16_t first, std::uint16_t last, int dscp,
              FlightRecorder& recorder);
  Port open(bool v6) override;
  void close(media::RtpTransport* transport) override;
  [[nodiscard]] std::size_t in_use() const { return open_.size(); }

 private:
  struct Range {
    SocketAddress address;
    std::uint16_t next = 0;
    std::vector<bool> used;  ///< by pair
  };
  [[nodiscard]] Range* range(bool v6);

  std::uint16_t first_, pairs_;
  std::vector<Range> ranges_;
  int dscp_;
  FlightRecorder& recorder_;
  struct Open {
    std::unique_ptr<UdpRtpTransport> transport;
    std::uint16_t pair;
    bool v6;
  };
  std::unordered_map<media::RtpTransport*, Open> open_;
};

}  // namespace tandem::io
