#pragma once
#include <deque>
#include <string>
#include <vector>

#include "gateway/core/trace.h"

namespace tandem::io {

/// The trace records of the last calls, in bounded memory: the oldest calls go first.
class TraceStore {
 public:
  /// `octets`: what all records together may take.
  explicit TraceStore(std::size_t octets) : limit_(octets) {}

  void add(core::TraceRecord record);
  /// Records of a call, oldest first; empty when it is unknown or gone.
  [[nodiscard]] std::vector<core::TraceRecord> of(CallId call) const;
  /// All records, oldest first, those of no call too.
  [[nodiscard]] std::vector<core::TraceRecord> all() const { return {records_.begin(), records_.end()}; }
  /// Newest last.
  [[nodiscard]] std::vector<CallId> calls() const;

 private:
  static std::size_t cost(const core::TraceRecord& record);

  std::size_t limit_;
  std::size_t used_ = 0;
  std::deque<core::TraceRecord> records_;
};

/// "SIP", "Q.931", "ISUP", "media", "note".
std::string_view kind_name(core::TraceKind kind);

/// The ladder of a call: one line a record, one column a party, the gateway in the middle.
std::string ladder(const std::vector<core::TraceRecord>& records);

}  // namespace tandem::io
