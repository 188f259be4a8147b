#pragma once
// A whole gateway in virtual time: SIP peers that are user agents behind a bad network, far exchanges that
// are D channels, media that is only counted. Everything follows from one seed.
#include <array>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "gateway/core/gateway.h"
#include "sipt/offer_answer.h"
#include "sipt/user_agent.h"
#include "tdm/pri/d_channel.h"
#include "tests/doubles/clockwork.h"
#include "tests/doubles/far_ss7.h"

namespace tandem::doubles {

class FakeTransport final : public media::RtpTransport {
 public:
  void set_remote(const SocketAddress&, const SocketAddress&) override {}
  void send_rtp(OctetView) override {}
  void send_rtcp(OctetView) override {}
  std::size_t receive_rtp(std::span<Octet>) override { return 0; }
  std::size_t receive_rtcp(std::span<Octet>) override { return 0; }
};

/// RTP ports that are only numbers.
class FakePorts final : public core::RtpPorts {
 public:
  explicit FakePorts(std::size_t limit = 4000) : limit_(limit) {}
  Port open(bool v6) override {
    if (open_.size() >= limit_ || (v6 ? !has_v6 : !has_v4)) return {};
    std::uint16_t port = 20000;
    if (free_.empty()) {
      port = static_cast<std::uint16_t>(20000 + 2 * open_.size());
    } else {
      port = free_.front();
      free_.pop_front();
    }
    auto transport = std::make_unique<FakeTransport>();
    auto* raw = transport.get();
    open_.emplace(raw, std::pair{std::move(transport), port});
    return {raw, parse_ip(v6 ? "2001:db8::1" : "192.0.2.1", port).value()};
  }
  void close(media::RtpTransport* transport) override {
    const auto it = open_.find(transport);
    if (it == open_.end()) {
      ++closed_twice;
      return;
    }
    free_.push_back(it->second.second);
    open_.erase(it);
  }
  [[nodiscard]] std::size_t open_count() const { return open_.size(); }
  int closed_twice = 0;
  bool has_v4 = true, has_v6 = true;

 private:
  std::size_t limit_;
  std::unordered_map<media::RtpTransport*, std::pair<std::unique_ptr<FakeTransport>, std::uint16_t>> open_;
  std::deque<std::uint16_t> free_;
};

/// What the media engine would be in the middle of.
struct MediaBooks {
  struct Session {
    media::OpenSession open;
    std::optional<media::RtpParameters> parameters;
    bool to_rtp = false, to_timeslot = false;
  };
  std::map<std::uint64_t, Session> sessions;
  std::map<Circuit, media::Tone> tones;
  std::set<std::pair<Circuit, Circuit>> patches;
  std::set<Circuit> loops, checks;                                   ///< of continuity
  std::map<media::RecordingId, const media::Recording*> recordings;  ///< added
  std::map<std::uint16_t, Circuit> moved;                            ///< D channels
  std::map<Circuit, std::pair<float, float>> gains;                  ///< changed: receive, send
  std::vector<std::string> faults;                                   ///< what no engine should be told

  [[nodiscard]] const Session* on(Circuit circuit) const {
    for (const auto& [id, session] : sessions)
      if (session.open.circuit == circuit) return &session;
    return nullptr;
  }
  /// True: SessionClosed is due.
  bool take(const media::Command& command) {
    return std::visit([this](const auto& c) { return on_command(c); }, command);
  }

