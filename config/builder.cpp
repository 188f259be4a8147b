#include "config/builder.h"

#include <algorithm>
#include <utility>

#include "config/forms.h"
#include "config/pattern.h"

namespace tandem::config {
namespace {

constexpr std::size_t kMaxSocketPath = 107;  // sun_path of unix(7), without its zero

template <class Unit>
Duration duration(const Entry& entry) {
  return Unit(entry.integer());
}

/// The index of a key's value among its choices, which are in the order of the enumeration.
template <class Enum>
Enum choice(const Entry& entry) {
  const auto it = std::ranges::find(entry.key->choices, entry.text());
  if (it == entry.key->choices.end()) return Enum{};  // bad
  return static_cast<Enum>(it - entry.key->choices.begin());
}

class Builder {
 public:
  Builder(Document& document, core::Config& config, Problems& problems)
      : document_(document), config_(config), problems_(problems) {}

  void run() {
    gateway();
    sip();
    rtp();
    for (auto& table : document_.spans) span(table);
    for (auto& table : document_.trunks) trunk(table);
    for (auto& table : document_.peers) peer(table);
    for (auto& table : document_.routes) route(table);
    clocks();
  }

 private:
  void bad(Entry& entry, Position at, std::string message) {
    entry.bad = true;
    problems_.add(at, std::move(message));
  }

  /// Puts a string's parsed form into `into`; says what is wrong with it otherwise.
  template <class T, class Parse>
  void parsed(Entry& entry, T& into, Parse&& parse) {
    if (entry.bad) return;
    auto value = parse(entry.text());
    if (value) {
      into = std::move(*value);
    } else {
      bad(entry, entry.at,
          std::string(entry.key->name) + " = " + in_quotes(entry.text()) + ": " + value.error());
    }
  }

  void gateway() {
    auto& t = document_.gateway;
    parsed(t["name"], config_.name, parse_name);
    config_.cdr_path = file(t["cdr"]);
    config_.control_path = file(t["control"]);
    if (config_.control_path.size() > kMaxSocketPath) {
      bad(t["control"], t["control"].at,
          "control is longer than a socket's path may be (" + std::to_string(kMaxSocketPath) +
              " octets): choose a shorter one");
    }
    if (!t["control"].bad && config_.control_path == config_.cdr_path) {
      bad(t["control"], t["control"].at,
          "control = " + in_quotes(config_.control_path) +
              " is the file of cdr already: choose another path");
    }
    config_.log_level = t["log_level"].text();
    config_.drain_limit = duration<std::chrono::seconds>(t["drain_limit_s"]);
  }

  std::string file(Entry& entry) {
    auto path = entry.text();
    if (!entry.bad && (path.empty() || path.ends_with('/'))) {
      bad(entry, entry.at,
          std::string(entry.key->name) + " = " + in_quotes(path) + ": write the path of a file");
    }
    return path;
  }

  void sip() {
    auto& t = document_.sip;
    auto& out = config_.sip;
    auto& listen = t["listen"];
    const auto texts = listen.list();
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const auto address = parse_listen(texts[i]);
      if (address) {
        out.listen.push_back(*address);
      } else {
        bad(listen, listen.elements[i], "listen = " + in_quotes(texts[i]) + ": " + address.error());
      }
    }
    out.product = t["product"].text();
    out.t1 = duration<std::chrono::milliseconds>(t["t1_ms"]);
    out.t2 = duration<std::chrono::milliseconds>(t["t2_ms"]);
    out.t4 = duration<std::chrono::milliseconds>(t["t4_ms"]);
    if (!t["t1_ms"].bad && !t["t2_ms"].bad && out.t2 < out.t1) {
      bad(t["t2_ms"], (t["t2_ms"].given ? t["t2_ms"] : t["t1_ms"]).at,
          "t2_ms is shorter than t1_ms: retransmissions start at T1 and slow down to T2");
    }
    out.invite_timeout = duration<std::chrono::seconds>(t["invite_timeout_s"]);
    out.max_message = static_cast<std::size_t>(t["max_message"].integer());
    out.max_transactions = static_cast<std::size_t>(t["max_transactions"].integer());
    config_.dscp_sip = static_cast<int>(t["dscp"].integer());
  }

