#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "gateway/base/address.h"
#include "gateway/base/time.h"
#include "gateway/base/units.h"
#include "gateway/media/config.h"
#include "sipt/config.h"
#include "tdm/config.h"
#include "tdm/pri/config.h"

namespace tandem::core {

enum class Hunt : std::uint8_t { ascending, descending, least_recent, most_recent, odd, even };

/// When a caller on a trunk hears busy or congestion tone before its call is cleared.
enum class FailureTone : std::uint8_t {
  interworked,  ///< when its SETUP says that it is behind a network that cannot carry causes (PI 1)
  always,
  never
};

/// How numbers of a trunk or peer read as E.164 (interworking by RFC 3398 12, Q.699).
struct NumberRules {
  std::string
      country_code;  ///< "44": '+' and national numbers are converted with it; empty: left as they are
};

/// One `[[trunk]]`.
struct TrunkConfig {
  std::string name;
  tdm::pri::Switch type = tdm::pri::Switch::euroisdn;
  tdm::pri::Side side = tdm::pri::Side::user;
  std::uint16_t span = 0;  ///< index of its span
  std::uint8_t d_timeslot = 16;
  std::vector<std::uint8_t> timeslots;  ///< B channels, ascending
  Hunt hunt = Hunt::ascending;
  bool exclusive_channel = true;  ///< channel identification says exclusive rather than preferred
  FailureTone failure_tone = FailureTone::interworked;
  NumberRules numbers;
  int echo_tail_ms = 64;
};

/// One `[[peer]]`.
struct PeerConfig {
  std::string name;
  sip::Uri uri;  ///< sip:HOST:PORT;transport=udp|tcp; the host is an IP address
  sip::Flow destination;
  std::vector<Law> codecs = {Law::a, Law::mu};
  int ptime_ms = 20;
  bool telephone_event = true;     ///< RFC 4733
  bool trusted = true;             ///< inside the trust domain of RFC 3325
  Duration options_interval = {};  ///< 0: not watched
  NumberRules numbers;
};

/// One `[[route]]`.
struct RouteConfig {
  std::string from;             ///< trunk or peer name; empty: any
  std::string match;            ///< regular expression (ECMAScript) over the called number, whole or part
  std::string rewrite;          ///< replacement ("$1"); empty: the number as it is
  std::vector<std::string> to;  ///< trunk and peer names, in turn
};

/// Everything `tandem run` needs, checked by the loader.
struct Config {
  std::string name = "tandem";
  sip::UserAgentConfig sip;
  SocketAddress rtp_address;
  std::uint16_t rtp_first_port = 20000;
  std::uint16_t rtp_last_port = 29999;
  int dscp_rtp = 46;
  int dscp_sip = 24;
  std::string cdr_path;
  std::string control_path = "/run/tandem/control.sock";
  std::string log_level = "info";
  Duration drain_limit = std::chrono::seconds(60);
  media::EngineConfig media;
  std::vector<tdm::SpanConfig> spans;
  std::vector<TrunkConfig> trunks;
  std::vector<PeerConfig> peers;
  std::vector<RouteConfig> routes;
};

}  // namespace tandem::core
