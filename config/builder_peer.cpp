#include "config/building.h"

namespace tandem::config {
namespace {

/// Requests to a peer leave from the first listening address of its transport and IP version.
void leave_from(Building& b, Entry& entry, core::PeerConfig& out) {
  const auto fits = [&](const sip::ListenAddress& listen) {
    return listen.transport == out.destination.transport && listen.address.v6 == out.destination.remote.v6;
  };
  const auto it = std::ranges::find_if(b.config.sip.listen, fits);
  if (it != b.config.sip.listen.end()) {
    out.destination.local = it->address;
    return;
  }
  const std::string transport = out.destination.transport == sip::Transport::udp ? "udp" : "tcp";
  b.bad(entry, entry.at,
        "address = " + in_quotes(entry.text()) + " cannot be reached: listen in [gateway.sip] has no \"" +
            transport + ":\" address of IPv" + (out.destination.remote.v6 ? '6' : '4'));
}

void session(Building& b, Table& t, sip::CallPolicy& out) {
  out.reliable = choice<sip::Reliable>(t["reliable"]);
  out.refresher = choice<sip::Refresher>(t["refresher"]);
  out.session_expires = duration<std::chrono::seconds>(t["session_expires_s"]);
  out.min_se = duration<std::chrono::seconds>(t["min_se_s"]);
  auto& expires = t["session_expires_s"];
  if (expires.bad || t["min_se_s"].bad || expires.integer() == 0) return;
  if (expires.integer() < t["min_se_s"].integer()) {
    b.bad(expires, expires.at,
          "session_expires_s is below min_se_s, " + std::to_string(t["min_se_s"].integer()) +
              " (RFC 4028 7.1): make it that or more, or 0 for none");
  }
}

}  // namespace

void build_peer(Building& b, Table& t) {
  auto& out = b.config.peers.emplace_back();
  b.parsed(t["name"], out.name, parse_name);
  PeerAddress address;
  b.parsed(t["address"], address, parse_peer_address);
  out.uri = address.uri;
  out.destination.transport = address.transport;
  out.destination.remote = address.address;
  if (!t["address"].bad && !b.document.sip["listen"].bad) leave_from(b, t["address"], out);
  out.codecs.clear();
  for (const auto& name : t["codecs"].list()) out.codecs.push_back(name == "PCMA" ? Law::a : Law::mu);
  out.ptime_ms = static_cast<int>(t["ptime_ms"].integer());
  out.maxptime_ms = static_cast<int>(t["maxptime_ms"].integer());
  if (!t["ptime_ms"].bad && !t["maxptime_ms"].bad && out.maxptime_ms < out.ptime_ms) {
    b.bad(t["maxptime_ms"], (t["maxptime_ms"].given ? t["maxptime_ms"] : t["ptime_ms"]).at,
          "maxptime_ms is below ptime_ms: make it " + std::to_string(out.ptime_ms) + " or more");
  }
  out.dtmf = choice<core::DtmfMode>(t["dtmf"]);
  out.trusted = t["trusted"].boolean();
  out.options_interval = duration<std::chrono::seconds>(t["options_interval_s"]);
  b.parsed(t["country_code"], out.numbers.country_code, parse_country_code);
  out.numbers.rules = b.number_rules(t.numbers);
  session(b, t, out.policy);
  out.symmetric_rtp = choice<media::SourceLearning>(t["symmetric_rtp"]);
  out.comfort_noise = t["comfort_noise"].boolean();
  out.suppress_silence = t["suppress_silence"].boolean();
  if (out.suppress_silence && !out.comfort_noise && !t["comfort_noise"].bad) {
    b.bad(t["suppress_silence"], t["suppress_silence"].at,
          "suppress_silence needs comfort_noise, for that is what is sent instead: turn it on");
  }
  out.clearmode = t["clearmode"].boolean();
  out.diversion = choice<core::DiversionHeader>(t["diversion"]);
  out.user_to_user = t["user_to_user"].boolean();
  out.p_early_media = t["p_early_media"].boolean();
  out.reason_decides = t["reason_decides"].boolean();
  out.overlap = t["overlap"].boolean();
  out.follow_redirects = static_cast<int>(t["follow_redirects"].integer());
  out.causes = b.overrides(t["status_to_cause"], true);
  out.announcements = b.announcements(t.announcements);
  if (t["hold_music"].given) out.hold_music = b.recording(t["hold_music"]);
}

}  // namespace tandem::config
