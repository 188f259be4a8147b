#pragma once
// ISDN: libpri as it is, driven by the real clock.
#include <memory>

#include "tests/exchange/signalling.h"

namespace exchange {

class PriSignalling final : public Signalling {
 public:
  struct Kind {
    std::string type = "euroisdn";  ///< national ni1 dms100 4ess 5ess qsig
    bool network = true;
    bool t1 = false;
    int links = 1;                      ///< D channels; the second one is the backup
    std::vector<int> interfaces = {0};  ///< identifier of each span
    bool service = false;               ///< SERVICE messages
  };
  PriSignalling(Kind kind, SignallingListener& listener);
  ~PriSignalling() override;
  PriSignalling(const PriSignalling&) = delete;
  PriSignalling& operator=(const PriSignalling&) = delete;

  [[nodiscard]] const std::vector<int>& link_slots() const override;
  [[nodiscard]] bool ready() const override;
  [[nodiscard]] bool carries(int slot) const override;
  [[nodiscard]] bool offers(int slot) const override { return carries(slot); }

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
