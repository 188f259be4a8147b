#include "sipt/transaction_tables.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace tandem::sip {
namespace {

using namespace std::chrono_literals;
using S = TxState;
using E = TxEvent;
using T = TxTimer;

/// Runs events through a machine and keeps the steps of the last one.
struct Machine {
  TxKind kind;
  bool reliable = false;
  S state = S::idle;
  std::vector<TxStep> steps = {};

  bool on(E event, int status = 0, bool trying_due = false) {
    TxContext context{.reliable = reliable, .status = status, .trying_due = trying_due};
    const bool known = tx_step(kind, state, event, context) != nullptr;
    steps.assign(context.steps.begin(), context.steps.begin() + static_cast<std::ptrdiff_t>(context.count));
    return known;
  }
  [[nodiscard]] bool did(TxDo what) const {
    return std::ranges::any_of(steps, [&](const TxStep& s) { return s.what == what; });
  }
  [[nodiscard]] bool started(T timer) const {
    return std::ranges::find(steps, TxStep{TxDo::start_timer, timer}) != steps.end();
  }
  [[nodiscard]] bool stopped(T timer) const {
    return std::ranges::find(steps, TxStep{TxDo::stop_timer, timer}) != steps.end();
  }
};

TEST(TransactionTimers, HaveTheDefaultsOfTheStandards) {
  const Timings timings;
  EXPECT_EQ(timer_duration(T::a, timings), 500ms);
  EXPECT_EQ(timer_duration(T::b, timings), 32s);
  EXPECT_EQ(timer_duration(T::c, timings), 180s);
  EXPECT_EQ(timer_duration(T::d, timings), 32s);
  EXPECT_EQ(timer_duration(T::i, timings), 5s);
  EXPECT_EQ(timer_duration(T::k, timings), 5s);
  EXPECT_EQ(timer_duration(T::l, timings), 32s);
  EXPECT_EQ(timer_duration(T::m, timings), 32s);
}

TEST(TransactionTimers, FollowT1ButTimerDNeverFallsBelow32Seconds) {
  const Timings fast{.t1 = 10ms, .t2 = 100ms, .t4 = 100ms};
  EXPECT_EQ(timer_duration(T::b, fast), 640ms);
  EXPECT_EQ(timer_duration(T::d, fast), 32s);
  const Timings slow{.t1 = 1s, .t2 = 8s, .t4 = 10s};
  EXPECT_EQ(timer_duration(T::d, slow), 64s);
  EXPECT_EQ(trying_delay(Timings{}), 500ms + 1s + 2s);
}

TEST(TransactionTimers, AreListedOnceEachInTheOrderOfTheirNames) {
  for (std::size_t i = 0; i < kTxTimers; ++i) {
    EXPECT_EQ(static_cast<std::size_t>(kTxTimerSpecs[i].id), i);
    EXPECT_EQ(kTxTimerSpecs[i].name, static_cast<char>('A' + i));
    EXPECT_FALSE(kTxTimerSpecs[i].clause.empty());
  }
}

template <class Rows>
void every_row_can_be_taken(TxKind kind, const Rows& rows) {
  std::set<std::size_t> taken;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (const bool reliable : {false, true}) {
      for (const int status : {100, 180, 200, 404, 408}) {
        for (const bool due : {false, true}) {
          TxContext context{.reliable = reliable, .status = status, .trying_due = due};
          S state = rows[i].from;
          const TxRow* row = tx_step(kind, state, rows[i].on, context);
          ASSERT_NE(row, nullptr);
          EXPECT_FALSE(row->clause.empty());
          EXPECT_EQ(state, row->to);
          taken.insert(static_cast<std::size_t>(row - rows.data()));
        }
      }
    }
  }
  EXPECT_EQ(taken.size(), rows.size());
}

TEST(TransactionTables, EveryRowCanBeTakenAndNamesItsClause) {
  every_row_can_be_taken(TxKind::invite_client, tx::kInviteClientRows);
  every_row_can_be_taken(TxKind::client, tx::kClientRows);
  every_row_can_be_taken(TxKind::invite_server, tx::kInviteServerRows);
  every_row_can_be_taken(TxKind::server, tx::kServerRows);
}

TEST(TransactionTables, ADeclaredSurpriseChangesNothing) {
  const auto check = [](TxKind kind, const auto& unexpected) {
    for (const auto& entry : unexpected) {
      Machine machine{.kind = kind, .state = entry.state};
      EXPECT_FALSE(machine.on(entry.on, 200));
      EXPECT_EQ(machine.state, entry.state);
      EXPECT_TRUE(machine.steps.empty());
      EXPECT_FALSE(entry.why.empty());
    }
  };
  check(TxKind::invite_client, tx::kInviteClientUnexpected);
  check(TxKind::client, tx::kClientUnexpected);
  check(TxKind::invite_server, tx::kInviteServerUnexpected);
  check(TxKind::server, tx::kServerUnexpected);
}

TEST(InviteClientTransaction, RetransmitsOnlyOnUnreliableTransports) {
  Machine udp{.kind = TxKind::invite_client};
  ASSERT_TRUE(udp.on(E::start));
  EXPECT_TRUE(udp.started(T::a));
  EXPECT_TRUE(udp.started(T::b));
  ASSERT_TRUE(udp.on(E::timer_a));
  EXPECT_EQ(udp.steps, (std::vector<TxStep>{{TxDo::resend, T::a}, {TxDo::double_timer, T::a}}));

  Machine tcp{.kind = TxKind::invite_client, .reliable = true};
  ASSERT_TRUE(tcp.on(E::start));
  EXPECT_FALSE(tcp.started(T::a));
  EXPECT_TRUE(tcp.started(T::b));
}

