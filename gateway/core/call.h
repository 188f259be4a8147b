#pragma once
// A call through the exchange: one incoming leg, and outgoing legs tried in turn.
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/fsm.h"
#include "gateway/core/leg.h"
#include "gateway/core/media_control.h"

namespace tandem::core {

enum class CallState : std::uint8_t {
  idle,
  collecting,   ///< digits are missing
  wait_acm,     ///< IAM sent
  wait_answer,  ///< ACM received
  answered,
  tone,       ///< failed; the calling party hears why: a tone or an announcement
  releasing,  ///< REL sent; legs and media end
  over
};
std::string_view to_string(CallState state);

enum class CallEvent : std::uint8_t {
  iam,  ///< from the incoming leg, as are sam and forward
  sam,
  forward,  ///< CPG, SUS, RES, and what only ISUP has
  acm,      ///< from the outgoing leg, as are cpg and answer
  cpg,
  answer,   ///< ANM, CON
  notice,   ///< SUS, RES
  info,     ///< what only ISUP has: INR, INF, FAC, APM, USR, ...
  rel_in,   ///< REL from the incoming leg
  rel_out,  ///< REL from the outgoing leg
  t7,
  t9,
  t10,
  t35,
  inband_end,  ///< the announcement with a cause has had its time
  tone_end,    ///< the tone has had its time, the announcement is over
  clear,       ///< operator, drain, alarm, no RTP
  part_over    ///< a leg said RLC, a session closed or a record was written
};

/// One try over one target.
struct Attempt {
  Target target;
  std::unique_ptr<Leg> leg;  ///< null: none could be made
  bool idle = false;         ///< the leg said RLC
  bool over = false;         ///< the try has ended: the record waits for statistics only
  bool recorded = false;     ///< the ended record is written
  int sessions = 0;          ///< media sessions that have not closed
  Cdr cdr;
};

struct Call {
  CallId id;
  CallState state = CallState::idle;
  std::unique_ptr<Leg> incoming;
  bool incoming_idle = false;
  isup::Message iam{isup::MessageType::iam};
  std::string called;           ///< as received
  std::string calling;          ///< as received
  std::vector<Target> targets;  ///< of the route
  std::size_t next_target = 0;
  std::string called_sent;  ///< rewritten by the route
  bool routed = false;      ///< a route fits the number
  bool draining = false;    ///< a trunk of the route is closed for a while: a reload waits for it
  std::vector<std::unique_ptr<Attempt>> attempts;
  bool acm_sent = false;    ///< to the incoming leg
  bool committed = false;   ///< the calling party has been told more than "wait": no other try
  int channel_retries = 0;  ///< on the same target, after cause 44
  std::optional<isup::CauseIndicators> announced;         ///< cause that came with an announcement
  std::optional<isup::UserToUserInformation> last_words;  ///< that came with it
  bool announced_by_incoming = false;                     ///< in an answered call: who wants to clear it
  Time answered{};
  MediaJoin join;
  CallId partner;                 ///< after a transfer: the call whose party is heard
  Leg* left = nullptr;            ///< the leg of the party that transferred the call
  bool partner_has_join = false;  ///< the media of both is the partner's

  /// The party that stayed in a transferred call.
  [[nodiscard]] Leg& stayed() const { return left == incoming.get() ? *current()->leg : *incoming; }
  /// The attempt that is alive; null before the first.
  [[nodiscard]] Attempt* current() const { return attempts.empty() ? nullptr : attempts.back().get(); }
  [[nodiscard]] bool all_idle() const;
};

class Exchange;
/// What an action works on.
struct CallStep {
  Exchange& exchange;
  Call& call;
  Time now;
  const isup::Message* message = nullptr;  ///< for events that are messages
  bool from_incoming = false;              ///< who said it
  isup::CauseIndicators cause = {};        ///< for rel_in, rel_out, clear
  std::string_view text = {};              ///< for clear: why
};
using CallRow = FsmRow<CallState, CallEvent, CallStep>;

/// Causes after which the next target of the route is tried.
struct RetryRow {
  std::uint8_t cause;
  std::string_view name;
  std::string_view clause;
};
inline constexpr auto kRetryCauses = std::to_array<RetryRow>({
    {3, "no route to destination", "Q.850 2.2: by this way there is none"},
    {25, "exchange routing error", "Q.850, RFC 3398 8.2.6.1: 482, 483"},
    {27, "destination out of order", "Q.850: signalling cannot reach it"},
    {34, "no circuit available", "Q.764 2.8.1"},
    {38, "network out of order", "Q.850; RFC 3398 8.2.6.1: 502"},
    {41, "temporary failure", "Q.850; RFC 3398 8.2.6.1: 503, other route"},
    {42, "switching equipment congestion", "Q.764 2.10"},
    {44, "requested channel not available", "Q.764 2.8.1: other circuit first"},
    {47, "resource unavailable", "Q.850"},
    {58, "bearer capability not presently available", "Q.850"},
    {102, "recovery on timer expiry", "RFC 3261 17.1.1.2 timer B, Q.931 T303: no answer at all"},
});
constexpr bool may_retry(std::uint8_t cause) {
  for (const auto& row : kRetryCauses)
    if (row.cause == cause) return true;
  return false;
}

}  // namespace tandem::core
