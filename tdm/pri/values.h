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

/// A channel of the trunk: a timeslot of one of its spans.
struct Channel {
  std::uint8_t timeslot = 0;  ///< 0: none named, the receiver chooses
  bool exclusive = false;
  std::uint8_t span = 0;  ///< index into DChannelConfig::interfaces
  friend bool operator==(const Channel&, const Channel&) = default;
};

/// Q.931 4.5.8, 4.5.9: sub-address.
struct Subaddress {
  bool nsap = true;  ///< else user specified
  bool odd = false;  ///< user specified BCD: odd number of digits
  Octets octets;     ///< at most 20
  friend bool operator==(const Subaddress&, const Subaddress&) = default;
};

/// Q.931 4.5.30 user-user: protocol discriminator and at most 128 octets.
struct UserUser {
  std::uint8_t protocol = 0x04;  ///< IA5 characters
  Octets octets;
  friend bool operator==(const UserUser&, const UserUser&) = default;
};

/// Q.952 / Q.931 4.6.7 reason for redirection, as coded in the redirecting number.
enum class RedirectionReason : std::uint8_t {
  unknown = 0,
  busy = 1,
  no_reply = 2,
  deflection = 4,
  out_of_order = 9,
  by_called_dte = 10,
  unconditional = 15
};
/// Where the call has been before (Q.931 4.6.7 redirecting number, ETS 300 207 diverting leg information).
struct Redirection {
  std::optional<Number> original_called = {};
  std::string original_called_name = {};
  RedirectionReason original_reason = RedirectionReason::unknown;
  std::optional<Number> redirecting = {};  ///< who diverted last
  std::string redirecting_name = {};
  RedirectionReason reason = RedirectionReason::unknown;
  std::uint8_t count = 1;
  friend bool operator==(const Redirection&, const Redirection&) = default;
};

/// The party at the far end of a connection.
struct Party {
  std::optional<Number> number = {};
  std::string name = {};
  std::optional<Subaddress> subaddress = {};
  friend bool operator==(const Party&, const Party&) = default;
};

/// Q.931 4.5.22 notification description, as coded; the last two by Q.932/ETS 300 196.
enum class Notification : std::uint8_t {
  user_suspended = 0x00,
  user_resumed = 0x01,
  bearer_change = 0x02,
  call_diverting = 0x7b,
  remote_hold = 0x79,
  remote_retrieval = 0x7a
};

/// Advice of charge (ETS 300 182): during the call or at its end.
struct AdviceOfCharge {
  bool final = false;  ///< AOC-E
  bool free = false;
  std::uint32_t units = 0;
  std::string currency;      ///< empty: units are counted
  std::uint64_t amount = 0;  ///< of `currency`, in 1/1000
  friend bool operator==(const AdviceOfCharge&, const AdviceOfCharge&) = default;
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
  std::optional<Subaddress> calling_subaddress = {};
  std::optional<Subaddress> called_subaddress = {};
  std::optional<Redirection> redirection = {};
  std::optional<UserUser> user_user = {};
  std::string keypad = {};
  std::string transit_network = {};  ///< Q.931 4.5.29: digits of the carrier, at most 8; empty: none named
};

/// What goes along with a message of a call.
struct Extras {
  std::vector<Progress> progress = {};  ///< besides the in-band one that the command itself names
  std::optional<UserUser> user_user = {};
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
/// SETUP ACKNOWLEDGE: more digits are wanted (Q.931 5.1.3).
struct SetupAckInd {
  CallRef call;
  std::vector<Progress> progress;
  std::optional<Channel> channel;
};
/// INFORMATION while overlap receiving (Q.931 5.2.4), or keypad in the call.
struct InformationInd {
  CallRef call;
  std::string digits;
  bool sending_complete = false;
  bool keypad = false;
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
  std::optional<UserUser> user_user = {};
  std::string name = {};  ///< of the called party
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
  std::string name = {};
  std::optional<Subaddress> subaddress = {};
  std::optional<UserUser> user_user = {};
};
/// The far end's party has changed (connected line update, transfer, FACILITY).
struct ConnectedLineInd {
  CallRef call;
  Party party;
};
/// The call has been diverted on its way (NOTIFY, FACILITY: ETS 300 207).
struct RedirectingInd {
  CallRef call;
  Redirection redirection;
  Party to = {};  ///< whom the call goes to now
};
struct NotifyInd {
  CallRef call;
  Notification notification;
};
struct ChargeInd {
  CallRef call;
  AdviceOfCharge charge;
};
/// HOLD was acknowledged: the channel is free for other calls; RETRIEVE follows on `channel`.
struct HoldInd {
  CallRef call;
};
struct RetrieveInd {
  CallRef call;
  std::optional<Channel> channel;
};
/// The far end asks that two calls be joined (ECT, RLT, 2BCT): `call` and `other` are to be bridged. It waits
/// for DChannel::transfer_result.
struct TransferInd {
  CallRef call;
  CallRef other;
  CallRef asking = 0;  ///< the call whose FACILITY it was
  int invoke_id = 0;
};
/// SERVICE for a channel (ANSI T1.607): the far end has put it out of service, or back.
struct ServiceInd {
  Channel channel;
  bool in_service = true;
};
/// DISCONNECT: the far end wants the call cleared (in-band information may follow when progress says so).
struct DisconnectInd {
  CallRef call;
  Cause cause;
  std::vector<Progress> progress;
  std::optional<UserUser> user_user = {};
};
/// The call is over and its CallRef dead: RELEASE, RELEASE COMPLETE, or cleared locally by a timer or
/// restart.
struct ReleasedInd {
  CallRef call;
  Cause cause;
  std::optional<UserUser> user_user = {};
  /// Our SETUP may never have arrived: the data link was established anew after it (Q.921 5.7), and nothing
  /// has come of the call but this.
  bool unheard = false;
};
/// RESTART of one channel (timeslot), of a whole span (0, class 6), or of all (0 and `all`, class 7; Q.931
/// 4.5.25); the acknowledgement has been sent; calls got ReleasedInd.
struct RestartInd {
  std::uint8_t timeslot;
  std::uint8_t span = 0;
  bool all = false;
};
/// The far end acknowledged our RESTART.
struct RestartAck {
  std::uint8_t timeslot;
  std::uint8_t span = 0;
};
/// A layer 2 frame to send, without FCS, on D channel `link` (0; 1: the backup).
struct FrameOut {
  Octets octets;
  std::uint8_t link = 0;
};
/// libpri said something that an operator may want to read.
struct Notice {
  std::string text;
};

using Output = std::variant<DChannelUp, DChannelDown, SetupInd, SetupAckInd, InformationInd, ProceedingInd,
                            AlertingInd, ProgressInd, ConnectInd, ConnectedLineInd, RedirectingInd, NotifyInd,
                            ChargeInd, HoldInd, RetrieveInd, TransferInd, DisconnectInd, ReleasedInd,
                            RestartInd, RestartAck, ServiceInd, FrameOut, Notice>;

}  // namespace tandem::tdm::pri
