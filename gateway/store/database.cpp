#include "gateway/store/database.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <unordered_map>

namespace tandem::store {
namespace {

constexpr std::int64_t kVersion = 2;  // PRAGMA user_version of the schema below

constexpr const char* kSchema = R"(
CREATE TABLE cdr (
  call             INTEGER NOT NULL,
  attempt          INTEGER NOT NULL,
  state            TEXT NOT NULL CHECK (state IN ('up', 'ended', 'interrupted')),
  from_name        TEXT NOT NULL,
  to_name          TEXT NOT NULL,
  calling          TEXT NOT NULL,
  called           TEXT NOT NULL,
  called_sent      TEXT NOT NULL,
  setup_time       TEXT NOT NULL,
  alerting_time    TEXT,
  answer_time      TEXT,
  release_time     TEXT,
  q850_cause       INTEGER,
  sip_status       INTEGER,
  released_by      TEXT,
  trunk            TEXT,
  circuit          TEXT,
  sip_call_id      TEXT,
  codec            TEXT,
  packets_sent     INTEGER NOT NULL,
  packets_received INTEGER NOT NULL,
  packets_lost     INTEGER NOT NULL,
  jitter_ms        REAL,
  r_factor         REAL,
  mos              REAL,
  note             TEXT,
  charge           TEXT,
  PRIMARY KEY (call, attempt)
) STRICT;
CREATE INDEX cdr_by_setup_time ON cdr (setup_time);
CREATE INDEX cdr_up ON cdr (state) WHERE state = 'up';
CREATE TABLE highest (call INTEGER NOT NULL) STRICT;
INSERT INTO highest VALUES (0);
PRAGMA user_version = 2;
)";

/// Of schema 1, which had no charge.
constexpr const char* kUpgrade = R"(
ALTER TABLE cdr ADD COLUMN charge TEXT;
PRAGMA user_version = 2;
)";

constexpr const char* kUpsert = R"(
INSERT OR REPLACE INTO cdr VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?)
)";

/// Binds parameters in order and remembers whether all went well.
class Binder {
 public:
  explicit Binder(sqlite3_stmt* statement) : statement_(statement) {}

  void integer(std::int64_t value) { check(sqlite3_bind_int64(statement_, ++index_, value)); }
  /// `value` must outlive the step. A record is never lost for its length: numbers and ids have their limits
  /// elsewhere.
  void text(std::string_view value) {
    check(sqlite3_bind_text64(statement_, ++index_, value.data(), value.size(), SQLITE_STATIC, SQLITE_UTF8));
  }
  void null() { check(sqlite3_bind_null(statement_, ++index_)); }
  // What is not known is NULL rather than zero or empty.
  void integer_or_null(std::int64_t value) { value == 0 ? null() : integer(value); }
  void text_or_null(const std::string& value) { value.empty() ? null() : text(value); }
  void real(double value) { check(sqlite3_bind_double(statement_, ++index_, value)); }
  void real_or_null(double value) { value == 0 ? null() : real(value); }
  void time(WallTime value) {
    const auto text = iso_time(value);
    check(sqlite3_bind_text64(statement_, ++index_, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
  }
  void time_or_null(const std::optional<WallTime>& value) { value ? time(*value) : null(); }
  [[nodiscard]] bool good() const { return good_; }

 private:
  void check(int result) { good_ = good_ && result == SQLITE_OK; }
  sqlite3_stmt* statement_;
  int index_ = 0;
  bool good_ = true;
};

/// Of the row that a record is, in the table's primary key.
std::uint64_t key(const core::Cdr& cdr) {
  return cdr.call.value << 16 | static_cast<std::uint16_t>(cdr.attempt);
}

}  // namespace

std::string iso_time(WallTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::milliseconds>(time - day));
  // By hand: several times a call, and printf was a third of the cost of a record.
  std::string text = "0000-00-00T00:00:00.000Z";
  const auto put = [&](std::size_t last, std::size_t digits, std::int64_t value) {
    for (; digits > 0; --digits, --last, value /= 10) text[last] = static_cast<char>('0' + value % 10);
  };
  put(3, 4, static_cast<int>(date.year()));
  put(6, 2, static_cast<unsigned>(date.month()));
  put(9, 2, static_cast<unsigned>(date.day()));
  put(12, 2, clock.hours().count());
  put(15, 2, clock.minutes().count());
  put(18, 2, clock.seconds().count());
  put(22, 3, clock.subseconds().count());
  return text;
}

