#pragma once
// What the exchange wants of its signalling, be it libpri's or libss7's.
#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <vector>

namespace exchange {

/// Timeslots of the first span are 1 to 31, those of the second 101 to 131, and so on.
inline constexpr int kSlotsOfSpan = 100;

struct SetupInfo {
  std::string from;
  std::string to;
  std::string name;
  int slot = 0;             ///< 0: any
  bool exclusive = false;   ///< no other slot will do; of calls that come in
  bool complete = true;     ///< no digits follow
  bool clear = false;       ///< 64 kbit/s unrestricted rather than speech
  bool no_channel = false;  ///< SETUP names none
  std::string redirecting = {};
  std::string user_user = {};
  std::string subaddress = {};  ///< of the called party
  std::string original = {};    ///< called first, when the call was diverted twice
  std::string keypad = {};
};

/// Advice of charge (ETS 300 182).
struct Charge {
  int number = 0;             ///< units, or hundredths of the currency
  std::string currency = {};  ///< empty: units
  bool free = false;
  bool final = true;  ///< AOC-E
};

/// What comes of the signalling. Calls have small numbers, counted from 1.
class SignallingListener {
 public:
  virtual ~SignallingListener() = default;
  /// A D channel or signalling link.
  virtual void on_link(int link, bool up) = 0;
  virtual void on_setup(int call, const SetupInfo& setup) = 0;
  virtual void on_setup_ack(int call, int slot) = 0;
  virtual void on_digits(int call, const std::string& digits, bool complete) = 0;
  virtual void on_proceeding(int call, int slot) = 0;
  virtual void on_alerting(int call, int slot) = 0;
  virtual void on_progress(int call, int cause) = 0;  ///< cause 0: none
  virtual void on_answered(int call, int slot) = 0;
  /// Who is at the far end, by CONNECT or later.
  virtual void on_party(int call, const std::string& number, const std::string& name) = 0;
  virtual void on_notify(int call, int notification) = 0;  ///< Q.931 4.5.22, as coded
  virtual void on_released(int call, int cause, const std::string& user_user) = 0;
  virtual void on_restart(int slot) = 0;  ///< 0: all
  virtual void on_restarted(int slot) = 0;
  virtual void on_service(int slot, bool in_service) = 0;
  /// Continuity check: what is heard on the timeslot goes back.
  virtual void on_loop(int slot, bool looped) = 0;
  virtual void on_call_notice(int call, const std::string& text) = 0;
  virtual void on_message(const std::string& text) = 0;  ///< a line for the log
};

class Signalling {
 public:
  virtual ~Signalling() = default;

  /// The timeslot of each link.
  [[nodiscard]] virtual const std::vector<int>& link_slots() const = 0;
  [[nodiscard]] virtual bool ready() const = 0;            ///< a call may go out
  [[nodiscard]] virtual bool carries(int slot) const = 0;  ///< calls; and not signalling or nothing
  /// A call that goes out may take it; false: blocked.
  [[nodiscard]] virtual bool offers(int slot) const = 0;

  virtual void receive(int link, std::span<const std::uint8_t> line) = 0;
  virtual void transmit(int link, std::span<std::uint8_t> line) = 0;
  /// Runs the timers that are due.
  virtual void run_timers() = 0;
  /// False: neither frames nor flags pass, as if the channel were cut.
  virtual void connect_line(int link, bool connected) = 0;

  /// 0: the library refuses.
  virtual int setup(const SetupInfo& setup) = 0;
  virtual void setup_ack(int call, int slot) = 0;
  virtual void more_digits(int call, const std::string& digits) = 0;
  virtual void proceeding(int call, int slot) = 0;
  virtual void alerting(int call, int slot) = 0;
  virtual void progress(int call, int slot, int cause) = 0;  ///< in-band information; cause 0: none
  /// `number` and `name`: of who is connected; empty: not said.
  virtual void answer(int call, int slot, const std::string& number = {}, const std::string& name = {}) = 0;
  virtual void party(int call, const std::string& number, const std::string& name) = 0;
  virtual void notify(int call, int slot, int notification) = 0;
  /// AOC-D goes at once, AOC-E with the message that clears.
  virtual void charge(int call, const Charge& charge) = 0;
  virtual void user_user(int call, const std::string& text) = 0;  ///< goes with the message that clears
  /// inband: DISCONNECT with progress indicator 8
  virtual void hangup(int call, int cause, bool inband = false) = 0;
  virtual void restart(int slot) = 0;
  virtual void service(int slot, bool in_service) = 0;
  /// Forgets a call without a message, as RESTART demands.
  virtual void drop(int call) = 0;
  /// A command of this signalling alone. Error: a sentence.
  virtual std::expected<std::string, std::string> maintain(const std::vector<std::string>& words) = 0;
};

}  // namespace exchange
