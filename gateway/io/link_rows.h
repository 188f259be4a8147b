#pragma once
// A signalling link for operators: what level 3 and level 2 know of it, in one row.
#include <boost/json/array.hpp>
#include <string_view>
#include <vector>

#include "gateway/core/status.h"
#include "gateway/media/link_commands.h"

namespace tandem::io {

/// "in service", "aligning", ...: Q.703 figure 8.
std::string_view level2_name(mtp::LinkState state);

/// A row for each of `links`; `reports` by LinkStatus::link, with names of Q.752 for its counters.
boost::json::array link_rows(const std::vector<core::LinkStatus>& links,
                             const std::vector<media::LinkReport>& reports);

}  // namespace tandem::io
