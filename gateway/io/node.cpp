#include "gateway/io/node.h"

#include <fmt/format.h>
#include <malloc.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <unistd.h>

#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <deque>
#include <thread>

#include "gateway/io/clock.h"
#include "gateway/io/control_commands.h"
#include "gateway/io/control_server.h"
#include "gateway/io/log.h"
#include "gateway/io/media_thread.h"
#include "gateway/io/metrics_page.h"
#include "gateway/io/metrics_server.h"
#include "gateway/io/rtp_ports.h"
#include "gateway/io/sip_transport.h"
#include "gateway/io/trace_store.h"

namespace tandem::io {
namespace {

using boost::system::error_code;

// Of the flight recorder: 8192 RTP packets are 80 s of one call, 512 CESoPSN packets 1.3 s of one span.
constexpr std::size_t kRtpPackets = 8192, kRtpOctets = 256;
constexpr std::size_t kSpanPackets = 512, kSpanOctets = 1500;
constexpr std::size_t kTraceOctets = 32u << 20;  ///< some thousands of calls
constexpr auto kClearLimit =
    std::chrono::seconds(40);  ///< for calls to end after the second signal: 64*T1 and some

/// The last frames of the D channels (RELEASE COMPLETE) leave before the process ends.
constexpr auto kLastWords = std::chrono::milliseconds(200);

constexpr int kCalm = 40;  ///< seconds; the last transactions have ended (RFC 3261 17.2.2, timer J)

class SystemRandom final : public Random {
 public:
  std::uint64_t next() override {
    if (left_ == 0) refill();
    return pool_[--left_];
  }

 private:
  // By blocks: a system call for each branch or tag would be felt at thousands of calls a second.
  void refill() {
    // More than 256 octets may come in pieces.
    static_assert(sizeof pool_ <= 256);
    while (::getrandom(pool_.data(), sizeof pool_, 0) != sizeof pool_) {
    }
    left_ = pool_.size();
  }
  std::array<std::uint64_t, 32> pool_{};
  std::size_t left_ = 0;
};

media::LinkCommand link_command(const mtp::ToLink& order) {
  using A = media::LinkCommand::Action;
  static constexpr std::array kActions = {
      A::start, A::stop, A::emergency, A::emergency_ceases, A::send, A::backward_sequence, A::retrieve};
  media::LinkCommand command{.link = static_cast<std::uint16_t>(order.link),
                             .action = kActions[static_cast<std::size_t>(order.action)],
                             .confirmed = order.confirmed,
                             .msu = {}};
  command.msu.assign(order.msu);
  return command;
}
constexpr std::size_t kMaxWaitingLinks = 4096;

}  // namespace

struct Node::Impl {
  explicit Impl(const core::Config& c)
      : config(c),
        span_recorder(kSpanPackets, kSpanOctets),
        rtp_recorder(kRtpPackets, kRtpOctets),
        ports(c.rtp_addresses, c.rtp_first_port, c.rtp_last_port, c.dscp_rtp, rtp_recorder),
        traces(kTraceOctets),
        sip(io, {[this](const sip::Flow& f, OctetView o) {
                   on([&](Time t) { gateway->handle_datagram(f, o, t); });
                 },
                 [this](const sip::Flow& f, OctetView o) {
                   on([&](Time t) { gateway->handle_stream(f, o, t); });
                 },
                 [this](const sip::Flow& f) { on([&](Time t) { gateway->handle_closed(f, t); }); }}),
        control(io,
                [this](const boost::json::object& request, ControlServer::Reply reply) {
                  on([&](Time) { commands->handle(request, std::move(reply)); });
                }),
        metrics(io, [this] { return metrics_page(*gateway, config, numbers(), now()); }),
        signals(io),
        timer(io),
        second(io),
        wake(io) {
    for (std::size_t i = 0; i < config.trunks.size(); ++i) {
      first_d_channel.push_back(d_channels.size());
      for (std::size_t k = 0; k < config.trunks[i].d_channels.size(); ++k)
        d_channels.push_back({i, static_cast<std::uint8_t>(k)});
    }
  }
  ~Impl() { media.reset(); }

