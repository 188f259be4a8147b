#pragma once
// The inside of Ss7Signalling: one linkset and its circuits.
extern "C" {
#include <libss7.h>
}

#include <optional>

#include "tests/exchange/ss7_link.h"
#include "tests/exchange/ss7_signalling.h"

namespace exchange {

struct Ss7Signalling::Impl {
  struct Circuit {
    int cic = 0;
    int slot = 0;
    struct isup_call* handle = nullptr;  ///< libss7's, at most one of each circuit
    int call = 0;                        ///< 0: none
    int cause = 0;                       ///< why it is being cleared; 0: it is not
    bool acm = false;                    ///< address complete was sent
    bool local = false, local_hardware = false, remote = false, remote_hardware = false;  ///< blocked
    bool unequipped = false;           ///< so says the far end
    bool resetting = false;            ///< libss7 does it, with a handle of its own
    std::optional<SetupInfo> waiting;  ///< for the outcome of a continuity check
  };

  Impl(Kind wanted, SignallingListener& to);
  ~Impl();
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  static inline Impl* instance = nullptr;  ///< whom libss7's calls back concern
  static void take_message(struct ss7* ss7, char* text);
  static void on_not_in_service(struct ss7* ss7, int cic, unsigned dpc);
  static int on_hangup(struct ss7* ss7, int cic, unsigned dpc, int cause, int what);
  static void on_call_null(struct ss7* ss7, struct isup_call* handle, int lock);

  void drain(int link);
  void on_event(const ss7_event& event, int link);
  void on_iam(const ss7_event_iam& event);
  void on_release(const ss7_event_rel& event);
  void on_call_event(const ss7_event& event);
  void on_check_event(const ss7_event& event);
  void on_circuit_event(const ss7_event& event);
  void on_group_event(const ss7_event& event);
  void on_group_reset(const ss7_event_cicrange& event);
  void on_reset(const ss7_event_rsc& event);
  void set_linkset(bool up);

  Circuit* at_cic(int cic);
  Circuit* at_slot(int slot);
  Circuit* of_call(int call);
  /// libss7's handle of the circuit, made where there is none.
  struct isup_call* handle_of(Circuit& circuit);
  /// Gives the handle back to libss7 when nothing is outstanding.
  void settle(Circuit& circuit);
  void present(Circuit& circuit, const SetupInfo& setup);
  void over(Circuit& circuit, int cause);
  /// Sends a message that blocks or unblocks; of one circuit or of several.
  void block(int first, int last, bool blocked, bool hardware, bool group);
  void reset(int first, int last);
  void reset_all();
  /// Continuous circuits from `first` on, at most 32.
  int last_of_group(int first);
  void say(const std::string& text) { listener.on_message(text); }

  Kind kind;
  SignallingListener& listener;
  struct ss7* ss7 = nullptr;
  std::vector<std::unique_ptr<Ss7Link>> links;
  std::map<const struct mtp2*, int> known;  ///< which link is whose
  std::map<int, Circuit> circuits;          ///< by CIC
  int last = 0;
  bool up = false;
};

}  // namespace exchange
