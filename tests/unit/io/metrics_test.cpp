// The page of metrics: its format, its values, the dashboard that stands on it, and the server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "gateway/io/endpoint.h"
#include "gateway/io/metrics_page.h"
#include "gateway/io/metrics_server.h"
#include "tests/doubles/gateway_world.h"

namespace tandem::io {
namespace {

using testing::HasSubstr;

std::string page_of(doubles::GatewayWorld& world) {
  ProcessNumbers process;
  process.tick_overruns = 7;
  process.engine.digits_dropped = 3;
  process.engine.link_commands_dropped = 4;
  process.cdrs_waiting = 2;
  process.spans.resize(world.config.spans.size());
  process.spans[0].counters.lost = 5;
  return metrics_page(world.gateway, world.config, process, world.now);
}

/// Families by name with their type; complains of lines that Prometheus would not take.
std::map<std::string, std::string> families_of(const std::string& page) {
  const std::regex help("# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) .+");
  const std::regex type("# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)");
  const std::regex sample(
      R"re(([a-zA-Z_:][a-zA-Z0-9_:]*)(\{[a-z_]+="[^"\\\n]*"(,[a-z_]+="[^"\\\n]*")*\})? (-?[0-9.e+-]+|\+Inf|NaN))re");
  std::map<std::string, std::string> families;
  std::set<std::string> samples;
  std::istringstream lines(page);
  std::string current;
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (std::regex_match(line, match, help)) {
      current = match[1];
      EXPECT_FALSE(families.contains(current)) << "twice: " << current;
      EXPECT_TRUE(current.starts_with("tandem_")) << line;
    } else if (std::regex_match(line, match, type)) {
      EXPECT_EQ(match[1], current);
      families[current] = match[2];
      EXPECT_EQ(match[2] == "counter", current.ends_with("_total")) << current;
    } else if (std::regex_match(line, match, sample)) {
      EXPECT_TRUE(match[1].str().starts_with(current)) << line << " stands under " << current;
      EXPECT_TRUE(samples.insert(line.substr(0, line.rfind(' '))).second) << "twice: " << line;
    } else {
      ADD_FAILURE() << "no line of the text format: " << line;
    }
  }
  return families;
}

TEST(MetricsPage, IsInTheTextFormatAndHasEachSeriesOnce) {
  doubles::GatewayWorld world(doubles::small_config(2, 2), 1);
  world.run(std::chrono::seconds(7));
  const auto families = families_of(page_of(world));
  EXPECT_GE(families.size(), 30U);
  EXPECT_EQ(families.at("tandem_rtp_mos"), "histogram");
  EXPECT_EQ(families.at("tandem_call_attempts_total"), "counter");
}

TEST(MetricsPage, SaysWhatTheGatewayIsDoing) {
  doubles::GatewayWorld world(doubles::small_config(), 1);
  world.run(std::chrono::seconds(7));
  sip::InviteInfo info;
  info.request_uri.user = "1000";
  info.request_uri.host = "192.0.2.1";
  info.from.uri.user = "2000";
  info.from.uri.host = "198.51.100.1";
  info.to.uri = info.request_uri;
  info.sdp = sip::make_offer(doubles::peer_audio());
  const auto call = world.peer(0).invite(info, world.to_gateway(0), world.now);
  world.run(std::chrono::milliseconds(200));
  auto page = page_of(world);
  EXPECT_THAT(page, HasSubstr("\ntandem_calls 1\n"));
  EXPECT_THAT(page, HasSubstr("\ntandem_circuits{trunk=\"telco\",state=\"busy\"} 1\n"));
  EXPECT_THAT(page, HasSubstr("\ntandem_circuits{trunk=\"telco\",state=\"idle\"} 29\n"));
  EXPECT_THAT(page, HasSubstr("\ntandem_d_channel_up{trunk=\"telco\"} 1\n"));
  EXPECT_THAT(page, HasSubstr("\ntandem_peer_state{peer=\"carrier\",state=\"not watched\"} 1\n"));
  EXPECT_THAT(page, HasSubstr("\ntandem_span_alarm{span=\"e1-1\",alarm=\"red\"} 0\n"));
  EXPECT_THAT(page, HasSubstr("\ntandem_span_packets_total{span=\"e1-1\",what=\"lost\"} 5\n"));
  EXPECT_THAT(page, HasSubstr("\ntandem_media_tick_overruns_total 7\n"));
  EXPECT_THAT(page, HasSubstr("\ntandem_media_dropped_total{what=\"digits\"} 3\n"));
  EXPECT_THAT(page, HasSubstr("\ntandem_media_dropped_total{what=\"link_commands\"} 4\n"));
  EXPECT_THAT(page, HasSubstr("\ntandem_cdrs_waiting 2\n"));
  world.peer(0).cancel(call, {}, world.now);
  world.run(std::chrono::seconds(10));
  page = page_of(world);
  EXPECT_THAT(page, HasSubstr("\ntandem_calls 0\n"));
  EXPECT_THAT(page,
              HasSubstr("\ntandem_attempts_ended_total{party=\"carrier\",kind=\"peer\",direction=\"in\","
                        "cause=\"16\",sip_status=\"487\"} 1\n"));
  EXPECT_THAT(page, HasSubstr("\ntandem_audits_total 3\n"));
  EXPECT_THAT(page, HasSubstr("\ntandem_audit_repairs_total{fault=\"port_without_leg\"} 0\n"));
}

TEST(MetricsPage, TellsOfSignallingLinksAndIsupTrunks) {
  auto config = doubles::small_config();
  config.spans.push_back({});
  config.spans.back().name = "e1-2";
  core::IsupTrunkConfig trunk;
  trunk.name = "ss7";
  trunk.group.own = 100;
  trunk.group.destination = 200;
  trunk.group.circuits = {{1, {{1, 1}, {1, 2}}}};
  mtp::NetworkConfig network;
  network.own = {100};
  network.linksets = {{.name = "ss7", .own = 100, .adjacent = 200, .links = {{.slc = 3}}}};
  config.networks = {network};
  config.media.links = {{.circuit = {1, 16}}};
  config.isup_trunks = {trunk};
  doubles::GatewayWorld world(config, 1);
  world.run(std::chrono::seconds(120));
  ProcessNumbers process;
  process.links.resize(1);
  process.links[0].counters.msus_sent = 9;
  process.links[0].counters.error_rate = 2;
  const auto page = metrics_page(world.gateway, world.config, process, world.now);
  families_of(page);
  EXPECT_THAT(page, HasSubstr("\ntandem_trunk_up{trunk=\"ss7\",signalling=\"isup\"} 1\n"));
  EXPECT_THAT(page, HasSubstr("\ntandem_trunk_up{trunk=\"telco\",signalling=\"pri\"} 1\n"));
  EXPECT_THAT(page, testing::Not(HasSubstr("tandem_d_channel_up{trunk=\"ss7\"}")));
  EXPECT_THAT(page, HasSubstr("\ntandem_circuits{trunk=\"ss7\",state=\"idle\"} 2\n"));
  EXPECT_THAT(page, HasSubstr("\ntandem_link_state{linkset=\"ss7\",slc=\"3\",state=\"carrying\"} 1\n"));
  EXPECT_THAT(page, HasSubstr("\ntandem_link_state{linkset=\"ss7\",slc=\"3\",state=\"down\"} 0\n"));
  EXPECT_THAT(page, HasSubstr("\ntandem_link_inhibited{linkset=\"ss7\",slc=\"3\",by=\"local\"} 0\n"));
  EXPECT_THAT(page, HasSubstr("\ntandem_link_msus_total{linkset=\"ss7\",slc=\"3\",what=\"sent\"} 9\n"));
  EXPECT_THAT(
      page,
      HasSubstr("\ntandem_link_failure_reasons_total{linkset=\"ss7\",slc=\"3\",reason=\"error_rate\"} 2\n"));
  EXPECT_THAT(page,
              HasSubstr("\ntandem_mtp_messages_total{network=\"itu national\",what=\"malformed\"} 0\n"));
  EXPECT_THAT(page, HasSubstr("\ntandem_isup_messages_total{trunk=\"ss7\",what=\"malformed\"} 0\n"));
  EXPECT_THAT(page, HasSubstr("\ntandem_isup_dual_seizures_total{trunk=\"ss7\"} 0\n"));
}

TEST(Dashboard, NamesOnlyMetricsThatThereAreAndAllOfThem) {
  doubles::GatewayWorld world(doubles::small_config(), 1);
  const auto families = families_of(page_of(world));
  std::ostringstream text;
  text << std::ifstream(std::string(TANDEM_SOURCE_DIR) + "/config/grafana-tandem.json").rdbuf();
  const auto json = text.str();
  std::set<std::string> used;
  const std::regex name("tandem_[a-z0-9_]+");
  for (std::sregex_iterator it(json.begin(), json.end(), name), end; it != end; ++it) {
    auto metric = it->str();
    for (const auto* suffix : {"_bucket", "_sum", "_count"})
      if (metric.ends_with(suffix) && !families.contains(metric))
        metric.resize(metric.size() - std::string(suffix).size());
    EXPECT_TRUE(families.contains(metric)) << it->str();
    used.insert(metric);
  }
  for (const auto& [family, type] : families)
    EXPECT_TRUE(used.contains(family)) << family << " is on no panel";
}

/// What the server answers to these octets.
std::string ask(const std::string& request) {
  boost::asio::io_context io;
  MetricsServer server(io, [] { return std::string("page\n"); });
  EXPECT_TRUE(server.listen(parse_ip("127.0.0.1").value()));
  boost::asio::ip::tcp::socket client(io);
  client.connect(to_asio_endpoint<boost::asio::ip::tcp::endpoint>(server.address()));
  boost::asio::write(client, boost::asio::buffer(request));
  std::string answer;
  boost::asio::async_read(client, boost::asio::dynamic_buffer(answer),
                          [&](const boost::system::error_code&, std::size_t) { io.stop(); });
  io.run_for(std::chrono::seconds(20));
  return answer;
}

TEST(MetricsServer, GivesThePageAndNothingElse) {
  const auto good = ask("GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(good, HasSubstr("HTTP/1.1 200 OK"));
  EXPECT_THAT(good, HasSubstr("Content-Type: text/plain; version=0.0.4"));
  EXPECT_TRUE(good.ends_with("\r\n\r\npage\n")) << good;
  EXPECT_THAT(ask("GET /metrics?x=1 HTTP/1.0\r\n\r\n"), HasSubstr("200 OK"));
  EXPECT_THAT(ask("GET / HTTP/1.0\r\n\r\n"), HasSubstr("404 Not Found"));
  EXPECT_THAT(ask("POST /metrics HTTP/1.0\r\n\r\n"), HasSubstr("405 Method Not Allowed"));
  const auto head = ask("HEAD /metrics HTTP/1.0\r\n\r\n");
  EXPECT_THAT(head, HasSubstr("Content-Length: 5"));
  EXPECT_TRUE(head.ends_with("\r\n\r\n")) << head;
}

TEST(MetricsServer, ClosesOnWhatIsNoRequestOrTooLong) {
  EXPECT_EQ(ask("\x16\x03\x01 tls, by mistake\r\n\r\n"), "");
  EXPECT_EQ(ask("GET /metrics HTTP/1.1\r\nX: " + std::string(20000, 'x') + "\r\n\r\n"), "");
  EXPECT_EQ(ask("POST /metrics HTTP/1.1\r\nContent-Length: 100000\r\n\r\n"), "");
}

TEST(MetricsServer, SaysWhenItsPortIsTaken) {
  boost::asio::io_context io;
  MetricsServer first(io, [] { return std::string(); });
  MetricsServer second(io, [] { return std::string(); });
  ASSERT_TRUE(first.listen(parse_ip("127.0.0.1").value()));
  const auto done = second.listen(first.address());
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error(), HasSubstr("Address already in use"));
}

}  // namespace
}  // namespace tandem::io
