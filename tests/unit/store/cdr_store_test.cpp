#include "gateway/store/cdr_store.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <thread>

#include "gateway/store/database.h"

namespace tandem::store {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

class CdrStoreTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    directory_ = fs::path(testing::TempDir()) /
                 ("tandem-store-" + std::to_string(::getpid()) + '-' + std::string(info->name()));
    fs::remove_all(directory_);
    fs::create_directories(directory_);
    path_ = (directory_ / "cdr.sqlite").string();
  }
  void TearDown() override { fs::remove_all(directory_); }

  /// A query by a reader of its own, as the sqlite3 program would ask: fields joined with '|', NULL as '-'.
  std::vector<std::string> query(const std::string& sql) const {
    sqlite3* db = nullptr;
    sqlite3_open_v2(path_.c_str(), &db, SQLITE_OPEN_READWRITE, nullptr);
    sqlite3_busy_timeout(db, 5000);
    std::vector<std::string> rows;
    const auto add = [](void* into, int count, char** values, char**) {
      std::string row;
      for (int i = 0; i < count; ++i)
        row += (i > 0 ? "|" : "") + std::string(values[i] != nullptr ? values[i] : "-");
      static_cast<std::vector<std::string>*>(into)->push_back(row);
      return 0;
    };
    char* error = nullptr;
    if (sqlite3_exec(db, sql.c_str(), add, &rows, &error) != SQLITE_OK)
      rows = {std::string("error: ") + error};
    sqlite3_free(error);
    sqlite3_close(db);
    return rows;
  }

  fs::path directory_;
  std::string path_;
};

WallTime at(std::chrono::milliseconds since) {
  return std::chrono::sys_days(std::chrono::year(2026) / 11 / 20) + 18h + 45min + since;
}

core::Cdr up(std::uint64_t call, int attempt = 1) {
  core::Cdr cdr;
  cdr.call.value = call;
  cdr.attempt = attempt;
  cdr.from_name = "carrier";
  cdr.to_name = "telco";
  cdr.calling = "+442079460000";
  cdr.called = "1000";
  cdr.called_sent = "1000";
  cdr.setup = at(1ms);
  return cdr;
}

core::Cdr ended(std::uint64_t call, int attempt = 1) {
  auto cdr = up(call, attempt);
  cdr.state = core::CdrState::ended;
  cdr.alerting = at(500ms);
  cdr.answer = at(2s);
  cdr.release = at(62s + 345ms);
  cdr.cause = 16;
  cdr.sip_status = 200;
  cdr.released_by = "incoming";
  cdr.trunk = "telco";
  cdr.circuit = "e1-1:5";
  cdr.sip_call_id = "a84b4c76e66710@192.0.2.1";
  cdr.codec = "PCMA";
  cdr.packets_sent = 3000;
  cdr.packets_received = 2990;
  cdr.packets_lost = 10;
  cdr.jitter_ms = 1.5;
  cdr.r_factor = 91.5;
  cdr.mos = 4.38;
  cdr.charge = "12 units";
  return cdr;
}

