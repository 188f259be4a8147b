#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/address.h"
#include "gateway/base/ids.h"
#include "gateway/base/time.h"
#include "gateway/base/units.h"
#include "gateway/core/config_ss7.h"
#include "gateway/interwork/config.h"
#include "gateway/media/commands.h"
#include "gateway/media/config.h"
#include "sipt/config.h"
#include "tdm/config.h"
#include "tdm/pri/config.h"

namespace tandem::core {

enum class Hunt : std::uint8_t { ascending, descending, least_recent, most_recent, odd, even };

/// How digits are sent to a SIP peer, and expected from it.
enum class DtmfMode : std::uint8_t { rfc4733, info_relay, info_dtmf, inband };
using interwork::CauseOverride;
using interwork::DiversionHeader;
/// Where `tandem run` serves metrics; no port: nowhere.
struct MetricsConfig {
  SocketAddress address;
  friend bool operator==(const MetricsConfig&, const MetricsConfig&) = default;
};

/// A span that a trunk has timeslots of.
struct TrunkSpan {
  std::uint16_t span = 0;               ///< index into Config::spans
  std::uint8_t interface_id = 0;        ///< Q.931 4.5.13; said when the trunk has several spans
  std::vector<std::uint8_t> timeslots;  ///< B channels, ascending
  friend bool operator==(const TrunkSpan&, const TrunkSpan&) = default;
};

/// Which carrier a call names on a PRI trunk (Q.931 4.5.29 transit network selection).
struct CarrierRule {
  bool as_called = false;  ///< the one that it was called by, both ways
  std::string otherwise;   ///< digits; empty: none
  friend bool operator==(const CarrierRule&, const CarrierRule&) = default;
};

/// One `[[trunk]]`.
struct TrunkConfig {
  std::string name;
  tdm::pri::Switch type = tdm::pri::Switch::euroisdn;
  tdm::pri::Side side = tdm::pri::Side::user;
  std::vector<TrunkSpan> spans;     ///< all E1 or all T1
  std::vector<Circuit> d_channels;  ///< the primary one; the backup of NFAS
  Hunt hunt = Hunt::ascending;
  bool exclusive_channel = true;  ///< channel identification says exclusive rather than preferred
  FailureTone failure_tone = FailureTone::interworked;
  interwork::NumberRules numbers;
  int echo_tail_ms = 64;
  TrunkGains gains;
  std::vector<tdm::pri::TimerSetting> timers;  ///< Q.931, Q.921; T302, T309, ...
  Overlap overlap = Overlap::off;              ///< digits from the far side
  bool overlap_sending = false;                ///< digits one by one to the far side
  int minimum_digits = 0;                      ///< of a number: with fewer a call is refused (28)
  bool dial_tone = false;                      ///< while no digit has come
  bool service_messages = false;
  bool hold = false;
  bool transfer = false;  ///< calls that come and go on this trunk may be joined by the far end
  bool inband_disconnect = true;
  tdm::pri::NetworkFacility facility = tdm::pri::NetworkFacility::none;
  CarrierRule carrier;
  bool send_display = true;             ///< names are sent
  bool send_connected = true;           ///< connected numbers are sent (COLP)
  std::vector<CauseOverride> statuses;  ///< for calls from SIP to this trunk: cause -> status
  std::vector<AnnouncementConfig> announcements;
  bool ringback = true;  ///< alerting callers on this trunk hear ringback while nothing else is heard
  std::optional<media::RecordingId>
      hold_music;        ///< for the party on this trunk that is held; none: hold tone
  bool retired = false;  ///< taken out by a reload: nothing new comes or goes here
};

/// One `[[peer]]`.
struct PeerConfig {
  std::string name;
  sip::Uri uri;  ///< sip:HOST:PORT;transport=udp|tcp; the host is an IP address
  sip::Flow destination;
  std::vector<Law> codecs = {Law::a, Law::mu};
  int ptime_ms = 20;
  int maxptime_ms = 60;
  DtmfMode dtmf = DtmfMode::rfc4733;
  bool trusted = true;             ///< inside the trust domain of RFC 3325
  Duration options_interval = {};  ///< 0: not watched
  interwork::NumberRules numbers;
  sip::CallPolicy policy;
  media::SourceLearning symmetric_rtp = media::SourceLearning::address;
  bool comfort_noise = true;      ///< RFC 3389 is offered and taken
  bool suppress_silence = false;  ///< and sent
  bool clearmode = true;          ///< RFC 4040 is offered and taken
  DiversionHeader diversion = DiversionHeader::both;
  bool user_to_user = true;           ///< RFC 7433
  bool p_early_media = false;         ///< RFC 5009: P-Early-Media is sent, and gates what is heard
  bool reason_decides = false;        ///< Reason with a Q.850 cause wins over the status (RFC 6432)
  bool overlap = false;               ///< RFC 3578: more digits in further INVITEs, both ways
  int follow_redirects = 0;           ///< targets of 3xx that are tried; 0: release with cause 23
  std::vector<CauseOverride> causes;  ///< for calls to this peer: status -> cause
  std::vector<AnnouncementConfig> announcements;
  std::optional<media::RecordingId> hold_music;  ///< for callers of this peer who are held; none: hold tone
  bool retired = false;                          ///< left by a reload to the calls that are still on it
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
  std::vector<SocketAddress> rtp_addresses;  ///< not more than one of each version of IP; no ports
  std::uint16_t rtp_first_port = 20000;
  std::uint16_t rtp_last_port = 29999;
  int dscp_rtp = 46;
  int dscp_sip = 24;
  std::string cdr_path;
  std::string control_path = "/run/tandem/control.sock";
  std::string log_level = "info";
  std::optional<MetricsConfig> metrics;
  Duration audit_interval = std::chrono::seconds(5);
  Duration drain_limit = std::chrono::seconds(60);
  media::EngineConfig media;
  std::vector<tdm::SpanConfig> spans;
  std::vector<TrunkConfig> trunks;
  std::vector<mtp::NetworkConfig> networks;  ///< their links are media.links, in this order
  std::vector<IsupTrunkConfig> isup_trunks;
  std::vector<PeerConfig> peers;
  std::vector<RouteConfig> routes;
};

}  // namespace tandem::core
