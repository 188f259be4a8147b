#include "gateway/core/context.h"

namespace tandem::core {

void Context::log(Severity severity, CallId call, std::string text) {
  out.emplace_back(LogRecord{severity, call, std::move(text)});
}

namespace {

TraceRecord record(CallId call, WallTime at, TraceKind kind, bool sent, std::string text) {
  TraceRecord trace;
  trace.call = call;
  trace.at = at;
  trace.kind = kind;
  trace.sent = sent;
  trace.text = std::move(text);
  return trace;
}

}  // namespace

void Context::note(CallId call, Time now, std::string text) {
  out.emplace_back(record(call, wall(now), TraceKind::note, false, std::move(text)));
}

void Context::trace_isup(CallId call, Time now, bool sent, const isup::Message& message) {
  out.emplace_back(record(call, wall(now), TraceKind::isup, sent, isup::describe(message)));
}

void Context::trace_media(CallId call, Time now, std::string text, std::uint16_t port) {
  auto trace = record(call, wall(now), TraceKind::media, true, std::move(text));
  trace.rtp_port = port;
  out.emplace_back(std::move(trace));
}

std::string Context::circuit_name(Circuit circuit) const {
  const auto& spans = config.spans;
  const auto span =
      circuit.span < spans.size() ? spans[circuit.span].name : "span" + std::to_string(circuit.span);
  return span + ":" + std::to_string(circuit.timeslot);
}

}  // namespace tandem::core
