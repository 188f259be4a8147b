#pragma once
// A leg translates its own protocol to and from ISUP; the exchange joins two of them.
#include <memory>
#include <optional>
#include <string>

#include "gateway/base/ids.h"
#include "gateway/base/time.h"
#include "gateway/core/cdr.h"
#include "gateway/core/trunk_ref.h"
#include "gateway/media/commands.h"
#include "isup/message.h"

namespace tandem::core {

/// Media over RTP: the port, and what was agreed; nothing before an answer has gone or come.
struct RtpEnd {
  media::RtpTransport* transport = nullptr;
  SocketAddress local;
  std::optional<media::RtpParameters> parameters;
};

/// One side of a call. What it says goes to the Bus as ISUP messages and is read when the current input has
/// been dealt with, so that nothing here is re-entered. REL, said or heard, ends the conversation; RLC is a
/// leg's last word, exactly once, when its signalling is over, whoever sent REL (Q.764 2.3).
class Leg {
 public:
  Leg(CallId call, int attempt, std::string party)
      : call_(call), attempt_(attempt), party_(std::move(party)) {}
  virtual ~Leg() = default;
  Leg(const Leg&) = delete;
  Leg& operator=(const Leg&) = delete;

  /// IAM (to an outgoing leg, first), SAM (to an outgoing leg, before its answer), ACM, ANM, CON (to an
  /// incoming leg), CPG, SUS, RES (to either), REL (to either, once).
  virtual void send(const isup::Message& message, Time now) = 0;
  /// An incoming leg: SAM may follow the IAM, its number may be incomplete (Q.764 2.1.2).
  [[nodiscard]] virtual bool overlapping() const { return false; }
  /// With more digits its trunk's rules may read the number otherwise, so that nothing is to be sent on yet;
  /// its SAM then has the whole number (CalledPartyNumber) beside its digits.
  [[nodiscard]] virtual bool number_open() const { return false; }
  /// The number is not complete and has no way: the far end has T35 to go on (Q.764 2.2.5).
  virtual void want_digits(Time /*now*/) {}
  /// An incoming leg: its trunk takes new calls.
  [[nodiscard]] virtual bool open() const { return true; }
  /// An outgoing leg, whose REL had this cause: another circuit of the same trunk may do (Q.931 5.7,
  /// Q.764 2.8.1).
  [[nodiscard]] virtual bool circuit_refused(const isup::CauseIndicators& cause) const {
    return cause.value == 44;
  }
  /// An outgoing leg and the incoming one of its call, answered: true when the far end of both has been asked
  /// to join them by itself and will clear both (2BCT, RLT, ECT).
  virtual bool hand_over(Leg& /*incoming*/, Time /*now*/) { return false; }
  /// The call ends by `rel` after something to hear; it follows. True: the far end has been told so, with
  /// what `rel` says, and may end it sooner; false: nothing was said.
  virtual bool release_with_tones(const isup::Message& /*rel*/, Time /*now*/) { return false; }
  /// To an incoming leg: a way was found, the number is complete (CALL PROCEEDING).
  virtual void accepted(Time /*now*/) {}
  /// Sounds made here reach the party before its call is answered.
  [[nodiscard]] virtual bool can_hear() const { return true; }
  /// A DTMF digit found on the circuit that the party behind this leg takes by signalling (INFO).
  virtual void send_digit(char /*digit*/, std::uint16_t /*duration_ms*/, Time /*now*/) {}
  /// It takes and says any ISUP message of a call, not only those of send().
  [[nodiscard]] virtual bool speaks_isup() const { return false; }
  /// The call is to go on to a leg that speaks ISUP as well, or comes from one; or not. False: then it cannot
  /// go on, and its release follows.
  virtual bool set_transit(bool /*transit*/, Time /*now*/) { return true; }
  /// Its media is RTP, else a circuit.
  [[nodiscard]] virtual bool packet() const = 0;
  [[nodiscard]] virtual std::optional<Circuit> circuit() const { return std::nullopt; }
  /// Of a leg on a trunk.
  [[nodiscard]] virtual TrunkRef trunk_config() const { return {}; }
  [[nodiscard]] virtual const RtpEnd* rtp() const { return nullptr; }
  /// Writes into the record what only this leg knows.
  virtual void describe(Cdr& cdr) const = 0;

  [[nodiscard]] CallId call() const { return call_; }
  /// 0: the incoming leg; else the attempt that it is.
  [[nodiscard]] int attempt() const { return attempt_; }
  [[nodiscard]] const std::string& party() const { return party_; }

 private:
  CallId call_;
  int attempt_;
  std::string party_;
};

/// Where legs speak.
class Bus {
 public:
  virtual ~Bus() = default;
  virtual void post(Leg& leg, isup::Message message) = 0;
  /// Circuit or RTP parameters are other than before.
  virtual void media_changed(Leg& leg) = 0;
  /// The party behind the leg pressed a DTMF digit, by signalling (INFO): it is played to the other side.
  virtual void digit(Leg& leg, char digit, std::uint16_t duration_ms) = 0;
  /// A new call with its incoming leg and IAM.
  virtual void offer(std::unique_ptr<Leg> incoming, isup::Message iam) = 0;
  /// The trunk or peer on the other side of the leg's call at this moment; empty: none yet.
  [[nodiscard]] virtual std::string other_party(const Leg& leg) const = 0;
};

/// Where a call may come from or go to, by its index in the configuration.
struct Target {
  enum class Kind : std::uint8_t { peer, pri, isup };
  Kind kind = Kind::peer;
  std::size_t index = 0;
  [[nodiscard]] bool trunk() const { return kind != Kind::peer; }
  friend bool operator==(const Target&, const Target&) = default;
};

/// Makes the legs that the exchange sends IAMs to.
class LegFactory {
 public:
  virtual ~LegFactory() = default;
  virtual std::unique_ptr<Leg> make_leg(const Target& target, CallId call, int attempt) = 0;
  /// False: not worth a try (a watched peer that does not answer).
  [[nodiscard]] virtual bool reachable(const Target& target) const = 0;
  /// SAM can be said to its legs; else the number is collected first.
  [[nodiscard]] virtual bool takes_overlap(const Target& target) const = 0;
};

/// The location of a cause that is made in the gateway, for a leg to say as its network has it (Q.850 2.2.3);
/// as four bits, which it has on wires, it is private_local.
inline constexpr auto kMadeHere = static_cast<isup::Location>(0x11);
/// REL with a cause made here.
isup::Message make_rel(std::uint8_t cause, isup::Location location = kMadeHere);
/// The cause of a REL; 31 when it holds none.
isup::CauseIndicators cause_of(const isup::Message& rel);
/// ACM or CPG says that the called party is being alerted (Q.763 3.5 bits DC, 3.21).
bool is_alerting(const isup::Message& message);
/// ACM or CPG says that the backward path carries something to hear (Q.763 3.37, 3.21, 3.5 bit I).
bool has_inband(const isup::Message& message);
/// "+4420...", "1000": the digits, with '+' when the number is international.
std::string number_text(const std::string& digits, isup::NatureOfAddress nature);

}  // namespace tandem::core
