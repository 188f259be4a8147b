#include "config/builder.h"

#include "config/building.h"
#include "config/pattern.h"

namespace tandem::config {
namespace {

constexpr std::size_t kMaxSocketPath = 107;  // sun_path of unix(7), without its zero

class Builder {
 public:
  explicit Builder(Building& b) : b_(b) {}

  void run() {
    gateway();
    sip();
    rtp();
    metrics();
    for (auto& table : b_.document.spans) span(table);
    for (auto& table : b_.document.trunks) build_trunk(b_, table);
    build_ss7(b_);
    for (auto& table : b_.document.peers) build_peer(b_, table);
    for (auto& table : b_.document.routes) route(table);
    clocks();
  }

 private:
  void gateway() {
    auto& t = b_.document.gateway;
    b_.parsed(t["name"], b_.config.name, parse_name);
    b_.config.cdr_path = b_.file(t["cdr"]);
    b_.config.control_path = b_.file(t["control"]);
    if (b_.config.control_path.size() > kMaxSocketPath) {
      b_.bad(t["control"], t["control"].at,
             "control is longer than a socket's path may be (" + std::to_string(kMaxSocketPath) +
                 " octets): choose a shorter one");
    }
    if (!t["control"].bad && b_.config.control_path == b_.config.cdr_path) {
      b_.bad(t["control"], t["control"].at,
             "control = " + in_quotes(b_.config.control_path) +
                 " is the file of cdr already: choose another path");
    }
    b_.config.log_level = t["log_level"].text();
    b_.config.audit_interval = duration<std::chrono::seconds>(t["audit_interval_s"]);
    b_.config.drain_limit = duration<std::chrono::seconds>(t["drain_limit_s"]);
  }

  void sip() {
    auto& t = b_.document.sip;
    auto& out = b_.config.sip;
    auto& listen = t["listen"];
    const auto texts = listen.list();
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const auto address = parse_listen(texts[i]);
      if (address) {
        out.listen.push_back(*address);
      } else {
        b_.bad(listen, listen.elements[i], "listen = " + in_quotes(texts[i]) + ": " + address.error());
      }
    }
    out.product = t["product"].text();
    out.t1 = duration<std::chrono::milliseconds>(t["t1_ms"]);
    out.t2 = duration<std::chrono::milliseconds>(t["t2_ms"]);
    out.t4 = duration<std::chrono::milliseconds>(t["t4_ms"]);
    if (!t["t1_ms"].bad && !t["t2_ms"].bad && out.t2 < out.t1) {
      b_.bad(t["t2_ms"], (t["t2_ms"].given ? t["t2_ms"] : t["t1_ms"]).at,
             "t2_ms is shorter than t1_ms: retransmissions start at T1 and slow down to T2");
    }
    out.invite_timeout = duration<std::chrono::seconds>(t["invite_timeout_s"]);
    out.max_message = static_cast<std::size_t>(t["max_message"].integer());
    out.max_transactions = static_cast<std::size_t>(t["max_transactions"].integer());
    out.organization = t["organization"].text();
    out.keepalive = duration<std::chrono::seconds>(t["keepalive_s"]);
    out.max_calls = static_cast<std::size_t>(t["max_calls"].integer());
    out.calls_per_second = t["calls_per_second"].number();
    out.retry_after = duration<std::chrono::seconds>(t["retry_after_s"]);
    b_.config.dscp_sip = static_cast<int>(t["dscp"].integer());
  }

  void rtp() {
    auto& t = b_.document.rtp;
    rtp_addresses(t["address"]);
    std::pair ports{b_.config.rtp_first_port, b_.config.rtp_last_port};
    b_.parsed(t["ports"], ports, parse_port_range);
    std::tie(b_.config.rtp_first_port, b_.config.rtp_last_port) = ports;
    b_.config.dscp_rtp = static_cast<int>(t["dscp"].integer());
    b_.config.media.rtp_timeout = duration<std::chrono::seconds>(t["timeout_s"]);
    b_.config.media.jitter_minimum = duration<std::chrono::milliseconds>(t["jitter_min_ms"]);
    b_.config.media.jitter_maximum = duration<std::chrono::milliseconds>(t["jitter_max_ms"]);
    auto& most = t["jitter_max_ms"];
    auto& least = t["jitter_min_ms"];
    if (!most.bad && !least.bad && b_.config.media.jitter_maximum < b_.config.media.jitter_minimum) {
      b_.bad(most, (most.given ? most : least).at, "jitter_max_ms is below jitter_min_ms: exchange them");
    }
  }