std::expected<FileLock, std::string> FileLock::take(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor < 0) {
    return std::unexpected(path + " cannot be written: " + std::generic_category().message(errno));
  }
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    ::close(descriptor);
    return std::unexpected(path + " is held by another process: one gateway at a time keeps records there");
  }
  return FileLock(descriptor);
}

FileLock::~FileLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::expected<Database, Database::Failure> Database::open(const std::string& path,
                                                          std::chrono::milliseconds busy) {
  // A second gateway would take the first one's calls for interrupted ones.
  auto lock = FileLock::take(path + ".lock");
  if (!lock) return std::unexpected("call records: " + lock.error());
  Database database(path, std::move(*lock));
  if (auto done = database.connect(busy); !done) return std::unexpected(done.error());
  if (auto done = database.prepare_schema(); !done) return std::unexpected(done.error());
  if (auto done = database.take_up(); !done) return std::unexpected(done.error());
  return database;
}

std::expected<void, Database::Failure> Database::connect(std::chrono::milliseconds busy) {
  sqlite3* raw = nullptr;
  const int result = sqlite3_open_v2(
      path_.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  handle_.reset(raw);
  if (result != SQLITE_OK) return std::unexpected(failure());
  sqlite3_busy_timeout(raw, static_cast<int>(busy.count()));
  // SQLite opens what it cannot write for reading without a word.
  if (sqlite3_db_readonly(raw, "main") == 1) {
    return std::unexpected("call records: " + path_ + " is not writable: change its owner or permissions");
  }
  return {};
}

std::expected<void, Database::Failure> Database::prepare_schema() {
  // Looked at before anything is changed: the file may be somebody else's.
  const auto version = number("PRAGMA user_version");
  if (!version) return std::unexpected(version.error());
  if (*version > kVersion) {
    return std::unexpected("call records: " + path_ + " was made by a newer Tandem (schema " +
                           std::to_string(*version) + ", this one knows " + std::to_string(kVersion) +
                           "): use that, or choose another file");
  }
  const auto tables = number("SELECT count(*) FROM sqlite_schema");
  if (!tables) return std::unexpected(tables.error());
  if (*version == 0 && *tables != 0) {
    return std::unexpected("call records: " + path_ +
                           " is a database of something else: choose another file");
  }
  // Rows are appended: a small cache holds the ends of the trees.
  // NORMAL: the log is synchronised at checkpoints only, which a crash of the process does not need.
  for (const auto* sql :
       {"PRAGMA journal_mode = WAL", "PRAGMA synchronous = NORMAL", "PRAGMA cache_size = -256"}) {
    if (auto done = execute(sql); !done) return done;
  }
  if (*version == kVersion) return {};
  return in_one(*version == 0 ? kSchema : kUpgrade);
}

std::expected<void, Database::Failure> Database::in_one(const char* sql) {
  if (auto done = execute("BEGIN IMMEDIATE"); !done) return done;
  if (auto done = execute(sql); !done) {
    (void)execute("ROLLBACK");
    return done;
  }
  return execute("COMMIT");
}

std::expected<void, Database::Failure> Database::read_held() {
  auto select =
      statement("SELECT DISTINCT trunk, circuit FROM cdr WHERE state = 'up' AND circuit IS NOT NULL");
  if (!select) return std::unexpected(select.error());
  const auto text = [&](int column) {
    const auto* octets = reinterpret_cast<const char*>(sqlite3_column_text(select->get(), column));
    return std::string(octets == nullptr ? "" : octets);
  };
  int result = sqlite3_step(select->get());
  for (; result == SQLITE_ROW; result = sqlite3_step(select->get())) held_.push_back({text(0), text(1)});
  if (result != SQLITE_DONE) return std::unexpected(failure());
  return {};
}

std::expected<void, Database::Failure> Database::take_up() {
  const auto highest =
      number("SELECT max((SELECT call FROM highest), (SELECT coalesce(max(call), 0) FROM cdr))");
  if (!highest) return std::unexpected(highest.error());
  last_call_.value = static_cast<std::uint64_t>(*highest);
  auto done = read_held();
  if (!done) return done;
  done = execute(
      "UPDATE cdr SET state = 'interrupted', note = 'the gateway stopped while the call was up; when it "
      "ended is "
      "unknown' WHERE state = 'up'");
  if (!done) return done;
  interrupted_ = static_cast<std::size_t>(sqlite3_changes(handle_.get()));
  auto upsert = statement(kUpsert);
  if (!upsert) return std::unexpected(upsert.error());
  upsert_ = std::move(*upsert);
  auto raise = statement("UPDATE highest SET call = ?1 WHERE rowid = 1 AND call < ?1");
  if (!raise) return std::unexpected(raise.error());
  raise_ = std::move(*raise);
  return {};
}

std::expected<void, Database::Failure> Database::commit(std::span<const core::Cdr> rows) {
  if (rows.empty()) return {};
  auto done = execute("BEGIN IMMEDIATE");
  if (!done) return done;
  // A short call is answered and ended within one batch: its last row says all.
  std::unordered_map<std::uint64_t, std::size_t> last;
  for (std::size_t i = 0; i < rows.size(); ++i) last[key(rows[i])] = i;
  for (std::size_t i = 0; i < rows.size() && done; ++i) {
    if (last[key(rows[i])] == i) done = put(rows[i]);
  }
  if (done) done = raise_highest(std::ranges::max(rows, {}, &core::Cdr::call).call);
  if (done) done = execute("COMMIT");
  // Some failures have rolled back by themselves.
  if (!done && sqlite3_get_autocommit(handle_.get()) == 0) (void)execute("ROLLBACK");
  return done;
}

std::expected<void, Database::Failure> Database::raise_highest(CallId call) {
  Binder(raise_.get()).integer(static_cast<std::int64_t>(call.value));
  std::expected<void, Failure> done;
  if (sqlite3_step(raise_.get()) != SQLITE_DONE) done = std::unexpected(failure());
  sqlite3_reset(raise_.get());
  return done;
}

std::expected<void, Database::Failure> Database::put(const core::Cdr& row) {
  Binder bind(upsert_.get());
  bind.integer(static_cast<std::int64_t>(row.call.value));
  bind.integer(row.attempt);
  bind.text(row.state == core::CdrState::up ? "up" : "ended");
  bind.text(row.from_name);
  bind.text(row.to_name);
  bind.text(row.calling);
  bind.text(row.called);
  bind.text(row.called_sent);
  bind.time(row.setup);
  bind.time_or_null(row.alerting);
  bind.time_or_null(row.answer);
  bind.time_or_null(row.release);
  bind.integer_or_null(row.cause);
  bind.integer_or_null(row.sip_status);
  bind.text_or_null(row.released_by);
  bind.text_or_null(row.trunk);
  bind.text_or_null(row.circuit);
  bind.text_or_null(row.sip_call_id);
  bind.text_or_null(row.codec);
  bind.integer(static_cast<std::int64_t>(row.packets_sent));
  bind.integer(static_cast<std::int64_t>(row.packets_received));
  bind.integer(static_cast<std::int64_t>(row.packets_lost));
  row.packets_received == 0 ? bind.null() : bind.real(row.jitter_ms);
  bind.real_or_null(row.r_factor);
  bind.real_or_null(row.mos);
  bind.text_or_null(row.charge);
  std::expected<void, Failure> done;
  if (!bind.good() || sqlite3_step(upsert_.get()) != SQLITE_DONE) done = std::unexpected(failure());
  sqlite3_reset(upsert_.get());
  return done;
}

std::expected<void, Database::Failure> Database::execute(const char* sql) {
  if (sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
    return std::unexpected(failure());
  }
  return {};
}

std::expected<Database::Statement, Database::Failure> Database::statement(const char* sql) {
  sqlite3_stmt* raw = nullptr;
  const int result = sqlite3_prepare_v3(handle_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
  Statement owned(raw);
  if (result != SQLITE_OK) return std::unexpected(failure());
  return owned;
}

std::expected<std::int64_t, Database::Failure> Database::number(const char* sql) {
  auto query = statement(sql);
  if (!query) return std::unexpected(query.error());
  if (sqlite3_step(query->get()) != SQLITE_ROW) return std::unexpected(failure());
  return sqlite3_column_int64(query->get(), 0);
}

Database::Failure Database::failure() const {
  const int code = handle_ ? sqlite3_errcode(handle_.get()) : SQLITE_NOMEM;
  const std::string head = "call records: " + path_;
  switch (code & 0xff) {
    case SQLITE_FULL:
      return head + " cannot grow: the disk is full, make room";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return head + " is locked by another program: end its transaction";
    case SQLITE_NOTADB:
      return head + " is not a database: move it away, or choose another file";
    case SQLITE_CORRUPT:
      return head + " is damaged: move it away (`sqlite3 FILE .recover` saves what can be read)";
    case SQLITE_READONLY:
      return head + " is not writable: change its owner or permissions";
    case SQLITE_CANTOPEN:
      return head + " cannot be opened: it must be a file in a directory that exists and is writable";
    default:
      break;
  }
  return head + ": " + (handle_ ? sqlite3_errmsg(handle_.get()) : "out of memory");
}

}  // namespace tandem::store