  void rtp() {
    auto& t = document_.rtp;
    parsed(t["address"], config_.rtp_address, parse_host);
    std::pair ports{config_.rtp_first_port, config_.rtp_last_port};
    parsed(t["ports"], ports, parse_port_range);
    std::tie(config_.rtp_first_port, config_.rtp_last_port) = ports;
    config_.dscp_rtp = static_cast<int>(t["dscp"].integer());
    config_.media.rtp_timeout = duration<std::chrono::seconds>(t["timeout_s"]);
    config_.media.jitter_minimum = duration<std::chrono::milliseconds>(t["jitter_min_ms"]);
    config_.media.jitter_maximum = duration<std::chrono::milliseconds>(t["jitter_max_ms"]);
    auto& most = t["jitter_max_ms"];
    auto& least = t["jitter_min_ms"];
    if (!most.bad && !least.bad && config_.media.jitter_maximum < config_.media.jitter_minimum) {
      bad(most, (most.given ? most : least).at, "jitter_max_ms is below jitter_min_ms: exchange them");
    }
  }

  void span(Table& t) {
    auto& out = config_.spans.emplace_back();
    auto& media = config_.media.spans.emplace_back();
    out.name = t["name"].text();
    parsed(t["name"], out.name, parse_name);
    if (t.unusable) return;
    out.type = choice<tdm::SpanType>(t["type"]);
    out.driver = choice<tdm::SpanDriver>(t["driver"]);
    parsed(t["local"], out.local, [](const std::string& text) { return parse_endpoint(text, true); });
    parsed(t["remote"], out.remote, [](const std::string& text) { return parse_endpoint(text); });
    if (!t["local"].bad && !t["remote"].bad) {
      if (out.local.v6 != out.remote.v6) {
        bad(t["remote"], t["remote"].at, "local and remote are not both IPv4 or both IPv6: make them alike");
      } else if (out.local == out.remote) {
        bad(t["remote"], t["remote"].at, "remote is local itself: write the address of the far end");
      }
    }
    out.clock = choice<tdm::ClockSource>(t["clock"]);
    out.packet_frames = static_cast<int>(t["packet_frames"].integer());
    out.playout = duration<std::chrono::milliseconds>(t["playout_ms"]);
    if (!t["playout_ms"].bad && !t["packet_frames"].bad &&
        t["playout_ms"].integer() * 8 < out.packet_frames) {
      const auto& entry = t["playout_ms"].given ? t["playout_ms"] : t["packet_frames"];
      problems_.add(entry.at, "playout_ms holds less than one packet of " +
                                  std::to_string(out.packet_frames) + " frames: make it " +
                                  std::to_string(out.packet_frames / 8) + " or more");
    }
    // G.711: the law goes with the multiplex.
    media.law = out.type == tdm::SpanType::e1 ? Law::a : Law::mu;
    media.receive_gain.value = static_cast<float>(t["receive_gain_db"].number());
    media.send_gain.value = static_cast<float>(t["send_gain_db"].number());
  }

  void trunk(Table& t) {
    auto& out = config_.trunks.emplace_back();
    parsed(t["name"], out.name, parse_name);
    config_.media.d_channels.emplace_back();
    if (t.unusable) return;
    out.type = choice<tdm::pri::Switch>(t["switch"]);
    out.side = choice<tdm::pri::Side>(t["side"]);
    out.hunt = choice<core::Hunt>(t["hunt"]);
    out.exclusive_channel = t["exclusive"].boolean();
    out.failure_tone = choice<core::FailureTone>(t["failure_tone"]);
    parsed(t["country_code"], out.numbers.country_code, parse_country_code);
    out.echo_tail_ms = static_cast<int>(t["echo_tail_ms"].integer());
    const tdm::SpanConfig* span = find_span(t["spans"], out.span);
    circuits(t, span, out);
    config_.media.d_channels.back() = {out.span, out.d_timeslot};
  }

  const tdm::SpanConfig* find_span(Entry& entry, std::uint16_t& index) {
    const auto names = entry.list();
    if (entry.bad || names.empty()) return nullptr;
    const auto it = std::ranges::find(config_.spans, names[0], &tdm::SpanConfig::name);
    if (it == config_.spans.end()) {
      bad(entry, entry.elements[0], "there is no span " + in_quotes(names[0]) + near_span(names[0]));
      return nullptr;
    }
    index = static_cast<std::uint16_t>(it - config_.spans.begin());
    return &*it;
  }

  std::string near_span(std::string_view name) {
    std::vector<std::string_view> names;
    for (const auto& s : config_.spans) names.push_back(s.name);
    const auto near = nearest(name, names);
    if (near.empty()) return ": add a [[span]] with this name, or name another";
    return ": did you mean \"" + std::string(near) + "\"?";
  }