/// What the store reports, from its thread.
class Reports {
 public:
  std::function<void(const std::string&)> sink() {
    return [this](const std::string& text) {
      const std::lock_guard lock(mutex_);
      texts_.push_back(text);
    };
  }
  std::vector<std::string> texts() {
    const std::lock_guard lock(mutex_);
    return texts_;
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> texts_;
};

TEST(IsoTime, IsUtcWithMilliseconds) {
  EXPECT_EQ(iso_time(at(123ms)), "2026-11-20T18:45:00.123Z");
  EXPECT_EQ(iso_time(WallTime{}), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(iso_time(WallTime{-1us}), "1969-12-31T23:59:59.999Z");
}

TEST_F(CdrStoreTest, WritesEveryFieldWhereItsNameSays) {
  {
    auto store = CdrStore::open(path_);
    ASSERT_TRUE(store) << store.error();
    EXPECT_EQ(store->last_call().value, 0U);
    store->write(ended(7, 2));
  }
  EXPECT_THAT(query("SELECT call, attempt, state, from_name, to_name, calling, called, called_sent FROM cdr"),
              ElementsAre("7|2|ended|carrier|telco|+442079460000|1000|1000"));
  EXPECT_THAT(query("SELECT setup_time, alerting_time, answer_time, release_time FROM cdr"),
              ElementsAre("2026-11-20T18:45:00.001Z|2026-11-20T18:45:00.500Z|2026-11-20T18:45:02.000Z|"
                          "2026-11-20T18:46:02.345Z"));
  EXPECT_THAT(
      query("SELECT q850_cause, sip_status, released_by, trunk, circuit, sip_call_id, codec FROM cdr"),
      ElementsAre("16|200|incoming|telco|e1-1:5|a84b4c76e66710@192.0.2.1|PCMA"));
  EXPECT_THAT(query("SELECT packets_sent, packets_received, packets_lost, jitter_ms, r_factor, mos, note, "
                    "charge FROM cdr"),
              ElementsAre("3000|2990|10|1.5|91.5|4.38|-|12 units"));
}

TEST_F(CdrStoreTest, WhatIsNotKnownIsNull) {
  {
    auto store = CdrStore::open(path_);
    ASSERT_TRUE(store);
    store->write(up(1));
  }
  EXPECT_THAT(
      query("SELECT alerting_time, answer_time, release_time, q850_cause, sip_status, released_by, trunk, "
            "circuit, sip_call_id, codec, jitter_ms, r_factor, mos, charge FROM cdr"),
      ElementsAre("-|-|-|-|-|-|-|-|-|-|-|-|-|-"));
}

TEST_F(CdrStoreTest, ARowReplacesThatOfTheSameAttemptOnly) {
  auto store = CdrStore::open(path_);
  ASSERT_TRUE(store);
  store->write(up(1, 1));
  ASSERT_TRUE(store->flush());
  EXPECT_THAT(query("SELECT call, attempt, state FROM cdr"), ElementsAre("1|1|up"));
  store->write(ended(1, 1));
  store->write(up(1, 2));
  store->write(ended(1, 2));  // within one batch too
  ASSERT_TRUE(store->flush());
  EXPECT_THAT(query("SELECT call, attempt, state FROM cdr ORDER BY attempt"),
              ElementsAre("1|1|ended", "1|2|ended"));
  EXPECT_EQ(store->counters().written, 4U);
}

TEST_F(CdrStoreTest, HostileTextIsStoredAsItIs) {
  auto cdr = ended(1);
  cdr.called = "'); DROP TABLE cdr; --";
  cdr.calling = "\"\xff\x01";
  {
    auto store = CdrStore::open(path_);
    ASSERT_TRUE(store);
    store->write(cdr);
  }
  EXPECT_THAT(query("SELECT called, hex(calling) FROM cdr"), ElementsAre("'); DROP TABLE cdr; --|22FF01"));
}

TEST_F(CdrStoreTest, CallNumbersNeverRepeatEvenWhenOldRowsAreRemoved) {
  {
    auto store = CdrStore::open(path_);
    ASSERT_TRUE(store);
    store->write(ended(41));
    store->write(ended(40));
  }
  EXPECT_EQ(CdrStore::open(path_)->last_call().value, 41U);
  EXPECT_THAT(query("DELETE FROM cdr"), ElementsAre());
  EXPECT_EQ(CdrStore::open(path_)->last_call().value, 41U);
}

TEST_F(CdrStoreTest, AfterAKilledProcessCallsThatWereUpAreInterrupted) {
  const pid_t child = ::fork();
  if (child == 0) {
    auto store = CdrStore::open(path_);
    if (!store) ::_exit(2);
    store->write(ended(1));
    store->write(up(2));
    store->write(up(3));
    auto on_circuit = up(3, 2);
    on_circuit.trunk = "telco";
    on_circuit.circuit = "e1-1:5";
    store->write(on_circuit);
    if (!store->flush()) ::_exit(3);
    ::raise(SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status)) << status;
  auto store = CdrStore::open(path_);
  ASSERT_TRUE(store) << store.error();
  EXPECT_EQ(store->interrupted(), 3U);
  EXPECT_THAT(store->held(), ElementsAre(core::HeldCircuit{"telco", "e1-1:5"}));
  EXPECT_EQ(store->last_call().value, 3U);
  EXPECT_THAT(
      query("SELECT call, attempt, state, release_time, note IS NULL FROM cdr ORDER BY call, attempt"),
      ElementsAre("1|1|ended|2026-11-20T18:46:02.345Z|1", "2|1|interrupted|-|0", "3|1|interrupted|-|0",
                  "3|2|interrupted|-|0"));
  // A second restart marks nothing twice, and new calls go on above.
  store->write(up(4));
  store = CdrStore::open((directory_ / "other.sqlite").string());
  EXPECT_EQ(CdrStore::open(path_)->interrupted(), 1U);
}

TEST_F(CdrStoreTest, RowsAreCommittedWithoutFlush) {
  auto store = CdrStore::open(path_, {.batch = 1ms, .report = {}});
  ASSERT_TRUE(store);
  store->write(up(1));
  // The store's own thread commits; nobody waits on it but this test, which the runner's limit ends.
  while (store->counters().written == 0) std::this_thread::yield();
  EXPECT_THAT(query("SELECT state FROM cdr"), ElementsAre("up"));
}

TEST_F(CdrStoreTest, ReadersAndSeveralWritersDoNotDisturbEachOther) {
  auto store = CdrStore::open(path_, {.batch = 1ms, .report = {}});
  ASSERT_TRUE(store);
  constexpr std::uint64_t kCalls = 500;
  std::atomic<bool> stop{false};
  std::thread reader([&] {
    long seen = 0;
    while (!stop) {
      const auto rows = query("SELECT count(*) FROM cdr");
      ASSERT_EQ(rows.size(), 1U);
      const long now = std::stol(rows[0]);  // throws on an error's text
      EXPECT_GE(now, seen);
      seen = now;
    }
  });
  std::vector<std::thread> writers;
  for (std::uint64_t w = 0; w < 3; ++w) {
    writers.emplace_back([&, w] {
      for (std::uint64_t i = 1; i <= kCalls; ++i) {
        store->write(up(w * kCalls + i));
        store->write(ended(w * kCalls + i));
      }
    });
  }
  for (auto& w : writers) w.join();
  EXPECT_TRUE(store->flush());
  stop = true;
  reader.join();
  EXPECT_THAT(query("SELECT count(*), count(DISTINCT call) FROM cdr WHERE state = 'ended'"),
              ElementsAre("1500|1500"));
  EXPECT_EQ(store->counters().dropped, 0U);
  EXPECT_EQ(store->counters().written, 3000U);
}

TEST_F(CdrStoreTest, WhileTheDatabaseIsLockedRowsWaitAndSomeAreDroppedAndCounted) {
  Reports reports;
  auto store = CdrStore::open(
      path_, {.queue_limit = 10, .batch = 0ms, .retry = 1ms, .busy = 0ms, .report = reports.sink()});
  ASSERT_TRUE(store);
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(path_.c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  for (std::uint64_t i = 1; i <= 25; ++i) store->write(up(i));
  EXPECT_FALSE(store->flush());
  EXPECT_EQ(store->counters().dropped, 15U);
  EXPECT_EQ(store->counters().written, 0U);
  EXPECT_THAT(reports.texts(), Contains(HasSubstr("is locked by another program")));
  ASSERT_EQ(sqlite3_exec(other, "COMMIT", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(other);
  while (!store->flush()) {  // a try that began under the lock may still fail
  }
  EXPECT_EQ(store->counters().written, 10U);
  EXPECT_GE(store->counters().failures, 1U);
  store = CdrStore::open((directory_ / "other.sqlite").string());  // closes, so that every report is in
  EXPECT_THAT(reports.texts(), Contains(HasSubstr("written again; lost meanwhile: ")));
  EXPECT_THAT(query("SELECT count(*) FROM cdr"), ElementsAre("10"));
}

TEST_F(CdrStoreTest, ClosingWhileTheDatabaseIsLockedSaysWhatIsLost) {
  Reports reports;
  sqlite3* other = nullptr;
  {
    auto store = CdrStore::open(path_, {.batch = 0ms, .retry = 1ms, .busy = 0ms, .report = reports.sink()});
    ASSERT_TRUE(store);
    ASSERT_EQ(sqlite3_open(path_.c_str(), &other), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
    store->write(up(1));
    store->write(up(2));
  }
  sqlite3_close(other);
  EXPECT_THAT(reports.texts(), Contains(HasSubstr("lost at the end: 2")));
}

TEST_F(CdrStoreTest, AFullDiskBlocksNobodyAndRecordsResumeWhenThereIsRoom) {
  // In a child: the limit on file size is the process's, and stands in for a full disk.
  const pid_t child = ::fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    Reports reports;
    auto store = CdrStore::open(path_, {.batch = 0ms, .retry = 1ms, .report = reports.sink()});
    if (!store) ::_exit(2);
    rlimit limit{};
    ::getrlimit(RLIMIT_FSIZE, &limit);
    auto tight = limit;
    tight.rlim_cur = 64 * 1024;
    ::setrlimit(RLIMIT_FSIZE, &tight);
    auto big = ended(1);
    big.called = std::string(1024 * 1024, '5');
    store->write(big);
    if (store->flush()) ::_exit(3);
    if (store->counters().failures == 0) ::_exit(4);
    ::setrlimit(RLIMIT_FSIZE, &limit);
    store->write(ended(2));
    for (int i = 0; !store->flush(); ++i) {
      if (i == 1000) ::_exit(5);
    }
    ::_exit(store->counters().written == 2 && store->counters().dropped == 0 ? 0 : 6);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_THAT(query("SELECT call FROM cdr ORDER BY call"), ElementsAre("1", "2"));
}

TEST_F(CdrStoreTest, OneGatewayAtATime) {
  auto store = CdrStore::open(path_);
  ASSERT_TRUE(store);
  const auto second = CdrStore::open(path_);
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error(), HasSubstr("is held by another process"));
}

TEST_F(CdrStoreTest, WhatCannotBeOpenedIsExplained) {
  EXPECT_THAT(CdrStore::open((directory_ / "missing/cdr.sqlite").string()).error(),
              HasSubstr("cannot be written: No such file or directory"));
  EXPECT_THAT(CdrStore::open(directory_.string()).error(), HasSubstr("cannot be opened"));

  std::ofstream(path_) << "This is a letter to a friend, and long enough to be taken for a header of pages. "
                       << std::string(4096, '.');
  EXPECT_THAT(CdrStore::open(path_).error(), HasSubstr("is not a database"));
}

TEST_F(CdrStoreTest, ANewerSchemaAndAnotherProgramsDatabaseAreLeftAlone) {
  std::ofstream(path_).close();
  query("CREATE TABLE notes (text TEXT)");
  EXPECT_THAT(CdrStore::open(path_).error(), HasSubstr("is a database of something else"));
  query("PRAGMA user_version = 3");
  EXPECT_THAT(CdrStore::open(path_).error(),
              HasSubstr("made by a newer Tandem (schema 3, this one knows 2)"));
  EXPECT_THAT(query("PRAGMA journal_mode"), ElementsAre("delete"));  // untouched
  EXPECT_THAT(query("SELECT name FROM sqlite_schema"), ElementsAre("notes"));
}

TEST_F(CdrStoreTest, ADatabaseOfSchemaOneGetsItsChargeColumnAndKeepsItsRows) {
  {
    auto store = CdrStore::open(path_);
    ASSERT_TRUE(store);
    store->write(ended(7));
  }
  query("ALTER TABLE cdr DROP COLUMN charge");
  query("PRAGMA user_version = 1");
  {
    auto store = CdrStore::open(path_);
    ASSERT_TRUE(store) << store.error();
    EXPECT_EQ(store->last_call().value, 7U);
    store->write(ended(8));
  }
  EXPECT_THAT(query("SELECT call, charge, note FROM cdr ORDER BY call"),
              ElementsAre("7|-|-", "8|12 units|-"));
  EXPECT_THAT(query("PRAGMA user_version"), ElementsAre("2"));
}

TEST_F(CdrStoreTest, ADamagedFileIsExplained) {
  {
    auto store = CdrStore::open(path_);
    ASSERT_TRUE(store);
    for (std::uint64_t i = 1; i <= 200; ++i) store->write(ended(i));
  }
  std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(4096);
  file << std::string(static_cast<std::size_t>(fs::file_size(path_)) - 4096, '\x5a');
  file.close();
  const auto store = CdrStore::open(path_);
  ASSERT_FALSE(store);
  EXPECT_THAT(store.error(), HasSubstr("is damaged"));
}

}  // namespace
}  // namespace tandem::store
