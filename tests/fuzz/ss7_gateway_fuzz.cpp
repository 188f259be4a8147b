// A gateway between SIP and two ISUP networks: any messages from the networks, calls from SIP that are
// answered or given up, links that fail, time. In the end nothing is left of any call, and the auditor had
// nothing to repair.
#include <cstdio>
#include <cstdlib>

#include "tests/doubles/isup_config.h"

namespace {

using namespace tandem;
using namespace std::chrono_literals;

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

class Session {
 public:
  explicit Session(std::uint8_t flags) : ansi_((flags & 1) != 0), world_(config(flags), 1) {
    world_.on_sip(0, [this](const sip::Event& event) { from_sip(event); });
    world_.run(90s);
  }

  void event(std::uint8_t which, std::uint8_t where, std::uint8_t more, OctetView octets) {
    switch (which % 9) {
      case 0:
        world_.run(std::chrono::milliseconds(100) * more);
        return;
      case 1:
      case 2:
      case 3:
        return isup(where & 1U, more, octets);
      case 4:
        return msu(where & 1U, octets);
      case 5:
        return invite((where & 1) != 0 ? "8000" : "7000");
      case 6:
        if (call_.value != 0) world_.peer(0).cancel(call_, {}, world_.now);
        world_.run(10ms);
        return;
      case 7:
        world_.ss7.cut(where & 1U, (more & 1) != 0);
        world_.run(10ms);
        return;
      default:
        return from_far(where & 1U, more);
    }
  }
  void finish() {
    for (const std::size_t link : {0U, 1U}) world_.ss7.cut(link, false);
    world_.run(120s);
    world_.gateway.clear_all(world_.now);
    for (const std::size_t trunk : {0U, 1U}) world_.ss7.group(trunk).reset(1, 31, world_.now);
    world_.run(3600s);
    require(world_.gateway.idle(), "the gateway is idle");
    require(world_.ports.open_count() == 0, "no RTP port is open");
    require(world_.media.sessions.empty() && world_.media.patches.empty(), "media is idle");
    require(world_.media.faults.empty(), "the media engine was told nothing impossible");
    require(world_.gateway.audit().all_repairs() == 0, "there was nothing to repair");
  }

 private:
  static core::Config config(std::uint8_t flags) {
    auto config = doubles::isup_config(2, (flags & 1) != 0 ? isup::Variant::ansi : isup::Variant::itu);
    for (auto& trunk : config.isup_trunks) {
      if ((flags & 2) != 0) trunk.overlap = core::Overlap::pass_on;
      trunk.overlap_sending = (flags & 4) != 0;
      trunk.group.continuity_every = (flags & 8) != 0 ? 2 : 0;
    }
    return config;
  }
  void from_sip(const sip::Event& event) {
    const auto* incoming = std::get_if<sip::IncomingCall>(&event);
    if (incoming == nullptr) return;
    if (++calls_ % 3 == 0) return world_.peer(0).reject(incoming->call, 486, {}, {}, {}, world_.now);
    const auto answer = sip::make_answer(incoming->info.sdp, doubles::peer_audio());
    if (answer) world_.peer(0).answer(incoming->call, answer->sdp, {}, world_.now);
  }
  void invite(const std::string& number) {
    sip::InviteInfo info;
    info.request_uri.user = number;
    info.request_uri.host = "192.0.2.1";
    info.from.uri.user = "2000";
    info.from.uri.host = "198.51.100.1";
    info.to.uri = info.request_uri;
    info.sdp = sip::make_offer(doubles::peer_audio());
    call_ = world_.peer(0).invite(info, world_.to_gateway(0), world_.now);
    world_.run(50ms);
  }
  void msu(std::size_t link, OctetView octets) {
    media::LinkEvent event{.link = static_cast<std::uint16_t>(link), .msu = {}};
    event.msu.assign(octets.first(std::min<std::size_t>(octets.size(), 272)));
    world_.gateway.handle_link(event, world_.now);
    world_.run(10ms);
  }
  /// What follows the CIC, in the right envelope.
  void isup(std::size_t trunk, std::uint8_t cic, OctetView octets) {
    Octets data{static_cast<Octet>(cic % 34), 0};
    data.insert(data.end(), octets.begin(),
                octets.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(octets.size(), 255)));
    const auto& group = world_.config.isup_trunks[trunk].group;
    mtp::Msu envelope{.label = {.dpc = group.own, .opc = group.destination, .sls = cic}, .data = data};
    msu(trunk, mtp::encode_msu(envelope, ansi_ ? mtp::Variant::ansi : mtp::Variant::itu));
  }
  void from_far(std::size_t trunk, std::uint8_t more) {
    auto& group = world_.ss7.group(trunk);
    const auto cic = static_cast<std::uint16_t>(1 + more % 15);
    using T = isup::MessageType;
    switch (more >> 5) {
      case 0: {
        isup::Message iam(T::iam);
        iam.set(isup::NatureOfConnection{})
            .set(isup::ForwardCallIndicators{})
            .set(isup::CallingPartysCategory{});
        if (ansi_)
          iam.set(isup::UserServiceInformation{});
        else
          iam.set(isup::TransmissionMedium{});
        iam.set(isup::CalledPartyNumber{.digits = (more & 16) != 0 ? "8000" : "1000"});
        (void)group.seize(iam, {.cic = cic}, world_.now);
        break;
      }
      case 1:
        (void)group.send(cic, isup::Message(T::acm).set(isup::BackwardCallIndicators{}), world_.now);
        break;
      case 2:
        (void)group.send(cic, isup::Message(T::anm), world_.now);
        break;
      case 3:
        (void)group.send(cic, isup::Message(T::rel).set(isup::CauseIndicators{.value = 16}), world_.now);
        break;
      case 4:
        group.block(cic, more & 15U, isup::Blocking::hardware, world_.now);
        break;
      case 5:
        group.unblock(cic, more & 15U, isup::Blocking::hardware, world_.now);
        break;
      case 6:
        group.tone_received(cic, world_.now);
        break;
      default:
        world_.gateway.handle_media(media::ContinuityHeard{{1, static_cast<std::uint8_t>(cic)}}, world_.now);
        break;
    }
    world_.run(10ms);
  }

  bool ansi_;
  doubles::GatewayWorld world_;
  sip::SipCall call_{};
  int calls_ = 0;
};

}  // namespace

/// Octet 0: settings. Then events: which, where, how much, length, octets.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || size > 2048) return 0;
  Session session(data[0]);
  for (std::size_t i = 1; i + 3 < size;) {
    const std::size_t length = std::min<std::size_t>(data[i + 3], size - i - 4);
    session.event(data[i], data[i + 1], data[i + 2], {data + i + 4, length});
    i += 4 + length;
  }
  session.finish();
  return 0;
}
