#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gateway/core/cdr.h"

namespace tandem::store {

/// Call detail records in an SQLite database: table `cdr`, one row for each attempt.
///
/// The signalling thread hands rows over and never waits for the disk: a thread of the store commits them in
/// batches. Committed rows survive `kill -9` (write-ahead log); a power cut may take the last few.
class CdrStore {
 public:
  struct Options {
    std::size_t queue_limit = 50000;       ///< rows that wait for the disk at most; more are dropped
    std::chrono::milliseconds batch{100};  ///< a row waits for others so long before it is committed
    std::chrono::milliseconds retry{500};  ///< between tries while the database cannot be written
    std::chrono::milliseconds busy{2000};  ///< patience with another program's lock
    std::function<void(const std::string&)>
        report;  ///< troubles and their end, for people; on the store's thread
  };
  struct Counters {
    std::uint64_t written = 0;   ///< rows committed
    std::uint64_t dropped = 0;   ///< rows lost because the queue was full or the store closed unwritable
    std::uint64_t waiting = 0;   ///< rows handed over that wait for their batch
    std::uint64_t failures = 0;  ///< batches that could not be committed at once
  };

  /// Makes the database, or takes up an existing one and marks what a crash left in state 'up' as
  /// 'interrupted'. The error is a sentence with the path and what to do.
  static std::expected<CdrStore, std::string> open(const std::string& path);
  static std::expected<CdrStore, std::string> open(const std::string& path, Options options);

  CdrStore(CdrStore&&) noexcept;
  CdrStore& operator=(CdrStore&&) noexcept;
  /// Commits what waits, then closes.
  ~CdrStore();

  /// Inserts the row or replaces that of the same call and attempt. Any thread; never waits for the disk.
  void write(core::Cdr cdr);
  /// Waits until everything handed over so far is committed. False: it cannot be just now.
  bool flush();

  /// The highest call ever recorded here, at the time of opening: the next call is one more.
  [[nodiscard]] CallId last_call() const;
  /// Rows marked 'interrupted' by opening.
  [[nodiscard]] std::size_t interrupted() const;
  /// The circuits that these rows' calls had.
  [[nodiscard]] const std::vector<core::HeldCircuit>& held() const;
  [[nodiscard]] Counters counters() const;

 private:
  class Writer;
  explicit CdrStore(std::unique_ptr<Writer> writer);
  std::unique_ptr<Writer> writer_;
};

}  // namespace tandem::store
