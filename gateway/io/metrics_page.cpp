#include "gateway/io/metrics_page.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <limits>
#include <sstream>

namespace tandem::io {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<ClientMetric::Label>;

class Page {
 public:
  Page& family(const char* name, const char* help, MetricType type) {
    families_.push_back({name, help, type, {}});
    return *this;
  }
  Page& counter(const char* name, const char* help) { return family(name, help, MetricType::Counter); }
  Page& gauge(const char* name, const char* help) { return family(name, help, MetricType::Gauge); }
  /// A value of the last family.
  template <class Number>
  Page& value(Number number, Labels labels = {}) {
    auto& metric = families_.back().metric.emplace_back();
    metric.label = std::move(labels);
    metric.counter.value = metric.gauge.value = static_cast<double>(number);
    return *this;
  }
  template <std::size_t N>
  void histogram(const char* name, const char* help, const core::Histogram<N>& from) {
    family(name, help, MetricType::Histogram);
    auto& metric = families_.back().metric.emplace_back();
    std::uint64_t count = 0;
    for (std::size_t i = 0; i <= N; ++i) {
      count += from.counts[i];
      metric.histogram.bucket.push_back(
          {count, i < N ? from.bounds[i] : std::numeric_limits<double>::infinity()});
    }
    metric.histogram.sample_count = count;
    metric.histogram.sample_sum = from.sum;
  }
  [[nodiscard]] std::string text() const {
    std::ostringstream out;
    prometheus::TextSerializer().Serialize(out, families_);
    return out.str();
  }

