#pragma once
#include <expected>
#include <memory>
#include <string>

#include "tdm/config.h"
#include "tdm/span.h"

namespace tandem::hw {

/// Opens the driver that `config` names. Errors: a sentence for people that starts with the span's name.
std::expected<std::unique_ptr<tdm::Span>, std::string> open_span(const tdm::SpanConfig& config);

}  // namespace tandem::hw
