#pragma once
#include <string>
#include <vector>

#include "gateway/core/trace.h"

namespace tandem::io {

/// The trace records of the last calls, in a ring of fixed memory: the oldest go first. A record is copied
/// into the ring with its texts behind it, so that keeping one allocates nothing and the memory of the
/// process does not grow with the calls it has served.
class TraceStore {
 public:
  /// `octets`: of the ring, all of it taken at once.
  explicit TraceStore(std::size_t octets) : ring_(octets) {}

  /// A record that would fill more than a quarter of the ring is kept without its octets, or, when its texts
  /// alone are that long, not at all.
  void add(const core::TraceRecord& record);
  /// Records of a call, oldest first; empty when it is unknown or gone.
  [[nodiscard]] std::vector<core::TraceRecord> of(CallId call) const;
  /// All records, oldest first, those of no call too.
  [[nodiscard]] std::vector<core::TraceRecord> all() const;
  /// Newest last.
  [[nodiscard]] std::vector<CallId> calls() const;

 private:
  struct Head;
  [[nodiscard]] Head head_at(std::size_t offset) const;
  [[nodiscard]] core::TraceRecord record_at(std::size_t offset) const;
  /// Where `size` octets can go: what stands there is dropped.
  std::size_t room_for(std::size_t size);
  void drop_oldest();
  template <class Visit>
  void each(Visit visit) const;

  Octets ring_;
  std::size_t oldest_ = 0;  ///< offset of the oldest record
  std::size_t next_ = 0;    ///< offset behind the newest
  std::size_t end_ = 0;     ///< behind the last record before the ring begins again; 0: it has not
  std::size_t count_ = 0;
};

/// "SIP", "Q.931", "ISUP", "media", "note".
std::string_view kind_name(core::TraceKind kind);

/// The ladder of a call: one line a record, one column a party, the gateway in the middle.
std::string ladder(const std::vector<core::TraceRecord>& records);

}  // namespace tandem::io
