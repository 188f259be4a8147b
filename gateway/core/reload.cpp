#include "gateway/core/reload.h"

#include <algorithm>
#include <array>

#include "gateway/core/reload_rows.h"

namespace tandem::core {
namespace {

/// A key of gateway.sip.
template <auto Member>
constexpr KeyRow<Config> sip_row(std::string_view key, Effect effect) {
  return row<Config, [](auto& c) -> auto& { return c.sip.*Member; }>(key, effect);
}

using enum Effect;
using Sip = sip::UserAgentConfig;
constexpr auto kGateway = std::to_array<KeyRow<Config>>({
    row<Config, &Config::name>("name", now),
    row<Config, &Config::cdr_path>("cdr", restart),
    row<Config, &Config::control_path>("control", restart),
    row<Config, &Config::log_level>("log_level", now),
    row<Config, &Config::audit_interval>("audit_interval_s", now),
    row<Config, &Config::drain_limit>("drain_limit_s", now),
    sip_row<&Sip::listen>("sip.listen", restart),
    sip_row<&Sip::product>("sip.product", now),
    sip_row<&Sip::t1>("sip.t1_ms", restart),
    sip_row<&Sip::t2>("sip.t2_ms", restart),
    sip_row<&Sip::t4>("sip.t4_ms", restart),
    sip_row<&Sip::invite_timeout>("sip.invite_timeout_s", now),
    sip_row<&Sip::max_message>("sip.max_message", now),
    sip_row<&Sip::max_transactions>("sip.max_transactions", restart),
    row<Config, &Config::dscp_sip>("sip.dscp", restart),
    sip_row<&Sip::organization>("sip.organization", now),
    sip_row<&Sip::keepalive>("sip.keepalive_s", now),
    sip_row<&Sip::max_calls>("sip.max_calls", now),
    sip_row<&Sip::calls_per_second>("sip.calls_per_second", now),
    sip_row<&Sip::retry_after>("sip.retry_after_s", now),
    row<Config, &Config::rtp_addresses>("rtp.address", restart),
    {"rtp.ports", restart,
     [](const Config& a, const Config& b) {
       return a.rtp_first_port == b.rtp_first_port && a.rtp_last_port == b.rtp_last_port;
     },
     [](Config& into, const Config& from) {
       into.rtp_first_port = from.rtp_first_port;
       into.rtp_last_port = from.rtp_last_port;
     }},
    row<Config, [](auto& c) -> auto& { return c.media.rtp_timeout; }>("rtp.timeout_s", restart),
    row<Config, &Config::dscp_rtp>("rtp.dscp", restart),
    row<Config, [](auto& c) -> auto& { return c.media.jitter_minimum; }>("rtp.jitter_min_ms", restart),
    row<Config, [](auto& c) -> auto& { return c.media.jitter_maximum; }>("rtp.jitter_max_ms", restart),
    row<Config, &Config::metrics>("metrics.listen", restart),
});

using T = TrunkConfig;
constexpr auto kTrunk = std::to_array<KeyRow<T>>({
    row<T, &T::type>("switch", drained),
    row<T, &T::side>("side", drained),
    row<T, &T::spans>("spans", drained),
    row<T, &T::d_channels>("d_channel", drained),
    row<T, &T::hunt>("hunt", drained),
    row<T, &T::exclusive_channel>("exclusive", now),
    row<T, &T::failure_tone>("failure_tone", now),
    row<T, [](auto& t) -> auto& { return t.numbers.country_code; }>("country_code", now),
    row<T, [](auto& t) -> auto& { return t.numbers.rules; }>("number", now),
    row<T, &T::echo_tail_ms>("echo_tail_ms", now),
    row<T, [](auto& t) -> auto& { return t.gains.receive; }>("receive_gain_db", now),
    row<T, [](auto& t) -> auto& { return t.gains.send; }>("send_gain_db", now),
    row<T, &T::timers>("timers_ms", now),
    row<T, &T::overlap>("overlap", drained),
    row<T, &T::overlap_sending>("overlap_sending", drained),
    row<T, &T::minimum_digits>("minimum_digits", now),
    row<T, &T::dial_tone>("dial_tone", now),
    row<T, &T::service_messages>("service_messages", drained),
    row<T, &T::hold>("hold", drained),
    row<T, &T::transfer>("transfer", drained),
    row<T, &T::inband_disconnect>("inband_disconnect", drained),
    row<T, &T::facility>("network_facility", drained),
    row<T, &T::carrier>("carrier", now),
    row<T, &T::send_display>("send_display", now),
    row<T, &T::send_connected>("send_connected", now),
    row<T, &T::statuses>("cause_to_status", now),
    row<T, &T::announcements>("announcement", now),
    row<T, &T::ringback>("ringback", now),
    row<T, &T::hold_music>("hold_music", now),
});

using P = PeerConfig;
constexpr auto kPeer = std::to_array<KeyRow<P>>({
    {"address", now, [](const P& a, const P& b) { return a.uri == b.uri && a.destination == b.destination; },
     [](P& into, const P& from) {
       into.uri = from.uri;
       into.destination = from.destination;
     }},
    row<P, &P::codecs>("codecs", now),
    row<P, &P::ptime_ms>("ptime_ms", now),
    row<P, &P::maxptime_ms>("maxptime_ms", now),
    row<P, &P::dtmf>("dtmf", now),
    row<P, &P::trusted>("trusted", now),
    row<P, &P::options_interval>("options_interval_s", now),
    row<P, [](auto& p) -> auto& { return p.numbers.country_code; }>("country_code", now),
    row<P, [](auto& p) -> auto& { return p.numbers.rules; }>("number", now),
    row<P, [](auto& p) -> auto& { return p.policy.reliable; }>("reliable", now),
    row<P, [](auto& p) -> auto& { return p.policy.session_expires; }>("session_expires_s", now),
    row<P, [](auto& p) -> auto& { return p.policy.min_se; }>("min_se_s", now),
    row<P, [](auto& p) -> auto& { return p.policy.refresher; }>("refresher", now),
    row<P, &P::symmetric_rtp>("symmetric_rtp", now),
    row<P, &P::comfort_noise>("comfort_noise", now),
    row<P, &P::suppress_silence>("suppress_silence", now),
    row<P, &P::clearmode>("clearmode", now),
    row<P, &P::diversion>("diversion", now),
    row<P, &P::user_to_user>("user_to_user", now),
    row<P, &P::p_early_media>("p_early_media", now),
    row<P, &P::reason_decides>("reason_decides", now),
    row<P, &P::overlap>("overlap", now),
    row<P, &P::follow_redirects>("follow_redirects", now),
    row<P, &P::causes>("status_to_cause", now),
    row<P, &P::announcements>("announcement", now),
    row<P, &P::hold_music>("hold_music", now),
});

using R = RouteConfig;
constexpr auto kRoute = std::to_array<KeyRow<R>>({
    row<R, &R::from>("from", now),
    row<R, &R::match>("match", now),
    row<R, &R::rewrite>("rewrite", now),
    row<R, &R::to>("to", now),
});

using S = tdm::SpanConfig;
constexpr auto kSpan = std::to_array<KeyRow<S>>({
    row<S, &S::type>("type", restart),
    row<S, &S::driver>("driver", restart),
    row<S, &S::local>("local", restart),
    row<S, &S::remote>("remote", restart),
    row<S, &S::clock>("clock", restart),
    row<S, &S::packet_frames>("packet_frames", restart),
    row<S, &S::playout>("playout_ms", restart),
});

template <class Row>
const Row* find_named(const std::vector<Row>& all, std::string_view name) {
  if constexpr (requires(Row one) { one.retired; }) {
    return in_force(all, name);
  } else {
    const auto it = std::ranges::find(all, name, &Row::name);
    return it == all.end() ? nullptr : &*it;
  }
}

/// Peers or spans: by name, wherever they stand.
template <class Row>
void list_named(std::string_view kind, Effect comes_and_goes, std::span<const KeyRow<Row>> rows,
                const std::vector<Row>& running, const std::vector<Row>& wanted, std::vector<Change>& out) {
  for (const auto& one : wanted) {
    const auto whose = std::string(kind) + ' ' + one.name;
    if (const auto* known = find_named(running, one.name))
      list(whose, rows, *known, one, out);
    else
      out.push_back({comes_and_goes, whose + ": new"});
  }
  for (const auto& one : running) {
    if (find_named(running, one.name) == &one && find_named(wanted, one.name) == nullptr)
      out.push_back({comes_and_goes, std::string(kind) + ' ' + one.name + ": removed"});
  }
}

void list_trunks(const Config& running, const Config& wanted, std::vector<Change>& out) {
  for (auto trunk : wanted.trunks) {
    const auto whose = "trunk " + trunk.name;
    const auto* known = in_force(running.trunks, trunk.name);
    if (known == nullptr) {
      // One that was taken out and comes back is still there.
      const bool back = std::ranges::find(running.trunks, trunk.name, &T::name) != running.trunks.end();
      out.push_back({back ? drained : restart, whose + ": new"});
      continue;
    }
    if (!takes_place_of(trunk, *known)) {
      out.push_back(
          {restart, whose + (trunk.spans.empty() ? ": spans changed" : ": backup_d_channel changed")});
      trunk.spans = known->spans;
      trunk.d_channels = known->d_channels;
    }
    list(whose, trunk_rows(), *known, trunk, out);
  }
  for (const auto& trunk : running.trunks) {
    if (!trunk.retired && find_named(wanted.trunks, trunk.name) == nullptr)
      out.push_back({drained, "trunk " + trunk.name + ": removed"});
  }
}

void list_span_media(const Config& running, const Config& wanted, std::vector<Change>& out) {
  for (std::size_t i = 0; i < wanted.spans.size() && i < wanted.media.spans.size(); ++i) {
    const auto it = std::ranges::find(running.spans, wanted.spans[i].name, &S::name);
    const auto k = static_cast<std::size_t>(it - running.spans.begin());
    if (k >= running.media.spans.size()) continue;
    const auto& a = running.media.spans[k];
    const auto& b = wanted.media.spans[i];
    const auto whose = "span " + wanted.spans[i].name;
    if (a.receive_gain.value != b.receive_gain.value)
      out.push_back({now, whose + ": receive_gain_db changed"});
    if (a.send_gain.value != b.send_gain.value) out.push_back({now, whose + ": send_gain_db changed"});
    if (running.media.tones[a.tones] != wanted.media.tones[b.tones])
      out.push_back({restart, whose + ": tones changed"});
  }
}

void list_routes(const Config& running, const Config& wanted, std::vector<Change>& out) {
  const auto both = std::min(running.routes.size(), wanted.routes.size());
  for (std::size_t i = 0; i < std::max(running.routes.size(), wanted.routes.size()); ++i) {
    const auto whose = "route " + std::to_string(i + 1);
    if (i < both)
      list(whose, route_rows(), running.routes[i], wanted.routes[i], out);
    else
      out.push_back({now, whose + (i < wanted.routes.size() ? ": new" : ": removed")});
  }
}

}  // namespace

std::string to_string(const Change& change) {
  switch (change.effect) {
    case now:
      return change.what;
    case drained:
      return change.what + ": waits until drained";
    case restart:
      return change.what + ": needs a restart";
  }
  return change.what;
}

std::span<const KeyRow<Config>> gateway_rows() {
  return kGateway;
}
std::span<const KeyRow<TrunkConfig>> trunk_rows() {
  return kTrunk;
}
std::span<const KeyRow<PeerConfig>> peer_rows() {
  return kPeer;
}
std::span<const KeyRow<RouteConfig>> route_rows() {
  return kRoute;
}
std::span<const KeyRow<tdm::SpanConfig>> span_rows() {
  return kSpan;
}

bool takes_place_of(const TrunkConfig& wanted, const TrunkConfig& running) {
  return !wanted.spans.empty() && wanted.d_channels.size() == running.d_channels.size();
}

Config renumbered(Config wanted, const Config& running) {
  constexpr std::uint16_t kNone = 0xffff;
  std::vector<std::uint16_t> span_of;
  for (const auto& span : wanted.spans) {
    const auto it = std::ranges::find(running.spans, span.name, &S::name);
    span_of.push_back(it == running.spans.end() ? kNone
                                                : static_cast<std::uint16_t>(it - running.spans.begin()));
  }
  for (auto& trunk : wanted.trunks) {
    for (auto& span : trunk.spans) span.span = span_of[span.span];
    for (auto& circuit : trunk.d_channels) circuit.span = span_of[circuit.span];
    if (std::ranges::find(trunk.spans, kNone, &TrunkSpan::span) != trunk.spans.end()) trunk.spans.clear();
  }

  renumber_ss7(wanted, span_of);

  auto recordings = running.media.recordings;
  std::vector<media::RecordingId> recording_of;
  for (auto& recording : wanted.media.recordings) {
    const auto it = std::ranges::find_if(recordings, [&](const media::Recording& known) {
      return known.name == recording.name && known.samples == recording.samples;
    });
    recording_of.push_back(static_cast<media::RecordingId>(it - recordings.begin()));
    if (it == recordings.end()) recordings.push_back(std::move(recording));
  }
  const auto renumber = [&](auto& end) {
    for (auto& announcement : end.announcements)
      announcement.recording = recording_of[announcement.recording];
    if (end.hold_music) end.hold_music = recording_of[*end.hold_music];
  };
  std::ranges::for_each(wanted.trunks, renumber);
  std::ranges::for_each(wanted.isup_trunks, renumber);
  std::ranges::for_each(wanted.peers, renumber);
  wanted.media.recordings = std::move(recordings);
  return wanted;
}

std::vector<Change> differences(const Config& running, const Config& wanted) {
  std::vector<Change> out;
  list("gateway", gateway_rows(), running, wanted, out);
  list_named("span", restart, span_rows(), running.spans, wanted.spans, out);
  list_span_media(running, wanted, out);
  list_trunks(running, wanted, out);
  list_ss7(running, wanted, out);
  list_named("peer", now, peer_rows(), running.peers, wanted.peers, out);
  list_routes(running, wanted, out);
  return out;
}

}  // namespace tandem::core