 private:
  bool on_command(const media::OpenSession& c) {
    // What only plays to a peer has no timeslot, and there may be several.
    if (c.circuit.timeslot != 0 && on(c.circuit) != nullptr)
      faults.push_back("a second session on one circuit");
    if (c.transport == nullptr) faults.push_back("a session without a transport");
    if (!sessions.emplace(c.session.value, Session{c, std::nullopt}).second)
      faults.push_back("a session twice");
    return false;
  }
  bool on_command(const media::SetParameters& c) {
    if (!sessions.contains(c.session.value))
      faults.push_back("parameters of no session");
    else
      sessions[c.session.value].parameters = c.parameters;
    return false;
  }
  bool on_command(const media::ThroughConnect& c) {
    if (!sessions.contains(c.session.value)) {
      faults.push_back("through of no session");
      return false;
    }
    sessions[c.session.value].to_rtp = c.to_rtp;
    sessions[c.session.value].to_timeslot = c.to_timeslot;
    return false;
  }
  bool on_command(const media::CloseSession& c) {
    if (sessions.erase(c.session.value) == 0) faults.push_back("close of no session");
    return true;
  }
  bool on_command(const media::PlayTone& c) {
    if (c.tone == media::Tone::none)
      tones.erase(c.circuit);
    else
      tones[c.circuit] = c.tone;
    return false;
  }
  bool on_command(const media::PatchCircuits& c) {
    if (c.on != patches.insert({c.a, c.b}).second && c.on) faults.push_back("a patch twice");
    if (!c.on && patches.erase({c.a, c.b}) == 0) faults.push_back("an unpatch of none");
    return false;
  }
  bool on_command(const media::AddRecording& c) {
    if (c.sound == nullptr || !recordings.emplace(c.recording, c.sound).second)
      faults.push_back("a recording twice, or none");
    return false;
  }
  bool on_command(const media::MoveDChannel& c) {
    moved[c.d_channel] = c.circuit;
    return false;
  }
  bool on_command(const media::SetGains& c) {
    for (std::uint8_t i = 0; i < 32; ++i)
      if ((c.timeslots >> i & 1U) != 0)
        gains[{.span = c.span, .timeslot = static_cast<std::uint8_t>(i + 1)}] = {c.receive.value,
                                                                                 c.send.value};
    return false;
  }
  bool on_command(const media::LoopCircuit& c) {
    c.on ? void(loops.insert(c.circuit)) : void(loops.erase(c.circuit));
    return false;
  }
  bool on_command(const media::CheckContinuity& c) {
    c.on ? void(checks.insert(c.circuit)) : void(checks.erase(c.circuit));
    return false;
  }
  bool on_command(const media::PlayRecording&) { return false; }
  bool on_command(const media::PlayToPeer& c) {
    if (!sessions.contains(c.session.value)) faults.push_back("a sound to the peer of no session");
    return false;
  }
  bool on_command(const media::PlayDigit& c) {
    if (!sessions.contains(c.session.value)) faults.push_back("a digit of no session");
    return false;
  }
};

/// The D channel at the other end of a trunk, as it has to be for what is common to both.
inline tdm::pri::DChannelConfig far_config(const core::Config& config, const core::TrunkConfig& trunk) {
  tdm::pri::DChannelConfig far;
  far.type = trunk.type;
  far.side = trunk.side == tdm::pri::Side::user ? tdm::pri::Side::network : tdm::pri::Side::user;
  far.t1 = config.spans[trunk.spans[0].span].type == tdm::SpanType::t1;
  far.links = static_cast<std::uint8_t>(trunk.d_channels.size());
  far.interfaces.clear();
  for (const auto& span : trunk.spans) far.interfaces.push_back(span.interface_id);
  return far;
}

class GatewayWorld final : public Clockwork {
 public:
  using SipHandler = std::function<void(const sip::Event&)>;
  using PriHandler = std::function<void(const tdm::pri::Output&)>;

  /// May change what the far end of a trunk is like.
  using FarConfig = std::function<void(std::size_t trunk, tdm::pri::DChannelConfig&)>;

  GatewayWorld(core::Config configuration, std::uint64_t seed, std::size_t ports_limit = 4000,
               const FarConfig& far_config = {})
      : Clockwork(seed),
        config(std::move(configuration)),
        ports(ports_limit),
        gateway_random_(seed ^ 0x5a5a5a5aU),
        gateway(config, ports, gateway_random_, now, core_wall(), CallId{1}),
        ss7(
            config, now,
            [this](Duration delay, std::function<void()> action) { after(delay, std::move(action)); },
            [this](const media::LinkEvent& event) { gateway.handle_link(event, now); }) {
    for (std::size_t i = 0; i < config.trunks.size(); ++i) {
      auto far = doubles::far_config(config, config.trunks[i]);
      if (far_config) far_config(i, far);
      fars_.push_back(std::make_unique<Far>(far, now));
    }
    for (const auto& peer : config.peers) {
      sip::UserAgentConfig own;
      own.listen = {{sip::Transport::udp, peer.destination.remote}};
      own.invite_timeout = std::chrono::seconds(300);
      peers_.push_back(std::make_unique<Peer>(std::move(own), random));
    }
  }

