#pragma once
// Calls and what they hear: the exchange's behaviour by the number dialled.
#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <utility>

#include "tests/exchange/audio.h"
#include "tests/exchange/options.h"
#include "tests/exchange/signalling.h"
#include "tests/exchange/wav.h"

namespace exchange {

using Millis = std::chrono::milliseconds;

/// What to do with a call that goes out.
struct DialRequest {
  SetupInfo setup;
  Recording play;                     ///< from the answer on; may be empty
  std::unique_ptr<WavWriter> record;  ///< from the answer on; may be empty
};

class Switchboard final : public SignallingListener {
 public:
  using Log = std::function<void(const std::string& line)>;
  Switchboard(const Options& options, Recording announcement, Log log);

  /// One block of 5 ms: frames are [frame][timeslot - 1].
  void tick(std::span<const std::uint8_t> in, std::span<std::uint8_t> out);

  // Commands. Errors are sentences.
  std::expected<int, std::string> dial(DialRequest request);
  std::expected<void, std::string> hangup(int call, int cause);
  std::expected<void, std::string> send_digits(int call, const std::string& digits);
  std::expected<void, std::string> record(int call, std::unique_ptr<WavWriter> writer);
  std::expected<void, std::string> play(int call, Recording recording);
  std::expected<void, std::string> restart(int slot);
  void connect_d_channel(bool connected) { signalling_.connect_line(connected); }
  [[nodiscard]] std::string describe_calls() const;

  // SignallingListener.
  void on_d_channel(bool up) override;
  void on_setup(int call, const SetupInfo& setup) override;
  void on_proceeding(int call, int slot) override;
  void on_alerting(int call, int slot) override;
  void on_progress(int call, int cause) override;
  void on_answered(int call, int slot) override;
  void on_released(int call, int cause) override;
  void on_restart(int slot) override;
  void on_restarted(int slot) override;
  void on_message(const std::string& text) override;

 private:
  struct Call {
    SetupInfo setup;
    int slot = 0;
    bool outgoing = false;
    std::string state = "setup";
    std::unique_ptr<Source> source;
    std::unique_ptr<Source> digits;  ///< instead of `source` while they last
    std::unique_ptr<WavWriter> recorder;
    DialRequest wanted;
    std::unique_ptr<DigitCollector> collector;
    std::string collected;
    Millis last_digit{0};
    bool playing = false;
    /// What happens next, by the time since the exchange started.
    std::multimap<Millis, std::function<void()>> script;
  };

  void write_script(int number, Call& call, const std::string& behaviour);
  void after(Call& call, Millis delay, std::function<void()> action);
  void begin_answer(int number, std::function<std::unique_ptr<Source>()> source);
  void run_scripts();
  void media(Call& call, int number, std::span<const std::uint8_t> in, std::span<std::uint8_t> out);
  void collect_digits(Call& call, int number, const Block& heard);
  void note_answer(int number, Call& call);
  std::unique_ptr<Source> announcement();
  Call* find(int call);
  int free_slot(int wanted) const;
  void log_call(int number, const std::string& text);

  Options options_;
  Recording announcement_;
  Log log_;
  std::size_t slots_;
  std::size_t d_slot_;
  Law law_;
  Signalling signalling_;
  std::map<int, Call> calls_;
  Millis now_{0};
  bool d_channel_up_ = false;
};

}  // namespace exchange
