#pragma once
#include "config/document.h"
#include "gateway/core/config.h"

namespace tandem::config {

/// Fills `config` from `document`: element i of each list comes from table i. What is wrong with a single
/// value goes to `problems`, and its entry is marked bad.
void build(Document& document, core::Config& config, Problems& problems);

/// What is wrong between values that are each right: names, ports, timeslots, routes.
void cross_check(const Document& document, const core::Config& config, Problems& problems);

/// The directories that the configuration's files are to lie in: they must exist, or be such as
/// make_directories can make.
void check_directories(const Document& document, Problems& problems);

}  // namespace tandem::config