  std::expected<void, std::string> open(const SpanFactory& make_span, const CdrFactory& open_cdrs);
  std::expected<void, std::string> open_spans(const SpanFactory& make_span);
  void start();

  /// Every wake of the signalling thread: expired timers first, then the input, then what came of it.
  template <class Input>
  void on(Input input) {
    const auto at = now();
    gateway->handle_timers(at);
    input(at);
    pump();
  }
  void pump();
  void arm(Time deadline);
  void execute(core::Output& output);
  void post(const media::Command& command);
  void post(const media::LinkCommand& command);
  void from_media();
  void await_media();
  void await_signal();
  void reload(ReloadDone done);
  void finish_reload(const std::expected<core::Config, std::vector<std::string>>& loaded,
                     const ReloadDone& done);
  void every_second();
  [[nodiscard]] ProcessNumbers numbers() const;

  /// Of media::EngineConfig::d_channels, which are those of the trunks in their order.
  struct Link {
    std::size_t trunk = 0;
    std::uint8_t link = 0;
  };

  const core::Config config;
  std::vector<Link> d_channels;
  std::vector<std::size_t> first_d_channel;  ///< by trunk
  boost::asio::io_context io{1};
  SystemRandom random;
  FlightRecorder span_recorder, rtp_recorder;
  RtpPortPool ports;
  TraceStore traces;
  CdrSink cdrs;
  std::vector<std::unique_ptr<tdm::Span>> spans;
  std::vector<SpanReport> reports;
  std::vector<media::LinkReport> link_reports;
  std::unique_ptr<media::Engine> engine;
  std::unique_ptr<core::Gateway> gateway;
  std::unique_ptr<ControlCommands> commands;
  SipTransport sip;
  ControlServer control;
  MetricsServer metrics;
  boost::asio::signal_set signals;
  boost::asio::steady_timer timer;             ///< the core's next deadline
  Time armed = Time::max();                    ///< when the timer will expire
  boost::asio::steady_timer second;            ///< calendar, reports
  boost::asio::posix::stream_descriptor wake;  ///< eventfd, written by the media thread after a tick
  std::uint64_t wake_count = 0;
  int calm_seconds = 0;  ///< without a call
  std::uint64_t msus_dropped = 0;
  std::deque<media::Command> waiting;  ///< commands that found the media thread's queue full
  std::deque<media::LinkCommand> waiting_links;
  std::unique_ptr<MediaThread> media;
  ConfigSource source;
  bool reloading = false;
  std::jthread loader;  ///< files are read and checked beside the signalling
  int signals_seen = 0;
  Time clear_by = Time::max();
  std::optional<boost::asio::steady_timer> ending;
};

std::expected<void, std::string> Node::Impl::open_spans(const SpanFactory& make_span) {
  for (const auto& span_config : config.spans) {
    auto span = make_span(span_config, span_recorder);
    if (!span) return std::unexpected(span.error());
    spans.push_back(std::move(*span));
  }
  reports.resize(spans.size());
  link_reports.resize(config.media.links.size());
  return {};
}

std::expected<void, std::string> Node::Impl::open(const SpanFactory& make_span, const CdrFactory& open_cdrs) {
  for (const auto& address : config.sip.listen)
    if (const auto done = sip.listen(address, config.dscp_sip); !done) return done;
  for (const auto& address : config.rtp_addresses)
    if (const auto rtp = UdpSocket::bind(address, config.dscp_rtp); !rtp)
      return std::unexpected("RTP: " + rtp.error());
  if (const auto done = open_spans(make_span); !done) return done;
  if (const auto done = control.listen(config.control_path); !done) return done;
  if (config.metrics)
    if (const auto done = metrics.listen(config.metrics->address); !done) return done;
  auto opened = open_cdrs();
  if (!opened) return std::unexpected(opened.error());
  cdrs = std::move(*opened);

  std::vector<tdm::Span*> handles;
  for (const auto& span : spans) handles.push_back(span.get());
  auto media_config = config.media;
  media_config.since_1900 = since_1900();
  engine = std::make_unique<media::Engine>(media_config, handles);
  gateway = std::make_unique<core::Gateway>(config, ports, random, now(), wall_now(),
                                            CallId{cdrs.last_call.value + 1});
  gateway->restart_when_up(cdrs.held);
  commands = std::make_unique<ControlCommands>(
      ControlCommands::View{io,
                            config,
                            *gateway,
                            traces,
                            {&span_recorder, &rtp_recorder},
                            reports,
                            link_reports,
                            [this] { return media->overruns(); },
                            cdrs.lost,
                            [this](ReloadDone done) { reload(std::move(done)); }});
  const int event = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (event < 0) return std::unexpected("eventfd: no file descriptor left");
  wake.assign(event);
  media = std::make_unique<MediaThread>(
      *engine, handles, std::vector<FlightRecorder*>{&span_recorder, &rtp_recorder}, [event] {
        const std::uint64_t one = 1;
        // Full only when the signalling thread has not looked for ages.
        [[maybe_unused]] const auto octets = ::write(event, &one, sizeof one);
      });
  return {};
}

void Node::Impl::start() {
  signals.add(SIGTERM);
  signals.add(SIGINT);
  signals.add(SIGHUP);
  await_signal();
  await_media();
  every_second();
  on([](Time) {});
}

void Node::Impl::pump() {
  while (auto output = gateway->poll_output()) execute(*output);
  if (signals_seen > 0 && now() >= clear_by) return io.stop();
  if (signals_seen > 0 && gateway->idle() && !ending) {
    ending.emplace(io, kLastWords);
    ending->async_wait([this](const error_code& error) {
      if (!error) io.stop();
    });
  }
  if (const auto deadline = gateway->next_deadline()) arm(*deadline);
}

void Node::Impl::arm(Time deadline) {
  // A timer that is early finds nothing to do and is set anew: cheaper than setting it at every message.
  if (deadline >= armed) return;
  armed = deadline;
  timer.expires_at(std::chrono::steady_clock::time_point(deadline.time_since_epoch()));
  timer.async_wait([this](const error_code& error) {
    if (error) return;  // set anew
    armed = Time::max();
    on([](Time) {});
  });
}

void Node::Impl::execute(core::Output& output) {
  if (auto* transmit = std::get_if<sip::Transmit>(&output)) {
    sip.send(*transmit);
  } else if (auto* frame = std::get_if<core::FrameToSend>(&output)) {
    media::DFrame copy;
    copy.d_channel = static_cast<std::uint16_t>(first_d_channel[frame->trunk] + frame->link);
    copy.size = static_cast<std::uint16_t>(std::min(frame->octets.size(), copy.octets.size()));
    std::copy_n(frame->octets.begin(), copy.size, copy.octets.begin());
    engine->send_frame(copy);  // when full, layer 2 sends it again (Q.921 5.6)
  } else if (auto* order = std::get_if<mtp::ToLink>(&output)) {
    post(link_command(*order));
  } else if (auto* command = std::get_if<media::Command>(&output)) {
    post(*command);
  } else if (auto* cdr = std::get_if<core::Cdr>(&output)) {
    cdrs.write(*cdr);
  } else if (auto* record = std::get_if<core::TraceRecord>(&output)) {
    traces.add(*record);
  } else if (const auto* answer = std::get_if<core::CircuitAnswer>(&output)) {
    commands->answered(*answer);
  } else if (auto* line = std::get_if<core::LogRecord>(&output)) {
    log(*line);
  }
}

void Node::Impl::post(const media::Command& command) {
  if (!waiting.empty() || !engine->post(command)) waiting.push_back(command);
}

void Node::Impl::post(const media::LinkCommand& command) {
  // The media thread stands still: MSUs beyond these are lost, as with a full transmission buffer
  // (Q.704 3.8).
  if (waiting_links.size() >= kMaxWaitingLinks && command.action == media::LinkCommand::Action::send) {
    ++msus_dropped;
    return;
  }
  if (!waiting_links.empty() || !engine->post_link(command)) waiting_links.push_back(command);
}

void Node::Impl::from_media() {
  engine->signalling_alive();
  while (!waiting.empty() && engine->post(waiting.front())) waiting.pop_front();
  while (!waiting_links.empty() && engine->post_link(waiting_links.front())) waiting_links.pop_front();
  const auto at = now();
  gateway->handle_timers(at);
  media::DFrame frame;
  while (engine->poll_frame(frame))
    if (frame.d_channel < d_channels.size())
      gateway->handle_frame(d_channels[frame.d_channel].trunk, OctetView(frame.octets).first(frame.size), at,
                            d_channels[frame.d_channel].link);
  media::Event event;
  while (engine->poll(event)) gateway->handle_media(event, at);
  media::LinkEvent link_event;
  while (engine->poll_link(link_event)) gateway->handle_link(link_event, at);
  media::LinkReport link_report;
  while (engine->poll_link(link_report))
    if (link_report.link < link_reports.size()) link_reports[link_report.link] = link_report;
  SpanReport report;
  while (media->poll(report)) reports[report.span] = report;
  pump();
}

void Node::Impl::await_media() {
  wake.async_read_some(boost::asio::buffer(&wake_count, sizeof wake_count),
                       [this](const error_code& error, std::size_t) {
                         if (error) return;
                         from_media();
                         await_media();
                       });
}

void Node::Impl::await_signal() {
  signals.async_wait([this](const error_code& error, int signal) {
    if (error) return;
    if (signal == SIGHUP) {
      reload([](const ReloadResult&) {});
      return await_signal();
    }
    ++signals_seen;
    if (signals_seen == 1) {
      log(core::Severity::info,
          fmt::format("draining: no new calls, up to {} s for those in progress",
                      std::chrono::duration_cast<std::chrono::seconds>(config.drain_limit).count()));
      on([this](Time at) { gateway->drain(at); });
    } else if (signals_seen == 2) {
      log(core::Severity::info, "clearing all calls");
      clear_by = now() + kClearLimit;
      on([this](Time at) { gateway->clear_all(at); });
    } else {
      io.stop();
    }
    await_signal();
  });
}

ProcessNumbers Node::Impl::numbers() const {
  return {engine->counters(), media->overruns(), waiting.size(), cdrs.lost(),
          cdrs.waiting(),     reports,           msus_dropped,   link_reports};
}

void Node::Impl::reload(ReloadDone done) {
  if (reloading)
    return done(std::unexpected(std::vector<std::string>{"a reload is under way: wait for its end"}));
  reloading = true;
  loader = std::jthread([this, done = std::move(done)]() mutable {
    boost::asio::post(io, [this, loaded = source(), done = std::move(done)] { finish_reload(loaded, done); });
  });
}

void Node::Impl::finish_reload(const std::expected<core::Config, std::vector<std::string>>& loaded,
                               const ReloadDone& done) {
  reloading = false;
  if (!loaded) {
    log(core::Severity::error, "reload: the file has errors, so nothing is changed");
    for (const auto& line : loaded.error()) log(core::Severity::error, line);
    return done(std::unexpected(loaded.error()));
  }
  std::vector<std::string> lines;
  on([&](Time at) {
    for (const auto& change : gateway->reload(*loaded, at)) lines.push_back(core::to_string(change));
  });
  set_log_level(loaded->log_level);
  done(std::move(lines));
}

void Node::Impl::every_second() {
  second.expires_after(std::chrono::seconds(1));
  second.async_wait([this](const error_code& error) {
    if (error) return;
    on([this](Time at) { gateway->set_wall(at, wall_now()); });
    // After a busy hour the heap is full of holes; by then no transaction is left either.
    calm_seconds = gateway->idle() ? calm_seconds + 1 : 0;
    if (calm_seconds == kCalm) {
      gateway->forget_calls();
      ::malloc_trim(0);
    }
    every_second();
  });
}

Node::Node(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Node::~Node() = default;

std::expected<std::unique_ptr<Node>, std::string> Node::open(const core::Config& config,
                                                             const SpanFactory& spans, const CdrFactory& cdrs,
                                                             ConfigSource source) {
  auto impl = std::make_unique<Impl>(config);
  impl->source = std::move(source);
  if (const auto done = impl->open(spans, cdrs); !done) return std::unexpected(done.error());
  return std::unique_ptr<Node>(new Node(std::move(impl)));
}

void Node::run() {
  impl_->start();
  log(core::Severity::info, impl_->config.name + " is ready");
  impl_->io.run();
  impl_->media.reset();
  log(core::Severity::info, "stopped");
}

}  // namespace tandem::io
