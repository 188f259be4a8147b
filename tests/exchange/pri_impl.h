#pragma once
// The inside of PriSignalling: a libpri instance for each D channel.
extern "C" {
#include <libpri.h>
}

#include <deque>
#include <map>
#include <set>

#include "tests/exchange/hdlc_link.h"
#include "tests/exchange/pri_signalling.h"

namespace exchange {

struct PriSignalling::Impl {
  /// One D channel. Its address is libpri's user data.
  struct Link {
    explicit Link(Impl& implementation, int number) : owner(implementation), index(number) {}
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;

    Impl& owner;
    int index;
    struct pri* pri = nullptr;
    std::deque<std::vector<std::uint8_t>> frames;
    HdlcLink hdlc{[this](std::span<const std::uint8_t> frame) {
      if (frame.size() >= 3 && frame.size() <= 300) frames.emplace_back(frame.begin(), frame.end());
    }};
    bool connected = true;
    bool up = false;
  };

  Impl(Kind wanted, SignallingListener& to);
  ~Impl();
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  static int read(struct pri* pri, void* buffer, int size);
  static int write(struct pri* pri, void* buffer, int size);
  static void take_message(struct pri* pri, char* text);

  /// The D channel that is up, the first one before the backup.
  struct pri* active();
  [[nodiscard]] int encoded(int slot) const;
  [[nodiscard]] int slot_of(int channel, const Link& link) const;
  [[nodiscard]] int number_of(const q931_call* call) const;
  [[nodiscard]] q931_call* call_of(int number) const;
  /// libpri's; negative: the call is dead.
  int reference_of(q931_call* call);
  [[nodiscard]] bool has_tones(std::span<const std::uint8_t> frame) const;
  void over(int number, int cause, const std::string& user_user = {});

  void on_event(const pri_event& event, Link& link);
  void on_ring(const pri_event_ring& ring, const Link& link);
  void on_digits(const pri_event_ring& ring);
  void on_hangup(const pri_event_hangup& event);
  void on_link(Link& link, bool up);
  void on_parties(int call, const pri_subcommands* subcommands);
  /// The far end asks that two of its calls be joined here.
  void on_transfer(int asked, const pri_subcmd_transfer& transfer);

  Kind kind;
  SignallingListener& listener;
  std::vector<std::unique_ptr<Link>> links;
  std::vector<int> link_slots;
  std::map<int, q931_call*> calls;
  std::map<int, int> causes;              ///< why a call is being cleared
  std::map<int, std::string> last_words;  ///< user-user information of a DISCONNECT
  /// Calls that came in and whose DISCONNECT says that tones can be heard, by call reference: libpri sends it
  /// when its window has room, and again when it is lost.
  std::map<int, int> with_tones;
  int last = 0;
  bool quiet = false;
  bool accepts_transfers = false;
};

}  // namespace exchange
