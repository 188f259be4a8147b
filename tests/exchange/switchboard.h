#pragma once
// Calls and what they hear: the exchange's behaviour by the number dialled.
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "tests/exchange/audio.h"
#include "tests/exchange/clear_channel.h"
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
  /// Of all spans: line i is span i's.
  struct Line {
    std::span<const std::uint8_t> in;
    std::span<std::uint8_t> out;
  };
  void tick(std::span<const Line> lines);

  // Commands. Errors are sentences.
  std::expected<int, std::string> dial(DialRequest request);
  std::expected<void, std::string> hangup(int call, int cause);
  std::expected<void, std::string> send_digits(int call, const std::string& digits);
  std::expected<void, std::string> record(int call, std::unique_ptr<WavWriter> writer);
  std::expected<void, std::string> play(int call, Recording recording);
  std::expected<void, std::string> restart(int slot);
  std::expected<void, std::string> service(int slot, bool in_service);
  std::expected<void, std::string> more_digits(int call, const std::string& digits);
  std::expected<void, std::string> notify(int call, bool hold);
  std::expected<void, std::string> change_party(int call, const std::string& number);
  /// Octets that were sent on the timeslot and came back as they were; of a call with a clear channel.
  std::expected<std::string, std::string> check_clear(int call);
  std::expected<void, std::string> connect_d_channel(int link, bool connected);
  /// The next continuity checks find no loop.
  void refuse_loops(int checks) { refused_loops_ = checks; }
  std::expected<std::string, std::string> maintain(const std::vector<std::string>& words);
  [[nodiscard]] std::string describe_calls() const;

  // SignallingListener.
  void on_link(int link, bool up) override;
  void on_setup(int call, const SetupInfo& setup) override;
  void on_setup_ack(int call, int slot) override;
  void on_digits(int call, const std::string& digits, bool complete) override;
  void on_proceeding(int call, int slot) override;
  void on_alerting(int call, int slot) override;
  void on_progress(int call, int cause) override;
  void on_answered(int call, int slot) override;
  void on_party(int call, const std::string& number, const std::string& name) override;
  void on_notify(int call, int notification) override;
  void on_released(int call, int cause, const std::string& user_user) override;
  void on_restart(int slot) override;
  void on_restarted(int slot) override;
  void on_service(int slot, bool in_service) override;
  void on_loop(int slot, bool looped) override;
  void on_call_notice(int call, const std::string& text) override;
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
    std::unique_ptr<ClearChannel> clear;  ///< octets as they are, no audio
    /// What happens next, by the time since the exchange started.
    std::multimap<Millis, std::function<void()>> script;
  };

  void write_script(int number, Call& call, const std::string& behaviour);
  /// Those of supplementary services; false: none of them.
  bool write_service_script(int number, Call& call, const std::string& behaviour);
  void after(Call& call, Millis delay, std::function<void()> action);
  void begin_answer(int number, std::function<std::unique_ptr<Source>()> source,
                    const std::string& connected = {}, const std::string& name = {});
  void run_scripts();
  void media(Call& call, int number, const Line& line);
  void collect_digits(Call& call, int number, const Block& heard);
  void note_answer(int number, Call& call);
  std::unique_ptr<Source> announcement();
  Call* find(int call);
  /// `outgoing`: not a blocked one.
  int free_slot(int wanted, bool outgoing) const;
  void log_call(int number, const std::string& text);

  Options options_;
  Recording announcement_;
  Log log_;
  std::size_t slots_;
  Law law_;
  std::vector<bool> links_up_;
  std::unique_ptr<Signalling> signalling_;
  std::map<int, Call> calls_;
  Millis now_{0};
  std::set<int> loops_;  ///< timeslots under a continuity check
  int refused_loops_ = 0;
};

}  // namespace exchange