  void rtp_addresses(Entry& entry) {
    if (entry.bad) return;
    auto& out = b_.config.rtp_addresses;
    const auto texts = entry.list();
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const auto what = "address = " + in_quotes(texts[i]);
      const auto address = parse_host(texts[i]);
      if (!address) return b_.bad(entry, entry.elements[i], what + ": " + address.error());
      if (std::ranges::find(out, address->v6, &SocketAddress::v6) != out.end()) {
        return b_.bad(entry, entry.elements[i],
                      what + " is the second of IPv" + (address->v6 ? '6' : '4') +
                          ": write one of each version at most");
      }
      out.push_back(*address);
    }
  }

  void metrics() {
    auto& t = b_.document.metrics;
    if (!t.given) return;
    core::MetricsConfig out;
    b_.parsed(t["listen"], out.address, [](const std::string& text) { return parse_endpoint(text, true); });
    if (!t["listen"].bad) b_.config.metrics = out;
  }

  void span(Table& t) {
    auto& out = b_.config.spans.emplace_back();
    auto& media = b_.config.media.spans.emplace_back();
    out.name = t["name"].text();
    b_.parsed(t["name"], out.name, parse_name);
    if (t.unusable) return;
    out.type = choice<tdm::SpanType>(t["type"]);
    out.driver = choice<tdm::SpanDriver>(t["driver"]);
    b_.parsed(t["local"], out.local, [](const std::string& text) { return parse_endpoint(text, true); });
    b_.parsed(t["remote"], out.remote, [](const std::string& text) { return parse_endpoint(text); });
    if (!t["local"].bad && !t["remote"].bad) {
      if (out.local.v6 != out.remote.v6) {
        b_.bad(t["remote"], t["remote"].at,
               "local and remote are not both IPv4 or both IPv6: make them alike");
      } else if (out.local == out.remote) {
        b_.bad(t["remote"], t["remote"].at, "remote is local itself: write the address of the far end");
      }
    }
    out.clock = choice<tdm::ClockSource>(t["clock"]);
    out.packet_frames = static_cast<int>(t["packet_frames"].integer());
    out.playout = duration<std::chrono::milliseconds>(t["playout_ms"]);
    if (!t["playout_ms"].bad && !t["packet_frames"].bad &&
        t["playout_ms"].integer() * 8 < out.packet_frames) {
      const auto& entry = t["playout_ms"].given ? t["playout_ms"] : t["packet_frames"];
      b_.problems.add(entry.at, "playout_ms holds less than one packet of " +
                                    std::to_string(out.packet_frames) + " frames: make it " +
                                    std::to_string(out.packet_frames / 8) + " or more");
    }
    // G.711: the law goes with the multiplex.
    media.law = out.type == tdm::SpanType::e1 ? Law::a : Law::mu;
    media.receive_gain.value = static_cast<float>(t["receive_gain_db"].number());
    media.send_gain.value = static_cast<float>(t["send_gain_db"].number());
  }

  void route(Table& t) {
    auto& out = b_.config.routes.emplace_back();
    out.from = t["from"].text();
    out.match = t["match"].text();
    out.rewrite = t["rewrite"].text();
    out.to = t["to"].list();
    auto& match = t["match"];
    if (match.bad) return;
    const auto groups = check_pattern(out.match);
    if (!groups) {
      return b_.bad(match, match.at, "match = " + in_quotes(out.match) + ' ' + groups.error());
    }
    if (t["rewrite"].bad) return;
    if (const auto wrong = check_rewrite(out.rewrite, *groups); !wrong.empty()) {
      b_.bad(t["rewrite"], t["rewrite"].at, "rewrite = " + in_quotes(out.rewrite) + ' ' + wrong);
    }
  }

  /// A span without `clock` follows the far end when that is the network (I.431: the network gives the
  /// clock).
  void clocks() {
    for (const auto& trunk : b_.config.trunks) {
      if (trunk.side != tdm::pri::Side::user) continue;
      for (const auto& used : trunk.spans) {
        const auto& span = b_.document.spans[used.span];
        if (!span.unusable && !span["clock"].given)
          b_.config.spans[used.span].clock = tdm::ClockSource::recovered;
      }
    }
  }

  Building& b_;
};

}  // namespace

void build(Document& document, core::Config& config, Problems& problems) {
  Building building{document, config, problems};
  Builder(building).run();
}

}  // namespace tandem::config
