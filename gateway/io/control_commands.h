#pragma once
#include <boost/asio/io_context.hpp>
#include <functional>
#include <map>
#include <vector>

#include "gateway/core/gateway.h"
#include "gateway/io/control_server.h"
#include "gateway/io/flight_recorder.h"
#include "gateway/io/media_thread.h"
#include "gateway/io/trace_store.h"

namespace tandem::io {

/// What a reload changed, a line each; or what is wrong with the file.
using ReloadResult = std::expected<std::vector<std::string>, std::vector<std::string>>;
using ReloadDone = std::function<void(ReloadResult)>;

/// What operators may ask of a running gateway, and the answers as JSON.
class ControlCommands {
 public:
  /// What the commands look at; all of it outlives them.
  struct View {
    boost::asio::io_context& io;
    const core::Config& config;
    core::Gateway& gateway;
    const TraceStore& traces;
    std::vector<FlightRecorder*> recorders;
    const std::vector<SpanReport>& reports;              ///< by span
    const std::vector<media::LinkReport>& link_reports;  ///< by media::EngineConfig::links
    std::function<std::uint64_t()> tick_overruns;
    std::function<std::uint64_t()> cdrs_lost;
    std::function<void(ReloadDone)> reload;
  };
  explicit ControlCommands(View view) : view_(std::move(view)) {}

  void handle(const boost::json::object& request, ControlServer::Reply reply);
  /// What was asked of circuits.
  void answered(const core::CircuitAnswer& answer);

 private:
  ControlReply status();
  ControlReply calls();
  ControlReply circuits();
  ControlReply spans();
  ControlReply links();
  ControlReply link(const boost::json::object& request);
  ControlReply hangup(const boost::json::object& request);
  ControlReply maintain(const std::string& command, const boost::json::object& request);
  void test(core::CircuitTest what, const boost::json::object& request, ControlServer::Reply reply);
  void reload(ControlServer::Reply reply);
  void trace(const boost::json::object& request, ControlServer::Reply reply);
  void capture(std::vector<core::TraceRecord> records, bool one_call, ControlServer::Reply reply);

  View view_;
  std::map<std::uint64_t, ControlServer::Reply> tests_;  ///< by the number of their answer
};

}  // namespace tandem::io