  // --- the far ends -------------------------------------------------------------------------------------
  sip::UserAgent& peer(std::size_t index) { return peers_[index]->agent; }
  void on_sip(std::size_t index, SipHandler handler) { peers_[index]->handler = std::move(handler); }
  tdm::pri::DChannel& far(std::size_t index) { return fars_[index]->channel; }
  void on_pri(std::size_t index, PriHandler handler) { fars_[index]->handler = std::move(handler); }
  /// Frames of the trunk go nowhere while cut.
  void cut(std::size_t trunk, bool is_cut) { fars_[trunk]->cut = {is_cut, is_cut}; }
  void cut_link(std::size_t trunk, std::uint8_t link, bool is_cut) { fars_[trunk]->cut[link] = is_cut; }
  /// To the gateway as seen from a peer.
  [[nodiscard]] sip::Flow to_gateway(std::size_t index) const {
    return {sip::Transport::udp, config.peers[index].destination.remote, config.sip.listen[0].address, 0};
  }

  void settle() override {
    for (bool busy = true; std::exchange(busy, false);) {
      busy = drain_gateway() || busy;
      for (std::size_t i = 0; i < peers_.size(); ++i) busy = drain_peer(i) || busy;
      for (std::size_t i = 0; i < fars_.size(); ++i) busy = drain_far(i) || busy;
      busy = ss7.drain() || busy;
    }
  }

  core::Config config;
  Duration media_close_delay = std::chrono::milliseconds(15);
  int swallow_closed = 0;  ///< so many of the media engine's words that a session is over are lost
  FakePorts ports;

 private:
  SeededRandom gateway_random_;

 public:
  core::Gateway gateway;
  FarSs7 ss7;
  MediaBooks media;
  std::vector<core::Cdr> cdrs;
  std::vector<core::TraceRecord> traces;  ///< when keep_traces
  std::vector<core::LogRecord> logs;
  std::vector<core::CircuitAnswer> answers;
  bool keep_traces = false;
  /// May change what far exchanges send.
  std::function<void(Octets& frame)> far_frame;
  /// Sees every SIP message that the gateway sends; true: it goes no further.
  std::function<bool(const sip::Transmit&)> tap;

 private:
  struct Peer {
    Peer(sip::UserAgentConfig own, Random& source) : agent(std::move(own), source) {}
    sip::UserAgent agent;
    SipHandler handler = [](const sip::Event&) {};
  };
  struct Far {
    Far(const tdm::pri::DChannelConfig& own, Time start) : channel(own, start) {}
    tdm::pri::DChannel channel;
    PriHandler handler = [](const tdm::pri::Output&) {};
    std::array<bool, 2> cut{};
  };

