#pragma once
#include <sqlite3.h>

#include <chrono>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "gateway/base/c_handle.h"
#include "gateway/core/cdr.h"

namespace tandem::store {

/// A file that one process holds at a time; the lock goes with the process, however that ends.
class FileLock {
 public:
  static std::expected<FileLock, std::string> take(const std::string& path);
  FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

/// The database itself: schema, statements, commits. One thread at a time.
class Database {
 public:
  using Failure = std::string;  ///< a sentence with the path

  static std::expected<Database, Failure> open(const std::string& path, std::chrono::milliseconds busy);

  /// Writes all rows in one transaction, or none.
  std::expected<void, Failure> commit(std::span<const core::Cdr> rows);

  [[nodiscard]] CallId last_call() const { return last_call_; }
  [[nodiscard]] std::size_t interrupted() const { return interrupted_; }
  [[nodiscard]] const std::vector<core::HeldCircuit>& held() const { return held_; }

 private:
  using Handle = CHandle<sqlite3, &sqlite3_close_v2>;
  using Statement = CHandle<sqlite3_stmt, &sqlite3_finalize>;

  Database(std::string path, FileLock lock) : path_(std::move(path)), lock_(std::move(lock)) {}
  std::expected<void, Failure> connect(std::chrono::milliseconds busy);
  std::expected<void, Failure> prepare_schema();
  std::expected<void, Failure> in_one(const char* sql);
  std::expected<void, Failure> take_up();
  std::expected<void, Failure> read_held();
  std::expected<void, Failure> execute(const char* sql);
  std::expected<std::int64_t, Failure> number(const char* sql);
  std::expected<Statement, Failure> statement(const char* sql);
  std::expected<void, Failure> put(const core::Cdr& row);
  std::expected<void, Failure> raise_highest(CallId call);
  [[nodiscard]] Failure failure() const;

  std::string path_;
  FileLock lock_;
  Handle handle_;
  Statement upsert_;  ///< after the handle, so that it goes first
  Statement raise_;
  CallId last_call_;
  std::size_t interrupted_ = 0;
  std::vector<core::HeldCircuit> held_;
};

/// "2026-11-20T18:45:00.123Z"; UTC, cut to milliseconds.
std::string iso_time(WallTime time);

}  // namespace tandem::store
