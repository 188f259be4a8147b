#pragma once
// Compares what the parts of a gateway believe of each other, and repairs what disagrees twice in a row.
#include <compare>
#include <map>
#include <unordered_set>

#include "gateway/core/audit.h"
#include "gateway/core/exchange.h"
#include "gateway/core/sip_side.h"
#include "gateway/core/ss7_side.h"
#include "gateway/core/trunks.h"

namespace tandem::core {

class Auditor {
 public:
  Auditor(Context& context, Exchange& exchange, MediaControl& media, Trunks& trunks, Ss7Side& ss7,
          SipSide& sip)
      : context_(context), exchange_(exchange), media_(media), trunks_(trunks), ss7_(ss7), sip_(sip) {}

  /// To be called when nobody has anything left to say: what is on its way is no disagreement. The caller
  /// lets the parts settle afterwards.
  void audit(Time now);

  [[nodiscard]] const AuditCounters& counters() const { return counters_; }

 private:
  struct Finding {
    Fault fault = Fault::circuit_without_call;
    std::uint64_t a = 0, b = 0;  ///< which one
    friend auto operator<=>(const Finding&, const Finding&) = default;
  };
  void look_at_circuits(Time now);
  void look_at_calls();
  void look_at_signalling(Time now);
  void look_at_d_channels(Time now);
  void look_at_isup(Time now);
  void look_at_media(Time now);
  void forget(CallId call, int attempt);
  /// Seen in so many audits in a row, this one included.
  int seen(const Finding& finding);
  void repaired(Fault fault, CallId call, const std::string& what);

  Context& context_;
  Exchange& exchange_;
  MediaControl& media_;
  Trunks& trunks_;
  Ss7Side& ss7_;
  SipSide& sip_;
  std::map<Finding, int> before_, now_;  ///< how often in a row
  std::unordered_set<const Leg*> legs_;  ///< of calls, and of those that become calls
  AuditCounters counters_;
};

}  // namespace tandem::core