  void circuits(Table& t, const tdm::SpanConfig* span, core::TrunkConfig& out) {
    const bool type_known = span != nullptr && !span_table(out)["type"].bad;
    const int last = type_known ? timeslot_count(span->type) : tdm::kMaxTimeslots;
    SpanTimeslot d;
    auto& entry = t["d_channel"];
    parsed(entry, d, parse_span_timeslot);
    if (!entry.bad && span != nullptr && d.span != span->name) {
      bad(entry, entry.at,
          "d_channel = " + in_quotes(entry.text()) + " is not on the trunk's span: write \"" + span->name +
              ':' + std::to_string(d.timeslot) + '"');
    }
    if (!entry.bad && (d.timeslot < 1 || d.timeslot > last)) {
      bad(entry, entry.at,
          "d_channel = " + in_quotes(entry.text()) + " is outside the span: it has timeslots 1 to " +
              std::to_string(last));
    }
    if (!entry.bad) out.d_timeslot = d.timeslot;
    auto& slots = t["timeslots"];
    if (slots.given) {
      parsed(slots, out.timeslots, [&](const std::string& text) { return parse_timeslots(text, last); });
      if (!slots.bad && !entry.bad &&
          std::ranges::find(out.timeslots, out.d_timeslot) != out.timeslots.end()) {
        bad(slots, slots.at,
            "timeslots = " + in_quotes(slots.text()) + " holds the D channel, timeslot " +
                std::to_string(out.d_timeslot) + ": leave it out");
      }
    } else {
      for (int slot = 1; slot <= last; ++slot) {
        if (slot != out.d_timeslot) out.timeslots.push_back(static_cast<std::uint8_t>(slot));
      }
    }
  }

  const Table& span_table(const core::TrunkConfig& trunk) const { return document_.spans[trunk.span]; }

  void peer(Table& t) {
    auto& out = config_.peers.emplace_back();
    parsed(t["name"], out.name, parse_name);
    PeerAddress address;
    parsed(t["address"], address, parse_peer_address);
    out.uri = address.uri;
    out.destination.transport = address.transport;
    out.destination.remote = address.address;
    if (!t["address"].bad && !document_.sip["listen"].bad) leave_from(t["address"], out);
    out.codecs.clear();
    for (const auto& name : t["codecs"].list()) out.codecs.push_back(name == "PCMA" ? Law::a : Law::mu);
    out.ptime_ms = static_cast<int>(t["ptime_ms"].integer());
    out.dtmf = t["dtmf"].text() == "rfc4733" ? core::DtmfMode::rfc4733 : core::DtmfMode::inband;
    out.trusted = t["trusted"].boolean();
    out.options_interval = duration<std::chrono::seconds>(t["options_interval_s"]);
    parsed(t["country_code"], out.numbers.country_code, parse_country_code);
  }

  /// Requests to a peer leave from the first listening address of its transport and IP version.
  void leave_from(Entry& entry, core::PeerConfig& out) {
    const auto fits = [&](const sip::ListenAddress& listen) {
      return listen.transport == out.destination.transport && listen.address.v6 == out.destination.remote.v6;
    };
    const auto it = std::ranges::find_if(config_.sip.listen, fits);
    if (it != config_.sip.listen.end()) {
      out.destination.local = it->address;
      return;
    }
    const std::string transport = out.destination.transport == sip::Transport::udp ? "udp" : "tcp";
    bad(entry, entry.at,
        "address = " + in_quotes(entry.text()) + " cannot be reached: listen in [gateway.sip] has no \"" +
            transport + ":\" address of IPv" + (out.destination.remote.v6 ? '6' : '4'));
  }

  void route(Table& t) {
    auto& out = config_.routes.emplace_back();
    out.from = t["from"].text();
    out.match = t["match"].text();
    out.rewrite = t["rewrite"].text();
    out.to = t["to"].list();
    auto& match = t["match"];
    if (match.bad) return;
    const auto groups = check_pattern(out.match);
    if (!groups) {
      return bad(match, match.at, "match = " + in_quotes(out.match) + ' ' + groups.error());
    }
    if (t["rewrite"].bad) return;
    if (const auto wrong = check_rewrite(out.rewrite, *groups); !wrong.empty()) {
      bad(t["rewrite"], t["rewrite"].at, "rewrite = " + in_quotes(out.rewrite) + ' ' + wrong);
    }
  }

  /// A span without `clock` follows the far end when that is the network (I.431: the network gives the
  /// clock).
  void clocks() {
    for (const auto& trunk : config_.trunks) {
      if (trunk.side != tdm::pri::Side::user || trunk.span >= config_.spans.size()) continue;
      auto& span = document_.spans[trunk.span];
      if (!span.unusable && !span["clock"].given)
        config_.spans[trunk.span].clock = tdm::ClockSource::recovered;
    }
  }

  Document& document_;
  core::Config& config_;
  Problems& problems_;
};

}  // namespace

void build(Document& document, core::Config& config, Problems& problems) {
  Builder(document, config, problems).run();
}

}  // namespace tandem::config