  static WallTime core_wall() { return WallTime(std::chrono::seconds(1'800'000'000)); }

  [[nodiscard]] std::optional<Time> next_deadline() const override {
    auto next = earlier(gateway.next_deadline(), ss7.next_deadline());
    for (const auto& peer : peers_) next = earlier(next, peer->agent.next_deadline());
    for (const auto& far : fars_) next = earlier(next, far->channel.next_deadline());
    return next;
  }
  void wake() override {
    wake_if_due(gateway);
    for (auto& peer : peers_) wake_if_due(peer->agent);
    for (auto& far : fars_) wake_if_due(far->channel);
    ss7.wake();
  }

  bool drain_gateway() {
    bool any = false;
    while (auto output = gateway.poll_output()) {
      any = true;
      std::visit([this](auto& out) { take(out); }, *output);
    }
    return any;
  }
  void take(sip::Transmit& transmit) {
    if (tap && tap(transmit)) return;
    for (std::size_t i = 0; i < config.peers.size(); ++i)
      if (config.peers[i].destination.remote == transmit.flow.remote)
        travel([this, i, octets = std::move(transmit.octets)] {
          peers_[i]->agent.handle_datagram(to_gateway(i), octets, now);
        });
  }
  void take(core::FrameToSend& frame) {
    if (fars_[frame.trunk]->cut[frame.link]) return;
    after(std::chrono::milliseconds(1),
          [this, trunk = frame.trunk, link = frame.link, octets = std::move(frame.octets)] {
            if (!fars_[trunk]->cut[link]) fars_[trunk]->channel.handle_frame(octets, now, link);
          });
  }
  void take(mtp::ToLink& order) { ss7.take(order); }
  void take(media::Command& command) {
    if (!media.take(command)) return;
    const auto id = std::get<media::CloseSession>(command).session;
    if (swallow_closed > 0) {
      --swallow_closed;
      return;
    }
    after(media_close_delay, [this, id] {
      media::SessionClosed closed;
      closed.session = id;
      closed.stats.packets_sent = 50;
      gateway.handle_media(closed, now);
    });
  }
  void take(core::Cdr& cdr) { cdrs.push_back(std::move(cdr)); }
  void take(core::TraceRecord& record) {
    note(record.text, record.at);
    if (keep_traces) traces.push_back(std::move(record));
  }
  void take(core::CircuitAnswer& answer) { answers.push_back(std::move(answer)); }
  void take(core::LogRecord& record) { logs.push_back(std::move(record)); }

  bool drain_peer(std::size_t index) {
    auto& peer = *peers_[index];
    bool any = false;
    while (auto transmit = peer.agent.poll_transmit()) {
      any = true;
      travel([this, index, octets = std::move(transmit->octets)] {
        const auto seen = to_gateway(index);
        gateway.handle_datagram({sip::Transport::udp, seen.remote, seen.local, 0}, octets, now);
      });
    }
    while (const auto event = peer.agent.poll_event()) {
      any = true;
      peer.handler(*event);
    }
    return any;
  }
  bool drain_far(std::size_t index) {
    auto& far = *fars_[index];
    bool any = false;
    while (auto output = far.channel.poll_output()) {
      any = true;
      if (auto* frame = std::get_if<tdm::pri::FrameOut>(&*output)) {
        if (far.cut[frame->link]) continue;
        if (far_frame) far_frame(frame->octets);
        after(std::chrono::milliseconds(1),
              [this, index, link = frame->link, octets = std::move(frame->octets)] {
                if (!fars_[index]->cut[link]) gateway.handle_frame(index, octets, now, link);
              });
      } else {
        far.handler(*output);
      }
    }
    return any;
  }

  std::vector<std::unique_ptr<Peer>> peers_;
  std::vector<std::unique_ptr<Far>> fars_;
};

/// One E1 with a PRI trunk "telco" (gateway: user side) and one SIP peer "carrier"; all numbers go to the
/// other.
inline core::Config small_config(int trunks = 1, int peers = 1) {
  core::Config config;
  config.sip.listen = {{sip::Transport::udp, parse_socket_address("192.0.2.1:5060").value()}};
  config.rtp_addresses = {parse_ip("192.0.2.1").value()};
  for (int i = 0; i < trunks; ++i) {
    tdm::SpanConfig span;
    span.name = "e1-" + std::to_string(i + 1);
    config.spans.push_back(span);
    core::TrunkConfig trunk;
    trunk.name = i == 0 ? "telco" : "telco" + std::to_string(i + 1);
    const auto index = static_cast<std::uint16_t>(i);
    trunk.spans.push_back({.span = index, .interface_id = 0, .timeslots = {}});
    for (std::uint8_t slot = 1; slot <= 31; ++slot)
      if (slot != 16) trunk.spans[0].timeslots.push_back(slot);
    trunk.d_channels = {Circuit{index, 16}};
    config.trunks.push_back(trunk);
  }
  for (int i = 0; i < peers; ++i) {
    core::PeerConfig peer;
    peer.name = i == 0 ? "carrier" : "carrier" + std::to_string(i + 1);
    const auto host = "198.51.100." + std::to_string(i + 1);
    peer.uri.host = host;
    peer.uri.port = 5060;
    peer.destination = {sip::Transport::udp, config.sip.listen[0].address,
                        parse_socket_address(host + ":5060").value(), 0};
    config.peers.push_back(peer);
  }
  core::RouteConfig out, in;
  for (const auto& trunk : config.trunks) out.to.push_back(trunk.name);
  for (const auto& peer : config.peers) in.to.push_back(peer.name);
  for (const auto& peer : config.peers) {
    out.from = peer.name;
    config.routes.push_back(out);
  }
  for (const auto& trunk : config.trunks) {
    in.from = trunk.name;
    config.routes.push_back(in);
  }
  return config;
}

/// A description that offers or answers PCMA and PCMU.
inline sip::AudioCapabilities peer_audio(std::uint16_t port = 30000) {
  sip::AudioCapabilities audio;
  audio.local = parse_ip("198.51.100.1", port).value();
  audio.laws = {Law::a, Law::mu};
  return audio;
}

}  // namespace tandem::doubles
