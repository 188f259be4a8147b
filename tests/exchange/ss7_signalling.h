#pragma once
// SS7: libss7 as it is (MTP2, MTP3, ISUP), driven by the real clock.
#include <map>
#include <memory>

#include "tests/exchange/signalling.h"

namespace exchange {

class Ss7Signalling final : public Signalling {
 public:
  struct Kind {
    bool ansi = false;
    unsigned opc = 0, dpc = 0;
    bool national = true;     ///< network indicator
    std::vector<int> links;   ///< timeslot of each link of the linkset, by signalling link code
    std::map<int, int> cics;  ///< timeslot of each circuit
    bool debug = false;       ///< libss7 tells of every message
  };
  /// One for each process: libss7 calls back without saying whom.
  Ss7Signalling(Kind kind, SignallingListener& listener);
  ~Ss7Signalling() override;
  Ss7Signalling(const Ss7Signalling&) = delete;
  Ss7Signalling& operator=(const Ss7Signalling&) = delete;

  [[nodiscard]] const std::vector<int>& link_slots() const override;
  [[nodiscard]] bool ready() const override;
  [[nodiscard]] bool carries(int slot) const override;
  [[nodiscard]] bool offers(int slot) const override;

  void receive(int link, std::span<const std::uint8_t> line) override;
  void transmit(int link, std::span<std::uint8_t> line) override;
  void run_timers() override;
  void connect_line(int link, bool connected) override;

  int setup(const SetupInfo& setup) override;
  void setup_ack(int call, int slot) override;
  void more_digits(int call, const std::string& digits) override;
  void proceeding(int call, int slot) override;
  void alerting(int call, int slot) override;
  void progress(int call, int slot, int cause) override;
  void answer(int call, int slot, const std::string& number, const std::string& name) override;
  void party(int call, const std::string& number, const std::string& name) override;
  void notify(int call, int slot, int notification) override;
  void charge(int call, const Charge& charge) override;
  void user_user(int call, const std::string& text) override;
  void hangup(int call, int cause, bool inband) override;
  void restart(int slot) override;
  void service(int slot, bool in_service) override;
  void drop(int call) override;
  std::expected<std::string, std::string> maintain(const std::vector<std::string>& words) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace exchange
