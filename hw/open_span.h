#pragma once
#include <expected>
#include <functional>
#include <memory>
#include <string>

#include "hw/datagram_port.h"
#include "tdm/config.h"
#include "tdm/span.h"

namespace tandem::hw {

/// Puts something between a span and its socket, such as a recorder of what crosses.
using PortWrapper = std::function<std::unique_ptr<DatagramPort>(std::unique_ptr<DatagramPort>)>;
/// Opens the driver that `config` names. Errors: a sentence for people that starts with the span's name.
std::expected<std::unique_ptr<tdm::Span>, std::string> open_span(const tdm::SpanConfig& config,
                                                                 const PortWrapper& wrap = {});

}  // namespace tandem::hw