TEST(InviteClientTransaction, ProvisionalStopsTimersAAndB) {
  Machine machine{.kind = TxKind::invite_client};
  machine.on(E::start);
  ASSERT_TRUE(machine.on(E::provisional, 180));
  EXPECT_TRUE(machine.stopped(T::a));
  EXPECT_TRUE(machine.stopped(T::b));
  EXPECT_EQ(machine.state, S::proceeding);
}

TEST(InviteClientTransaction, StaysAcceptedToHandUpEvery2xx) {
  Machine machine{.kind = TxKind::invite_client};
  machine.on(E::start);
  ASSERT_TRUE(machine.on(E::success, 200));
  EXPECT_TRUE(machine.started(T::m));
  EXPECT_FALSE(machine.did(TxDo::send_ack));
  ASSERT_TRUE(machine.on(E::success, 200));
  EXPECT_TRUE(machine.did(TxDo::deliver));
  ASSERT_TRUE(machine.on(E::timer_m));
  EXPECT_EQ(machine.state, S::terminated);
}

TEST(InviteClientTransaction, AcknowledgesARepeatedFailureWithoutHandingItUp) {
  Machine machine{.kind = TxKind::invite_client};
  machine.on(E::start);
  ASSERT_TRUE(machine.on(E::failure, 486));
  EXPECT_TRUE(machine.did(TxDo::send_ack));
  EXPECT_TRUE(machine.did(TxDo::deliver));
  ASSERT_TRUE(machine.on(E::failure, 486));
  EXPECT_TRUE(machine.did(TxDo::send_ack));
  EXPECT_FALSE(machine.did(TxDo::deliver));
}

TEST(InviteClientTransaction, EndsAtOnceAfterAFailureOnTcp) {
  Machine machine{.kind = TxKind::invite_client, .reliable = true};
  machine.on(E::start);
  machine.on(E::provisional, 180);
  ASSERT_TRUE(machine.on(E::failure, 486));
  EXPECT_TRUE(machine.did(TxDo::send_ack));
  EXPECT_EQ(machine.state, S::terminated);
}

TEST(InviteServerTransaction, AbsorbsInvitesAndHandsUpAcksWhenAccepted) {
  Machine machine{.kind = TxKind::invite_server};
  machine.on(E::start);
  ASSERT_TRUE(machine.on(E::success, 200));
  EXPECT_TRUE(machine.started(T::l));
  ASSERT_TRUE(machine.on(E::request));
  EXPECT_TRUE(machine.steps.empty());
  ASSERT_TRUE(machine.on(E::ack));
  EXPECT_TRUE(machine.did(TxDo::deliver));
  ASSERT_TRUE(machine.on(E::transport_error));
  EXPECT_EQ(machine.state, S::accepted);
}

TEST(InviteServerTransaction, RetransmitsAFailureUntilItsAck) {
  Machine machine{.kind = TxKind::invite_server};
  machine.on(E::start);
  machine.on(E::failure, 404);
  EXPECT_TRUE(machine.started(T::g));
  EXPECT_TRUE(machine.started(T::h));
  ASSERT_TRUE(machine.on(E::timer_g));
  EXPECT_TRUE(machine.did(TxDo::resend));
  ASSERT_TRUE(machine.on(E::ack));
  EXPECT_TRUE(machine.started(T::i));
  EXPECT_FALSE(machine.on(E::ack));
  EXPECT_EQ(machine.state, S::confirmed);
}

TEST(InviteServerTransaction, WaitsForTheAckOnTcpWithoutRetransmitting) {
  Machine machine{.kind = TxKind::invite_server, .reliable = true};
  machine.on(E::start);
  machine.on(E::failure, 404);
  EXPECT_FALSE(machine.started(T::g));
  EXPECT_TRUE(machine.started(T::h));
  machine.on(E::ack);
  EXPECT_EQ(machine.state, S::terminated);
}

TEST(NonInviteServerTransaction, NeverSends408NorAProvisionalOtherThanALate100) {
  Machine machine{.kind = TxKind::server};
  machine.on(E::start);
  ASSERT_TRUE(machine.on(E::provisional, 180, true));
  EXPECT_TRUE(machine.steps.empty());
  ASSERT_TRUE(machine.on(E::provisional, 100, false));
  EXPECT_TRUE(machine.steps.empty());
  ASSERT_TRUE(machine.on(E::provisional, 100, true));
  EXPECT_TRUE(machine.did(TxDo::send));
  ASSERT_TRUE(machine.on(E::failure, 408));
  EXPECT_TRUE(machine.steps.empty());
  EXPECT_EQ(machine.state, S::terminated);
}

TEST(NonInviteClientTransaction, RetransmitsEveryT2OnceItIsProceeding) {
  Machine machine{.kind = TxKind::client};
  machine.on(E::start);
  machine.on(E::provisional, 100);
  ASSERT_TRUE(machine.on(E::timer_e));
  EXPECT_EQ(machine.steps, (std::vector<TxStep>{{TxDo::resend, T::a}, {TxDo::start_at_t2, T::e}}));
  machine.on(E::success, 200);
  EXPECT_TRUE(machine.started(T::k));
  EXPECT_FALSE(machine.on(E::success, 200));
}

}  // namespace
}  // namespace tandem::sip
