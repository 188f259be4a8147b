#pragma once
// The sockets of a session in memory: the test is the peer.
#include <algorithm>
#include <deque>
#include <optional>
#include <vector>

#include "gateway/media/commands.h"

namespace tandem::doubles {

class FakeRtp : public media::RtpTransport {
 public:
  /// What the engine sent, oldest first.
  std::deque<Octets> rtp_sent;
  std::deque<Octets> rtcp_sent;
  /// What the engine will receive: from the peer where it is connected.
  std::deque<Octets> rtp_waiting;
  std::deque<Octets> rtcp_waiting;
  std::vector<SocketAddress> remotes;  ///< RTP addresses, in the order of set_remote

  // The sockets as they are. `arrive` is a packet of anybody's: it is received only if they let it in.
  SocketAddress remote_rtp, remote_rtcp;
  bool rtp_open = false;
  bool rtcp_open = false;
  void arrive(const SocketAddress& from, Octets packet) {
    if (rtp_open || from == remote_rtp) rtp_from_.emplace_back(from, std::move(packet));
  }
  void arrive_rtcp(const SocketAddress& from, Octets packet) {
    if (rtcp_open || from == remote_rtcp) rtcp_from_.emplace_back(from, std::move(packet));
  }

  std::optional<Octets> pop_rtp() { return pop(rtp_sent); }
  std::optional<Octets> pop_rtcp() { return pop(rtcp_sent); }

  void set_remote(const SocketAddress& rtp, const SocketAddress& rtcp) override {
    remotes.push_back(rtp);
    go_to(rtp, rtcp, false, false);
  }
  void open_to_any(const SocketAddress& rtp, const SocketAddress& rtcp) override {
    go_to(rtp, rtcp, true, true);
  }
  void lock_rtp(const SocketAddress& rtp, const SocketAddress& rtcp) override {
    go_to(rtp, rtcp, false, true);
  }
  [[nodiscard]] SocketAddress source() const override { return source_; }
  [[nodiscard]] SocketAddress rtcp_source() const override { return rtcp_source_; }
  void send_rtp(OctetView packet) override { rtp_sent.emplace_back(packet.begin(), packet.end()); }
  void send_rtcp(OctetView packet) override { rtcp_sent.emplace_back(packet.begin(), packet.end()); }
  std::size_t receive_rtp(std::span<Octet> buffer) override {
    return receive(rtp_waiting, rtp_from_, source_, buffer);
  }
  std::size_t receive_rtcp(std::span<Octet> buffer) override {
    return receive(rtcp_waiting, rtcp_from_, rtcp_source_, buffer);
  }

 private:
  using Arrived = std::deque<std::pair<SocketAddress, Octets>>;
  void go_to(const SocketAddress& rtp, const SocketAddress& rtcp, bool any_rtp, bool any_rtcp) {
    remote_rtp = rtp;
    remote_rtcp = rtcp;
    rtp_open = any_rtp;
    rtcp_open = any_rtcp;
    if (!any_rtp) std::erase_if(rtp_from_, [&](const auto& p) { return p.first != rtp; });
  }
  static std::size_t receive(std::deque<Octets>& plain, Arrived& arrived, SocketAddress& source,
                             std::span<Octet> buffer) {
    source = {};
    if (!arrived.empty()) {
      source = arrived.front().first;
      plain.push_front(std::move(arrived.front().second));
      arrived.pop_front();
    }
    return receive(plain, buffer);
  }
  Arrived rtp_from_, rtcp_from_;
  SocketAddress source_, rtcp_source_;

  static std::optional<Octets> pop(std::deque<Octets>& queue) {
    if (queue.empty()) return std::nullopt;
    auto packet = std::move(queue.front());
    queue.pop_front();
    return packet;
  }
  static std::size_t receive(std::deque<Octets>& queue, std::span<Octet> buffer) {
    const auto packet = pop(queue);
    if (!packet) return 0;
    const auto size = std::min(packet->size(), buffer.size());
    std::copy_n(packet->begin(), size, buffer.begin());
    return size;
  }
};

/// A ring of packets that never allocates: what one side sends is what the other receives. For benches and
/// for tests that count allocations.
class RingRtp : public media::RtpTransport {
 public:
  RingRtp() : peer_(this) {}
  /// Both ends become each other's peer; an end alone hears itself.
  void join(RingRtp& other) {
    peer_ = &other;
    other.peer_ = this;
  }
  std::uint32_t lose_every = 0;  ///< every n-th RTP packet is lost; 0: none
  std::uint64_t sent = 0;
  SocketAddress from;  ///< where packets are said to come from

  [[nodiscard]] SocketAddress source() const override { return from; }
  void set_remote(const SocketAddress&, const SocketAddress&) override {}
  void send_rtp(OctetView packet) override {
    if (++sent; lose_every != 0 && sent % lose_every == 0) return;
    peer_->inbox_.put(packet);
  }
  void send_rtcp(OctetView packet) override { peer_->control_.put(packet); }
  std::size_t receive_rtp(std::span<Octet> buffer) override { return inbox_.get(buffer); }
  std::size_t receive_rtcp(std::span<Octet> buffer) override { return control_.get(buffer); }

 private:
  struct Ring {
    static constexpr std::size_t kSlots = 4;
    std::array<std::array<Octet, 512>, kSlots> packets;
    std::array<std::uint16_t, kSlots> sizes{};
    std::uint32_t head = 0;
    std::uint32_t tail = 0;

    void put(OctetView packet) {
      if (tail - head == kSlots) return;
      const auto slot = tail++ % kSlots;
      sizes[slot] = static_cast<std::uint16_t>(std::min(packet.size(), packets[slot].size()));
      std::copy_n(packet.begin(), sizes[slot], packets[slot].begin());
    }
    std::size_t get(std::span<Octet> buffer) {
      if (tail == head) return 0;
      const auto slot = head++ % kSlots;
      if (tail == head) head = tail = 0;  // the same slot again: it is in the cache
      std::copy_n(packets[slot].begin(), sizes[slot], buffer.begin());
      return sizes[slot];
    }
  };

  RingRtp* peer_;
  Ring inbox_;
  Ring control_;
};

}  // namespace tandem::doubles
