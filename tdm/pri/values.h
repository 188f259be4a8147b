#pragma once
// What a PRI trunk says, as values: libpri's types stay in tdm/pri/*.cpp.
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "gateway/base/bytes.h"

namespace tandem::tdm::pri {

/// Q.931 table 4-9: type of number.
enum class TypeOfNumber : std::uint8_t {
  unknown = 0,
  international = 1,
  national = 2,
  network_specific = 3,
  subscriber = 4,
  abbreviated = 6
};
/// Q.931 table 4-9: numbering plan identification.
enum class NumberingPlan : std::uint8_t {
  unknown = 0,
  isdn = 1,
  data = 3,
  telex = 4,
  national = 8,
  private_plan = 9
};
/// Q.931 table 4-11 octet 3a.
enum class Presentation : std::uint8_t { allowed = 0, restricted = 1, not_available = 2 };
enum class Screening : std::uint8_t { user_not_screened = 0, user_passed = 1, user_failed = 2, network = 3 };

struct Number {
  std::string digits;
  TypeOfNumber type = TypeOfNumber::unknown;
  NumberingPlan plan = NumberingPlan::isdn;
  Presentation presentation = Presentation::allowed;   ///< not for called numbers
  Screening screening = Screening::user_not_screened;  ///< not for called numbers
  friend bool operator==(const Number&, const Number&) = default;
};

/// Q.931 4.5.5 information transfer capability, as coded.
enum class Transfer : std::uint8_t {
  speech = 0x00,
  unrestricted = 0x08,
  restricted = 0x09,
  audio_3k1 = 0x10
};
/// Q.931 4.5.5 user information layer 1 protocol, as coded.
enum class Layer1 : std::uint8_t { v110 = 0x21, mu_law = 0x22, a_law = 0x23 };
struct Bearer {
  Transfer transfer = Transfer::speech;
  Layer1 layer1 = Layer1::a_law;
  friend bool operator==(const Bearer&, const Bearer&) = default;
};

/// Q.931 4.5.12 / Q.850 location, as coded.
enum class Location : std::uint8_t {
  user = 0,
  private_local = 1,
  public_local = 2,
  transit = 3,
  public_remote = 4,
  private_remote = 5,
  international = 7,
  beyond_interworking = 10
};
struct Cause {
  std::uint8_t value = 16;  ///< Q.850
  Location location = Location::user;
  friend bool operator==(const Cause&, const Cause&) = default;
};

/// Q.931 4.5.23 progress description, as coded.
enum class ProgressDescription : std::uint8_t {
  not_end_to_end = 1,
  destination_non_isdn = 2,
  origination_non_isdn = 3,
  returned_to_isdn = 4,
  service_change = 5,
  inband = 8
};
struct Progress {
  ProgressDescription description = ProgressDescription::inband;
  Location location = Location::user;
  friend bool operator==(const Progress&, const Progress&) = default;
};

/// A channel of the trunk's D channel: the timeslot on the span of the D channel.
struct Channel {
  std::uint8_t timeslot = 0;
  bool exclusive = false;
  friend bool operator==(const Channel&, const Channel&) = default;
};

/// SETUP, both ways.
struct Setup {
  Bearer bearer;
  Channel channel;
  Number called;
  std::optional<Number> calling;
  std::string calling_name;
  std::vector<Progress> progress;
  bool sending_complete = true;
};

/// A call on a D channel: never reused within a run.
using CallRef = std::uint64_t;

// --- what arrives ---------------------------------------------------------------------------------------
struct DChannelUp {};
struct DChannelDown {};
struct SetupInd {
  CallRef call;
  Setup setup;
};
struct ProceedingInd {
  CallRef call;
  std::vector<Progress> progress;
  std::optional<Channel> channel;
};
struct AlertingInd {
  CallRef call;
  std::vector<Progress> progress;
  std::optional<Channel> channel;
};
struct ProgressInd {
  CallRef call;
  std::vector<Progress> progress;
  std::optional<Cause> cause;
};
struct ConnectInd {
  CallRef call;
  std::optional<Number> connected;
  std::vector<Progress> progress;
  std::optional<Channel> channel;
};
/// DISCONNECT: the far end wants the call cleared (in-band information may follow when progress says so).
struct DisconnectInd {
  CallRef call;
  Cause cause;
  std::vector<Progress> progress;
};
/// The call is over and its CallRef dead: RELEASE, RELEASE COMPLETE, or cleared locally by a timer or
/// restart.
struct ReleasedInd {
  CallRef call;
  Cause cause;
};
/// RESTART of one channel (timeslot) or of all (0); the acknowledgement has been sent; calls got ReleasedInd.
struct RestartInd {
  std::uint8_t timeslot;
};
/// The far end acknowledged our RESTART.
struct RestartAck {
  std::uint8_t timeslot;
};
/// A layer 2 frame to send, without FCS.
struct FrameOut {
  Octets octets;
};
/// libpri said something that an operator may want to read.
struct Notice {
  std::string text;
};

using Output = std::variant<DChannelUp, DChannelDown, SetupInd, ProceedingInd, AlertingInd, ProgressInd,
                            ConnectInd, DisconnectInd, ReleasedInd, RestartInd, RestartAck, FrameOut, Notice>;

}  // namespace tandem::tdm::pri
