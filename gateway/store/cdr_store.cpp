#include "gateway/store/cdr_store.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "gateway/store/database.h"

namespace tandem::store {

/// The queue, and the thread that empties it into the database.
class CdrStore::Writer {
 public:
  Writer(Database database, Options options)
      : database_(std::move(database)), options_(std::move(options)), thread_([this] { run(); }) {}
  ~Writer() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    thread_.join();
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void write(core::Cdr&& cdr) {
    bool first = false;
    {
      const std::lock_guard lock(mutex_);
      if (queue_.size() + held_ >= options_.queue_limit) {
        ++dropped_;
        return;
      }
      first = queue_.empty();
      queue_.push_back(std::move(cdr));
      ++accepted_;
    }
    if (first) wake_.notify_all();
  }

  bool flush() {
    std::unique_lock lock(mutex_);
    const auto target = accepted_;
    const auto failures = failures_;
    ++hurry_;
    wake_.notify_all();
    done_.wait(lock, [&] { return settled_ >= target || failures_ != failures; });
    --hurry_;
    return settled_ >= target;
  }

  [[nodiscard]] const Database& database() const { return database_; }
  [[nodiscard]] Counters counters() const {
    const std::lock_guard lock(mutex_);
    return {
        .written = written_, .dropped = dropped_, .waiting = queue_.size() + held_, .failures = failures_};
  }

 private:
  void run() {
    std::vector<core::Cdr> batch;
    std::unique_lock lock(mutex_);
    while (true) {
      if (batch.empty()) {
        wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
        if (queue_.empty()) return;
        // Others soon follow; one transaction for all is far cheaper.
        wake_.wait_for(lock, options_.batch, [this] { return stopping_ || hurry_ > 0; });
        batch.swap(queue_);
        held_ = batch.size();
      }
      lock.unlock();
      const auto done = database_.commit(batch);
      lock.lock();
      if (done) {
        succeeded(batch, lock);
      } else if (failed(done.error(), batch, lock)) {
        return;
      }
    }
  }

  void succeeded(std::vector<core::Cdr>& batch, std::unique_lock<std::mutex>& lock) {
    written_ += batch.size();
    settled_ += batch.size();
    batch.clear();
    held_ = 0;
    done_.notify_all();
    full_reported_ = false;
    const bool recovered = std::exchange(in_trouble_, false);
    const auto lost = dropped_ - std::exchange(dropped_reported_, dropped_);
    if (recovered) {
      report("call records are written again; lost meanwhile: " + std::to_string(lost), lock);
    } else if (lost > 0) {
      report("call records come faster than the disk takes them; lost: " + std::to_string(lost), lock);
    }
  }

  /// True: the store is closing, and what is left is lost.
  bool failed(const std::string& why, const std::vector<core::Cdr>& batch,
              std::unique_lock<std::mutex>& lock) {
    if (stopping_) {
      const auto lost = batch.size() + queue_.size();
      dropped_ += lost;
      ++failures_;
      report(why + "; lost at the end: " + std::to_string(lost), lock);
      return true;
    }
    if (!std::exchange(in_trouble_, true)) {
      report(
          why + "; calls go on, and " + std::to_string(options_.queue_limit) + " records are kept in memory",
          lock);
    }
    if (dropped_ > dropped_reported_ && !std::exchange(full_reported_, true)) {
      report("call records are being lost: " + std::to_string(options_.queue_limit) + " wait already", lock);
    }
    ++failures_;  // ends flush: whoever is told of the failure finds it reported
    done_.notify_all();
    wake_.wait_for(lock, options_.retry, [this] { return stopping_ || hurry_ > 0; });
    return false;
  }

  /// Never under the lock: what is called may write a record itself.
  void report(const std::string& text, std::unique_lock<std::mutex>& lock) {
    if (!options_.report) return;
    lock.unlock();
    options_.report(text);
    lock.lock();
  }

  Database database_;
  const Options options_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable done_;
  std::vector<core::Cdr> queue_;
  std::size_t held_ = 0;  ///< rows of the batch in hand
  int hurry_ = 0;         ///< threads inside flush
  bool stopping_ = false;
  bool in_trouble_ = false;
  bool full_reported_ = false;
  std::uint64_t accepted_ = 0;
  std::uint64_t settled_ = 0;
  std::uint64_t written_ = 0;
  std::uint64_t dropped_ = 0;
  std::uint64_t dropped_reported_ = 0;
  std::uint64_t failures_ = 0;
  std::thread thread_;  ///< last: it uses all of the above
};

CdrStore::CdrStore(std::unique_ptr<Writer> writer) : writer_(std::move(writer)) {}
CdrStore::CdrStore(CdrStore&&) noexcept = default;
CdrStore& CdrStore::operator=(CdrStore&&) noexcept = default;
CdrStore::~CdrStore() = default;

std::expected<CdrStore, std::string> CdrStore::open(const std::string& path) {
  return open(path, Options{});
}

std::expected<CdrStore, std::string> CdrStore::open(const std::string& path, Options options) {
  auto database = Database::open(path, options.busy);
  if (!database) return std::unexpected(database.error());
  return CdrStore(std::make_unique<Writer>(std::move(*database), std::move(options)));
}

void CdrStore::write(core::Cdr cdr) {
  writer_->write(std::move(cdr));
}
bool CdrStore::flush() {
  return writer_->flush();
}
CallId CdrStore::last_call() const {
  return writer_->database().last_call();
}
std::size_t CdrStore::interrupted() const {
  return writer_->database().interrupted();
}
const std::vector<core::HeldCircuit>& CdrStore::held() const {
  return writer_->database().held();
}
CdrStore::Counters CdrStore::counters() const {
  return writer_->counters();
}

}  // namespace tandem::store
