#pragma once
// The exchange's ISDN signalling: libpri as it is, driven by the real clock.
#include <cstdint>
#include <memory>
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
};

/// What comes of the signalling. Calls have small numbers, counted from 1.
class SignallingListener {
 public:
  virtual ~SignallingListener() = default;
  virtual void on_d_channel(int link, bool up) = 0;
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
  virtual void on_message(const std::string& text) = 0;
};

class Signalling {
 public:
  struct Kind {
    std::string type = "euroisdn";  ///< national ni1 dms100 4ess 5ess qsig
    bool network = true;
    bool t1 = false;
    int links = 1;                      ///< D channels; the second one is the backup
    std::vector<int> interfaces = {0};  ///< identifier of each span
    bool service = false;               ///< SERVICE messages
  };
  Signalling(Kind kind, SignallingListener& listener);
  ~Signalling();
  Signalling(const Signalling&) = delete;
  Signalling& operator=(const Signalling&) = delete;

  void receive(int link, std::span<const std::uint8_t> line);
  void transmit(int link, std::span<std::uint8_t> line);
  /// Runs the timers that are due.
  void run_timers();
  /// False: neither frames nor flags pass, as if the channel were cut.
  void connect_line(int link, bool connected);

  /// 0: libpri refuses.
  int setup(const SetupInfo& setup);
  void setup_ack(int call, int slot);
  void more_digits(int call, const std::string& digits);
  void proceeding(int call, int slot);
  void alerting(int call, int slot);
  void progress(int call, int slot, int cause);  ///< with progress indicator 8; cause 0: none
  /// `number` and `name`: of who is connected; empty: not said.
  void answer(int call, int slot, const std::string& number = {}, const std::string& name = {});
  void party(int call, const std::string& number, const std::string& name);
  void notify(int call, int slot, int notification);
  void charge(int call, int units);                       ///< AOC-E, goes with the next message that clears
  void user_user(int call, const std::string& text);      ///< goes with the message that clears
  void hangup(int call, int cause, bool inband = false);  ///< inband: DISCONNECT with progress indicator 8
  void restart(int slot);
  void service(int slot, bool in_service);
  /// Forgets a call without a message, as RESTART demands.
  void drop(int call);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace exchange
