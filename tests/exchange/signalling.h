#pragma once
// The exchange's ISDN signalling: libpri as it is, driven by the real clock.
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace exchange {

struct SetupInfo {
  std::string from;
  std::string to;
  std::string name;
  int slot = 0;            ///< 0: any
  bool exclusive = false;  ///< no other slot will do; of calls that come in
};

/// What comes of the signalling. Calls have small numbers, counted from 1.
class SignallingListener {
 public:
  virtual ~SignallingListener() = default;
  virtual void on_d_channel(bool up) = 0;
  virtual void on_setup(int call, const SetupInfo& setup) = 0;
  virtual void on_proceeding(int call, int slot) = 0;
  virtual void on_alerting(int call, int slot) = 0;
  virtual void on_progress(int call, int cause) = 0;  ///< cause 0: none
  virtual void on_answered(int call, int slot) = 0;
  virtual void on_released(int call, int cause) = 0;
  virtual void on_restart(int slot) = 0;  ///< 0: all
  virtual void on_restarted(int slot) = 0;
  virtual void on_message(const std::string& text) = 0;
};

class Signalling {
 public:
  struct Kind {
    bool national = false;
    bool network = true;
    bool t1 = false;
  };
  Signalling(Kind kind, SignallingListener& listener);
  ~Signalling();
  Signalling(const Signalling&) = delete;
  Signalling& operator=(const Signalling&) = delete;

  void receive(std::span<const std::uint8_t> line);
  void transmit(std::span<std::uint8_t> line);
  /// Runs the timers that are due.
  void run_timers();
  /// False: neither frames nor flags pass, as if the channel were cut.
  void connect_line(bool connected);

  /// 0: libpri refuses.
  int setup(const SetupInfo& setup);
  void proceeding(int call, int slot);
  void alerting(int call, int slot);
  void progress(int call, int slot, int cause);  ///< with progress indicator 8; cause 0: none
  void answer(int call, int slot);
  void hangup(int call, int cause);
  void restart(int slot);
  /// Forgets a call without a message, as RESTART demands.
  void drop(int call);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace exchange
