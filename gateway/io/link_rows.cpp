#include "gateway/io/link_rows.h"

#include <boost/json/object.hpp>

namespace tandem::io {

namespace json = boost::json;

std::string_view level2_name(mtp::LinkState state) {
  switch (state) {
    case mtp::LinkState::out_of_service:
      return "out of service";
    case mtp::LinkState::initial_alignment:
      return "aligning";
    case mtp::LinkState::aligned_ready:
      return "aligned";
    case mtp::LinkState::aligned_not_ready:
      return "aligned, processor outage";
    case mtp::LinkState::in_service:
      return "in service";
    case mtp::LinkState::processor_outage:
      return "processor outage";
  }
  return "";
}

json::array link_rows(const std::vector<core::LinkStatus>& links,
                      const std::vector<media::LinkReport>& reports) {
  json::array rows;
  for (const auto& link : links) {
    const auto report = link.link < reports.size() ? reports[link.link] : media::LinkReport{};
    const auto& count = report.counters;
    rows.push_back({{"linkset", link.linkset},
                    {"adjacent", link.adjacent},
                    {"slc", link.slc},
                    {"circuit", link.circuit},
                    {"state", link.state},
                    {"inhibited", link.inhibited},
                    {"remote_outage", link.remote_outage},
                    {"congestion", link.congestion},
                    {"level_2", level2_name(report.state)},
                    {"sends_busy", report.holding_back},
                    {"seconds_in_service", std::chrono::duration<double>(count.in_service).count()},
                    {"failures", count.failures},
                    {"failures_bsn_fib", count.abnormal_fib_bsn},
                    {"failures_acknowledgement", count.acknowledgement_delay},
                    {"failures_error_rate", count.error_rate},
                    {"failures_congestion", count.congestion_too_long},
                    {"failures_alignment", count.alignment_failures},
                    {"errors", count.signal_units_in_error},
                    {"fcs_errors", report.framer.fcs_errors},
                    {"malformed", count.malformed},
                    {"nacks_received", count.negative_acknowledgements},
                    {"nacks_sent", count.negative_acknowledgements_sent},
                    {"remote_outages", count.remote_outages},
                    {"busy_received", count.busy_received},
                    {"congestions", count.congestions},
                    {"msus_sent", count.msus_sent},
                    {"msus_received", count.msus_received},
                    {"msus_discarded", count.msus_discarded},
                    {"octets_sent", count.octets_sent},
                    {"octets_resent", count.octets_resent},
                    {"octets_received", count.octets_received}});
  }
  return rows;
}

}  // namespace tandem::io
