#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gateway/core/gateway.h"
#include "gateway/io/flight_recorder.h"

namespace tandem::io {

/// Opens a span of the configuration; its packets are shown to the recorder. Error: what and why.
using SpanFactory = std::function<std::expected<std::unique_ptr<tdm::Span>, std::string>(
    const tdm::SpanConfig&, FlightRecorder&)>;

/// Where call detail records go.
struct CdrSink {
  std::function<void(const core::Cdr&)> write;  ///< never blocks
  std::function<std::uint64_t()> lost;          ///< records dropped because the store did not keep up
  std::function<std::uint64_t()> waiting;       ///< records that wait for the disk
  CallId last_call;                             ///< the highest call id in the store
  std::vector<core::HeldCircuit> held;          ///< of calls that were up when the last process was cut off
};
/// Opened last, when the sockets are ours: what the store holds as "up" was then left by a process that is
/// gone.
using CdrFactory = std::function<std::expected<CdrSink, std::string>()>;

/// Reads the configuration's file again. Errors: lines "FILE:LINE:COL: message". Called in a thread of its
/// own.
using ConfigSource = std::function<std::expected<core::Config, std::vector<std::string>>()>;

/// The running gateway: the signalling core, its media thread, sockets, store and control socket.
class Node {
 public:
  /// Opens everything; nothing is left behind when one thing fails.
  static std::expected<std::unique_ptr<Node>, std::string> open(const core::Config& config,
                                                                const SpanFactory& spans,
                                                                const CdrFactory& cdrs, ConfigSource source);
  ~Node();
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  /// Serves until SIGTERM or SIGINT has drained it; a second signal clears the calls that are left. SIGHUP
  /// reads the configuration again.
  void run();

 private:
  struct Impl;
  explicit Node(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tandem::io