 private:
  std::vector<MetricFamily> families_;
};

double seconds(WallTime at) {
  return std::chrono::duration<double>(at.time_since_epoch()).count();
}

void calls(Page& page, const core::Gateway& gateway, const core::Status& status) {
  page.gauge("tandem_info", "1; the name of the gateway").value(1, {{"name", status.name}});
  page.gauge("tandem_start_time_seconds", "When the process began").value(seconds(status.started));
  page.gauge("tandem_draining", "1 while new calls are refused").value(status.draining ? 1 : 0);
  page.gauge("tandem_reload_pending", "Changes of the last reload that wait").value(status.pending.size());
  page.gauge("tandem_calls", "Calls in progress").value(status.calls);
  page.counter("tandem_call_attempts_total", "Attempts begun").value(status.attempts);
  page.counter("tandem_calls_answered_total", "Calls answered").value(status.answered);
  page.counter("tandem_calls_failed_total", "Attempts that ended without answer").value(status.failed);
  const auto& metrics = gateway.call_metrics();
  page.counter(
      "tandem_attempts_ended_total",
      "Attempts ended, by trunk or peer, direction as seen from the gateway, Q.850 cause, SIP status");
  for (const auto& [kind, count] : metrics.attempts())
    page.value(count, {{"party", kind.party},
                       {"kind", kind.trunk ? "trunk" : "peer"},
                       {"direction", kind.incoming ? "in" : "out"},
                       {"cause", std::to_string(kind.cause)},
                       {"sip_status", std::to_string(kind.sip_status)}});
  page.histogram("tandem_answer_seconds", "From the start of an attempt to its answer",
                 metrics.answer_seconds);
  page.histogram("tandem_talk_seconds", "From answer to release", metrics.talk_seconds);
  page.histogram("tandem_rtp_loss_ratio", "RTP packets lost on the way here, by attempt", metrics.loss_ratio);
  page.histogram("tandem_rtp_jitter_seconds", "Interarrival jitter (RFC 3550), by attempt",
                 metrics.jitter_seconds);
  page.histogram("tandem_rtp_mos", "Estimated quality heard (G.107), by attempt", metrics.mos);
}

void trunks(Page& page, const core::Status& status) {
  page.gauge("tandem_circuits", "Circuits by trunk and state");
  for (const auto& trunk : status.trunks) {
    page.value(trunk.idle, {{"trunk", trunk.name}, {"state", "idle"}});
    page.value(trunk.busy, {{"trunk", trunk.name}, {"state", "busy"}});
    page.value(trunk.blocked, {{"trunk", trunk.name}, {"state", "blocked"}});
    page.value(trunk.out_of_service, {{"trunk", trunk.name}, {"state", "out_of_service"}});
  }
  page.gauge("tandem_d_channel_up", "1: the D channel of the trunk is up");
  for (const auto& trunk : status.trunks)
    if (trunk.signalling == "pri") page.value(trunk.up ? 1 : 0, {{"trunk", trunk.name}});
  page.gauge("tandem_trunk_up", "1: calls can be signalled on the trunk");
  for (const auto& trunk : status.trunks)
    page.value(trunk.up ? 1 : 0, {{"trunk", trunk.name}, {"signalling", trunk.signalling}});
  page.gauge("tandem_peer_state", "1: the peer is in this state, as its answers to OPTIONS say");
  for (const auto& peer : status.peers)
    for (const auto* state : {"reachable", "unreachable", "unknown", "not watched", "overloaded"})
      page.value(peer.state == state ? 1 : 0, {{"peer", peer.name}, {"state", state}});
}

void isup(Page& page, const core::Status& status) {
  page.counter("tandem_isup_messages_total", "ISUP messages of the trunk, by what became of them");
  for (const auto& trunk : status.trunks) {
    if (!trunk.isup) continue;
    const auto& counters = *trunk.isup;
    page.value(counters.received, {{"trunk", trunk.name}, {"what", "received"}});
    page.value(counters.sent, {{"trunk", trunk.name}, {"what", "sent"}});
    page.value(counters.malformed, {{"trunk", trunk.name}, {"what", "malformed"}});
    page.value(counters.unknown_cic, {{"trunk", trunk.name}, {"what", "unknown_cic"}});
    page.value(counters.unexpected, {{"trunk", trunk.name}, {"what", "unexpected"}});
    page.value(counters.unrecognized, {{"trunk", trunk.name}, {"what", "unrecognized"}});
  }
  page.counter("tandem_isup_dual_seizures_total", "Calls of both ends that met on a circuit");
  for (const auto& trunk : status.trunks)
    if (trunk.isup) page.value(trunk.isup->dual_seizures, {{"trunk", trunk.name}});
  page.counter("tandem_isup_refusals_total", "Calls refused for congestion or want of circuits");
  for (const auto& trunk : status.trunks)
    if (trunk.isup) page.value(trunk.isup->refused, {{"trunk", trunk.name}});
}

void networks(Page& page, const core::Status& status) {
  page.counter("tandem_mtp_messages_total", "Messages at level 3 (Q.704), by what became of them");
  for (const auto& network : status.networks) {
    const auto& counters = network.counters;
    const auto what = [&](const char* name, std::uint64_t count) {
      page.value(count, {{"network", network.name}, {"what", name}});
    };
    what("received", counters.received);
    what("delivered", counters.delivered);
    what("transferred", counters.transferred);
    what("sent", counters.sent);
    what("malformed", counters.malformed);
    what("wrong_network", counters.wrong_network);
    what("wrong_destination", counters.wrong_destination);
    what("no_user", counters.no_user);
    what("no_route", counters.no_route);
    what("no_trunk", network.no_trunk);
    what("held_too_many", counters.held_too_many);
    what("unexpected", counters.unexpected);
  }
  page.counter("tandem_mtp_events_total", "Changeovers, changebacks and failed link tests (Q.704, Q.707)");
  for (const auto& network : status.networks) {
    page.value(network.counters.changeovers, {{"network", network.name}, {"what", "changeover"}});
    page.value(network.counters.changebacks, {{"network", network.name}, {"what", "changeback"}});
    page.value(network.counters.tests_failed, {{"network", network.name}, {"what", "test_failed"}});
  }
}

/// Level 3's view of the signalling links, and the counters of level 2: tables 1 to 3 of Q.752.
void links(Page& page, const std::vector<core::LinkStatus>& links, const ProcessNumbers& process) {
  const auto of = [](const core::LinkStatus& link, const char* label = nullptr, const char* value = nullptr) {
    Labels labels{{"linkset", link.linkset}, {"slc", std::to_string(link.slc)}};
    if (label != nullptr) labels.push_back({label, value});
    return labels;
  };
  page.gauge("tandem_link_state", "1: the signalling link is in this state (Q.704)");
  for (const auto& link : links)
    for (const auto* state : {"carrying", "available", "down", "deactivated"})
      page.value(link.state == state ? 1 : 0, of(link, "state", state));
  page.gauge("tandem_link_inhibited", "1: inhibited by this end or the other (Q.704 10)");
  for (const auto& link : links)
    for (const auto* by : {"local", "remote"})
      page.value(link.inhibited.find(by) == std::string::npos ? 0 : 1, of(link, "by", by));
  page.gauge("tandem_link_congestion", "Congestion of the transmission buffer, 0 to 3 (Q.704 3.8)");
  for (const auto& link : links) page.value(link.congestion, of(link));
  const auto each = [&](const char* label, const char* value, auto&& number) {
    for (const auto& link : links)
      if (link.link < process.links.size())
        page.value(number(process.links[link.link].counters), of(link, label, value));
  };
  using C = mtp::LinkCounters;
  page.counter("tandem_link_in_service_seconds_total", "Time in service (Q.752 1.1)");
  each(nullptr, nullptr, [](const C& c) { return std::chrono::duration<double>(c.in_service).count(); });
  page.counter("tandem_link_failures_total", "Failures of the link for any reason (Q.752 1.2)");
  each(nullptr, nullptr, [](const C& c) { return c.failures; });
  page.counter("tandem_link_failure_reasons_total", "Failures, by reason (Q.752 1.3 to 1.7)");
  each("reason", "abnormal_fib_bsn", [](const C& c) { return c.abnormal_fib_bsn; });
  each("reason", "acknowledgement_delay", [](const C& c) { return c.acknowledgement_delay; });
  each("reason", "error_rate", [](const C& c) { return c.error_rate; });
  each("reason", "congestion", [](const C& c) { return c.congestion_too_long; });
  each("reason", "alignment", [](const C& c) { return c.alignment_failures; });
  page.counter("tandem_link_signal_units_in_error_total", "Signal units in error (Q.752 1.8)");
  each(nullptr, nullptr, [](const C& c) { return c.signal_units_in_error; });
  page.counter("tandem_link_negative_acknowledgements_total", "Requests to repeat (received: Q.752 1.9)");
  each("direction", "received", [](const C& c) { return c.negative_acknowledgements; });
  each("direction", "sent", [](const C& c) { return c.negative_acknowledgements_sent; });
  page.counter("tandem_link_remote_outages_total", "Processor outages over there (Q.752 2.10)");
  each(nullptr, nullptr, [](const C& c) { return c.remote_outages; });
  page.counter("tandem_link_octets_total", "Octets of SIF and SIO (Q.752 3.1, 3.2, 3.4)");
  each("what", "sent", [](const C& c) { return c.octets_sent; });
  each("what", "resent", [](const C& c) { return c.octets_resent; });
  each("what", "received", [](const C& c) { return c.octets_received; });
  page.counter("tandem_link_msus_total", "Message signal units (Q.752 3.3, 3.5, 3.10)");
  each("what", "sent", [](const C& c) { return c.msus_sent; });
  each("what", "received", [](const C& c) { return c.msus_received; });
  each("what", "discarded", [](const C& c) { return c.msus_discarded; });
  page.counter("tandem_link_congestions_total",
               "Times that the transmission buffer was congested (Q.752 3.6)");
  each(nullptr, nullptr, [](const C& c) { return c.congestions; });
}

void spans(Page& page, const core::Status& status, const core::Config& config,
           const ProcessNumbers& process) {
  page.gauge("tandem_span_alarm", "1: the span has this alarm (G.775, T1.231)");
  for (std::size_t i = 0; i < status.spans.size() && i < config.spans.size(); ++i) {
    const auto& name = config.spans[i].name;
    page.value(status.spans[i].red ? 1 : 0, {{"span", name}, {"alarm", "red"}});
    page.value(status.spans[i].blue ? 1 : 0, {{"span", name}, {"alarm", "blue"}});
    page.value(status.spans[i].yellow ? 1 : 0, {{"span", name}, {"alarm", "yellow"}});
  }
  page.counter("tandem_span_packets_total", "Packets of the span (RFC 5086), by what became of them");
  for (std::size_t i = 0; i < process.spans.size() && i < config.spans.size(); ++i) {
    const auto& counters = process.spans[i].counters;
    const auto& name = config.spans[i].name;
    page.value(counters.received, {{"span", name}, {"what", "received"}});
    page.value(counters.sent, {{"span", name}, {"what", "sent"}});
    page.value(counters.lost, {{"span", name}, {"what", "lost"}});
    page.value(counters.reordered, {{"span", name}, {"what", "reordered"}});
    page.value(counters.late, {{"span", name}, {"what", "late"}});
    page.value(counters.malformed, {{"span", name}, {"what", "malformed"}});
  }
  const auto each = [&](auto&& number) {
    for (std::size_t i = 0; i < process.spans.size() && i < config.spans.size(); ++i)
      page.value(number(process.spans[i]), {{"span", config.spans[i].name}});
  };
  page.counter("tandem_span_slips_total", "Blocks repeated or dropped because the clocks differ");
  each([](const SpanReport& report) { return report.counters.slips; });
  page.counter("tandem_span_underruns_total", "Times that the playout buffer ran dry");
  each([](const SpanReport& report) { return report.counters.underruns; });
  page.gauge("tandem_span_clock_offset_ppm", "The far end's clock against this machine's");
  each([](const SpanReport& report) { return report.clock_offset_ppm; });
}

void resources(Page& page, const core::Gateway& gateway, const ProcessNumbers& process) {
  const auto usage = gateway.usage();
  page.gauge("tandem_media_sessions", "Media sessions open").value(usage.media_sessions);
  page.gauge("tandem_rtp_ports", "RTP ports open").value(usage.rtp_ports);
  page.gauge("tandem_timers", "Timers of the core that run").value(usage.timers);
  page.gauge("tandem_d_channel_calls", "Calls of all D channels").value(usage.d_channel_calls);
  page.gauge("tandem_isup_calls", "Calls of all ISUP trunks").value(usage.isup_calls);
  page.gauge("tandem_sip_calls", "SIP calls, with those that end").value(usage.sip.calls);
  page.gauge("tandem_sip_transactions", "SIP transactions").value(usage.sip.transactions);
  page.gauge("tandem_sip_dialogs", "SIP dialogs").value(usage.sip.dialogs);
  page.counter("tandem_sip_overload_refusals_total", "INVITEs refused with 503 because of limits")
      .value(gateway.sip_refusals());
  page.counter("tandem_media_tick_overruns_total", "Media ticks that came late").value(process.tick_overruns);
  page.gauge("tandem_media_commands_waiting", "Commands that the media thread's queue has no room for")
      .value(process.commands_waiting);
  const auto& engine = process.engine;
  page.counter("tandem_media_dropped_total", "What full queues of the media engine cost")
      .value(engine.events_dropped, {{"what", "events"}})
      .value(engine.frames_dropped_received, {{"what", "frames_received"}})
      .value(engine.frames_dropped_sent, {{"what", "frames_sent"}})
      .value(engine.digits_dropped, {{"what", "digits"}})
      .value(engine.sessions_refused, {{"what", "sessions"}})
      .value(engine.link_events_dropped, {{"what", "link_events"}})
      .value(engine.link_commands_dropped, {{"what", "link_commands"}})
      .value(process.msus_dropped, {{"what", "msus_sent"}});
  page.gauge("tandem_cdrs_waiting", "Call detail records that wait for the disk").value(process.cdrs_waiting);
  page.counter("tandem_cdrs_lost_total", "Call detail records that were lost").value(process.cdrs_lost);
  const auto& audit = gateway.audit();
  page.counter("tandem_audits_total", "Audits made").value(audit.audits);
  page.counter("tandem_audit_repairs_total", "Disagreements that an audit has repaired");
  for (std::size_t i = 0; i < core::kFaults; ++i)
    page.value(audit.repairs[i], {{"fault", std::string(to_string(static_cast<core::Fault>(i)))}});
}

}  // namespace

std::string metrics_page(const core::Gateway& gateway, const core::Config& config,
                         const ProcessNumbers& process, Time now) {
  Page page;
  const auto status = gateway.status(now);
  calls(page, gateway, status);
  trunks(page, status);
  isup(page, status);
  networks(page, status);
  links(page, gateway.links(), process);
  spans(page, status, config, process);
  resources(page, gateway, process);
  return page.text();
}

}  // namespace tandem::io
