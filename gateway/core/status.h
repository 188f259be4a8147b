#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/ids.h"
#include "gateway/base/time.h"
#include "isup/group.h"
#include "isup/mtp/network.h"
#include "tdm/span.h"

namespace tandem::core {

struct TrunkStatus {
  std::string name;
  std::string signalling = "pri";  ///< or "isup"
  std::string switch_type;         ///< isup: the variant
  std::string side;                ///< isup: the point codes, ours first
  bool up = false;                 ///< the D channel; isup: the far end's user part can be reached
  int idle = 0, busy = 0, blocked = 0, out_of_service = 0;
  std::optional<isup::GroupCounters> isup = {};
};
/// One of MTP's networks.
struct NetworkStatus {
  std::string name;  ///< "itu national"
  mtp::NetworkCounters counters;
  std::uint64_t no_trunk = 0;  ///< messages of ISUP between point codes that no trunk has
};
struct PeerStatus {
  std::string name;
  std::string address;
  std::string state;  ///< "reachable", "unreachable", "unknown" (no answer yet), "not watched"
};
struct Status {
  std::string name;
  bool draining = false;
  WallTime started{};
  WallTime now{};
  std::size_t calls = 0;
  std::uint64_t attempts = 0, answered = 0, failed = 0;
  std::vector<TrunkStatus> trunks;
  std::vector<PeerStatus> peers;
  std::vector<NetworkStatus> networks;
  std::vector<tdm::Alarms> spans;    ///< by span index
  std::vector<std::string> pending;  ///< of the last reload: what waits, and for what
};
struct CallStatus {
  CallId call;
  std::string state;  ///< "routing", "trying", "alerting", "answered", "releasing"
  std::string from_name, to_name;
  std::string calling, called;
  std::string circuit;
  std::string codec;
  std::string sip_call_id;
  WallTime setup{};
  double seconds = 0;  ///< since answer
};
struct CircuitStatus {
  std::string trunk;
  std::string circuit;  ///< "e1-1:5"
  std::string state;  ///< "idle", "incoming", "outgoing", "releasing", "resetting", "testing", "unequipped",
                      ///< "d-channel", "link" (of signalling: `trunk` is its linkset)
  std::string blocked;  ///< "", "local", "remote", "alarm", "down", "draining"
  CallId call;
  std::optional<std::uint16_t> cic = {};  ///< of ISUP
};
/// What operators may ask the far end of an ISUP trunk about circuits.
enum class CircuitTest : std::uint8_t {
  query,    ///< their states as it has them: CQM (Q.764 2.8.3)
  check,    ///< continuity of one that is idle: CCR (Q.764 2.1.8)
  validate  ///< what it takes one for: CVT (T1.113.4), in ANSI networks
};
struct CircuitTestRow {
  std::uint16_t cic = 0;
  std::string circuit;                ///< "e1-1:5"
  std::string result = "no answer";   ///< query, validate: "same", "differs", "unequipped", query also
                                      ///< "changing"; check: "passed", "failed"
  std::string here = {}, there = {};  ///< query: the state before they agreed, as each end saw it
};
/// The answer to such a question, when it has come or its time is up.
struct CircuitAnswer {
  std::uint64_t number = 0;  ///< as Gateway::test_circuits gave it
  CircuitTest what = CircuitTest::query;
  std::vector<CircuitTestRow> rows = {};
};
/// A signalling link as level 3 sees it.
struct LinkStatus {
  std::string linkset;
  std::string adjacent;  ///< point code
  std::uint8_t slc = 0;
  std::size_t link = 0;   ///< index into media::EngineConfig::links
  std::string circuit;    ///< "e1-1:16"
  std::string state;      ///< "carrying", "available", "down", "deactivated"
  std::string inhibited;  ///< "", "local", "remote", "local,remote"
  bool remote_outage = false;
  std::uint8_t congestion = 0;
};
enum class LinkOrder : std::uint8_t { activate, deactivate, inhibit, uninhibit };
std::string_view to_string(LinkOrder order);

}  // namespace tandem::core
