#pragma once
#include <memory>
#include <optional>

#include "gateway/base/bytes.h"
#include "gateway/base/time.h"
#include "tdm/pri/config.h"
#include "tdm/pri/values.h"

namespace tandem::tdm::pri {

/// More calls at once than a span has timeslots; per span of the trunk. Further ones are refused with
/// cause 34.
inline constexpr std::size_t kMaxCalls = 64;

/// One D channel: Q.921 and Q.931 by libpri, sans-IO. Frames are whole layer 2 frames without FCS.
/// libpri's clock is `now`: the system's time never reaches it.
class DChannel {
 public:
  DChannel(const DChannelConfig& config, Time now);
  ~DChannel();
  DChannel(const DChannel&) = delete;
  DChannel& operator=(const DChannel&) = delete;

  /// `link`: 0; 1: the backup D channel of NFAS.
  void handle_frame(OctetView frame, Time now, std::uint8_t link = 0);
  void handle_timers(Time now);
  [[nodiscard]] std::optional<Time> next_deadline() const;
  /// What happened, in order; to be called until it gives nothing.
  std::optional<Output> poll_output();
  /// Any of its links is.
  [[nodiscard]] bool up() const;
  [[nodiscard]] bool link_up(std::uint8_t link) const;

  /// What DChannelConfig::timers said is said anew; timers that run go on as they are.
  void set_timers(const std::vector<TimerSetting>& timers);

  // Commands. A CallRef that is dead is ignored: the command crossed the ReleasedInd.
  /// Sends SETUP; nothing when libpri refuses (no more resources or the D channel is down).
  std::optional<CallRef> setup(const Setup& setup, Time now);
  void proceeding(CallRef call, const Channel& channel, Time now, const Extras& extras = {});
  void alerting(CallRef call, const Channel& channel, bool inband, Time now, const Extras& extras = {});
  /// Needs `inband` or an indicator in `extras`: PROGRESS without one does not exist (Q.931 3.1.8) and is not
  /// sent.
  void progress(CallRef call, const Channel& channel, std::optional<Cause> cause, bool inband, Time now,
                const Extras& extras = {});
  void connect(CallRef call, const Channel& channel, Time now, const Party& party = {},
               const std::optional<UserUser>& user_user = {}, const std::vector<Progress>& progress = {});
  /// SETUP ACKNOWLEDGE; `inband`: with progress indicator 8, dial tone can be heard (Q.931 5.2.4). Needs
  /// `overlap_receiving`.
  void setup_ack(CallRef call, const Channel& channel, bool inband, Time now);
  /// INFORMATION with more called digits (Q.931 5.1.3); `complete`: with sending complete.
  void information(CallRef call, const std::string& digits, bool complete, Time now);
  /// NOTIFY. Those of Q.932 (hold, retrieval, diversion) leave on euroisdn only: Q.931 4.5.22 has no codes
  /// for them.
  void notify(CallRef call, Notification notification, Time now);
  /// Who is connected, or has changed: before CONNECT for ALERTING and CONNECT to tell, afterwards by
  /// FACILITY (euroisdn, qsig; the other switch types have no message for it).
  void connected_line(CallRef call, const Party& party, Time now);
  /// The call goes to somebody else now (ETS 300 207 diverting leg information 1 and 3; euroisdn and qsig,
  /// before the answer). False: it cannot be told.
  bool diverted(CallRef call, const Party& to, RedirectionReason reason, Time now);
  /// User-user for the next clearing message of the call (Q.957.1 implicit service 1).
  void user_user(CallRef call, const UserUser& value, Time now);
  /// The far end joins these two calls and drops both here (2BCT, RLT, ECT). False: it cannot be asked.
  bool transfer(CallRef a, CallRef b, Time now);
  /// The answer to a TransferInd; before the calls are cleared, when they were joined.
  void transfer_result(const TransferInd& asked, bool joined, Time now);
  /// HOLD and RETRIEVE towards the far end, as an exchange or PBX sends them (Q.932 6): the channel becomes
  /// free. The gateway's own calls keep theirs, so a hold from SIP is notify(); the far ends of the tests
  /// send these. False: the switch type has none.
  bool hold(CallRef call, Time now);
  bool retrieve(CallRef call, const Channel& channel, Time now);
  /// SERVICE: takes a channel out of service at the far end, or back. False: the switch type has none.
  bool service(const Channel& channel, bool in_service, Time now);
  /// Clears the call in whatever state it is; ReleasedInd follows when the far end has confirmed. `inband`,
  /// at the network side: tones are on the channel, which stays until T306 (Q.931 5.4.1) or the far end's
  /// RELEASE.
  void disconnect(CallRef call, Cause cause, Time now, bool inband = false);
  /// The same, with the location of this side: a private network's user side, a public network's network
  /// side.
  void disconnect(CallRef call, std::uint8_t cause, Time now);
  /// RESTART for one timeslot or, with 0, for the whole span, one after the other; calls there end with
  /// ReleasedInd at once.
  void restart(std::uint8_t timeslot, Time now, std::uint8_t span = 0);
  /// Takes the links down (Q.921 5.5.3: DISC) and is silent from then on; calls are gone without a word.
  void close(Time now);
  // Layer 1 is lost or back: libpri is told by silence alone, so calls are kept until T309.

  /// Calls that exist, those being cleared among them.
  [[nodiscard]] std::size_t calls() const;
  [[nodiscard]] bool has(CallRef call) const;
  /// Those that nobody here has asked to clear, ascending.
  [[nodiscard]] std::vector<CallRef> open_calls() const;
  /// The same as libpri counts: to show that nothing is left behind.
  [[nodiscard]] std::size_t call_records() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tandem::tdm::pri
