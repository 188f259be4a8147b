// Each row of each table of interworking matters: with the row left out, or any value of it changed, an
// expectation that was written from the standards fails. The report says which.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <set>

#include "tests/unit/interwork/expectations.h"

namespace tandem::interwork {
namespace {

const Expectations& expectations() {
  static const Expectations all = [] {
    Expectations out;
    expect_causes(out);
    expect_messages(out);
    expect_services(out);
    return out;
  }();
  return all;
}

/// The first expectation that does not hold; empty: all do.
std::string first_failure(const Tables& tables) {
  for (const auto& expectation : expectations())
    if (!expectation.holds(tables)) return expectation.name;
  return {};
}

/// One way to change a row; false: it makes no difference for that row, as the value is not used there.
template <class Row>
struct Change {
  const char* what;
  bool (*make)(Row&);
};

struct Report {
  int mutants = 0;
  int rows = 0;
  int tables = 0;
  std::set<std::string> killers;
};

template <class Row>
void mutate(const char* table, std::span<const Row> Tables::* member, std::vector<Change<Row>> changes,
            Report& report) {
  ++report.tables;
  const auto original = kTables.*member;
  ASSERT_FALSE(original.empty()) << table;
  const auto judge = [&](std::size_t row, const char* what, const std::vector<Row>& rows) {
    auto mutated = kTables;
    mutated.*member = rows;
    const auto killer = first_failure(mutated);
    EXPECT_FALSE(killer.empty()) << table << " row " << row << ": " << what << ": nothing notices";
    ++report.mutants;
    report.killers.insert(killer);
    std::cout << table << " row " << row << ", " << what << " -> " << killer << "\n";
  };
  for (std::size_t i = 0; i < original.size(); ++i) {
    ++report.rows;
    std::vector<Row> rows(original.begin(), original.end());
    rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(i));
    judge(i, "left out", rows);
    for (const auto& change : changes) {
      rows.assign(original.begin(), original.end());
      if (change.make(rows[i])) judge(i, change.what, rows);
    }
  }
}

#define TANDEM_CHANGE(row_type, member, ...) \
  Change<row_type> {                         \
    "another " #member, [](row_type& row) {  \
      row.member = (__VA_ARGS__);            \
      return true;                           \
    }                                        \
  }

/// Another value of an enumeration or number.
template <class T>
T other(T value) {
  return static_cast<T>(static_cast<int>(value) + 1);
}

TEST(Mutation, TheTablesFulfilEveryExpectation) {
  std::set<std::string> names;
  for (const auto& expectation : expectations()) {
    EXPECT_TRUE(expectation.holds(kTables)) << expectation.name;
    EXPECT_TRUE(names.insert(expectation.name).second) << "twice: " << expectation.name;
  }
}

void mutate_sip(Report& report) {
  mutate<StatusRow>(
      "statuses", &Tables::statuses,
      {TANDEM_CHANGE(StatusRow, cause, row.cause == 0 ? 200 : 201),
       TANDEM_CHANGE(StatusRow, of, row.of == CauseOf::any ? CauseOf::user : CauseOf::any),
       TANDEM_CHANGE(StatusRow, status, other(row.status)), TANDEM_CHANGE(StatusRow, clause, "")},
      report);
  mutate<CauseRow>("causes", &Tables::causes,
                   {TANDEM_CHANGE(CauseRow, status, 998), TANDEM_CHANGE(CauseRow, bearer, !row.bearer),
                    TANDEM_CHANGE(CauseRow, cause, other(row.cause)), TANDEM_CHANGE(CauseRow, clause, "")},
                   report);
  mutate<LocationRow>("locations", &Tables::locations,
                      {TANDEM_CHANGE(LocationRow, from_status, row.from_status + 500),
                       TANDEM_CHANGE(LocationRow, location, other(row.location))},
                      report);
  mutate<WarningRow>("warnings", &Tables::warnings, {TANDEM_CHANGE(WarningRow, code, "399")}, report);
  mutate<ErrorRow>("errors", &Tables::errors,
                   {TANDEM_CHANGE(ErrorRow, code, Errc::truncated),
                    TANDEM_CHANGE(ErrorRow, status, other(row.status)), TANDEM_CHANGE(ErrorRow, clause, "")},
                   report);
  mutate<ProvisionalRow>("provisionals", &Tables::provisionals,
                         {TANDEM_CHANGE(ProvisionalRow, status, 998),
                          TANDEM_CHANGE(ProvisionalRow, called_status, other(row.called_status)),
                          TANDEM_CHANGE(ProvisionalRow, event, other(row.event)),
                          TANDEM_CHANGE(ProvisionalRow, event_inband, other(row.event_inband))},
                         report);
  mutate<EventRow>(
      "events", &Tables::events,
      {TANDEM_CHANGE(EventRow, event, 77), TANDEM_CHANGE(EventRow, status, other(row.status)),
       TANDEM_CHANGE(EventRow, early_media, !row.early_media), TANDEM_CHANGE(EventRow, clause, "")},
      report);
  mutate<EarlyMediaRow>(
      "early_media", &Tables::early_media,
      {TANDEM_CHANGE(EarlyMediaRow, value, "other"), TANDEM_CHANGE(EarlyMediaRow, backward, !row.backward)},
      report);
  mutate<PrivacyRow>("privacy", &Tables::privacy, {TANDEM_CHANGE(PrivacyRow, value, "other")}, report);
  mutate<CategoryRow>("categories", &Tables::categories,
                      {TANDEM_CHANGE(CategoryRow, cpc, "other"), TANDEM_CHANGE(CategoryRow, category, 0x77)},
                      report);
  mutate<MediumRow>("media", &Tables::media,
                    {TANDEM_CHANGE(MediumRow, medium, 77), TANDEM_CHANGE(MediumRow, kind, other(row.kind))},
                    report);
}

void mutate_isdn(Report& report) {
  mutate<ReasonRow>("reasons", &Tables::reasons,
                    {TANDEM_CHANGE(ReasonRow, isup, 9),
                     TANDEM_CHANGE(ReasonRow, q931, tdm::pri::RedirectionReason::by_called_dte),
                     TANDEM_CHANGE(ReasonRow, diversion, "other"), TANDEM_CHANGE(ReasonRow, history, 499)},
                    report);
  mutate<NatureRow>("natures", &Tables::natures,
                    {TANDEM_CHANGE(NatureRow, type, tdm::pri::TypeOfNumber::abbreviated),
                     TANDEM_CHANGE(NatureRow, nature, static_cast<isup::NatureOfAddress>(77))},
                    report);
  mutate<PlanRow>("plans", &Tables::plans,
                  {TANDEM_CHANGE(PlanRow, q931, tdm::pri::NumberingPlan::national),
                   TANDEM_CHANGE(PlanRow, isup, static_cast<isup::NumberingPlan>(7))},
                  report);
  mutate<BearerRow>("bearers", &Tables::bearers,
                    {TANDEM_CHANGE(BearerRow, transfer, static_cast<tdm::pri::Transfer>(0x1e)),
                     TANDEM_CHANGE(BearerRow, medium, 77), TANDEM_CHANGE(BearerRow, preference, 0)},
                    report);
  mutate<ProgressRow>(
      "progress", &Tables::progress,
      {TANDEM_CHANGE(ProgressRow, description, static_cast<tdm::pri::ProgressDescription>(77)),
       TANDEM_CHANGE(ProgressRow, interworking, !row.interworking),
       // beside interworking the far end is no ISDN anyway
       {"another called_non_isdn",
        [](ProgressRow& row) {
          row.called_non_isdn = !row.called_non_isdn;
          return !row.interworking;
        }},
       TANDEM_CHANGE(ProgressRow, calling_non_isdn, !row.calling_non_isdn),
       TANDEM_CHANGE(ProgressRow, inband, !row.inband),
       TANDEM_CHANGE(ProgressRow, cpg_event, other(row.cpg_event))},
      report);
  mutate<NotificationRow>(
      "notifications", &Tables::notifications,
      {TANDEM_CHANGE(NotificationRow, notification, static_cast<tdm::pri::Notification>(0x55)),
       TANDEM_CHANGE(NotificationRow, message, isup::MessageType::cot),
       {"another event",
        [](NotificationRow& row) {
          row.event = 4;
          return row.message == isup::MessageType::cpg;
        }}},
      report);
  mutate<HoldRow>("holds", &Tables::holds,
                  {TANDEM_CHANGE(HoldRow, message, isup::MessageType::cot),
                   {"another indicator",
                    [](HoldRow& row) {
                      row.indicator = 0x55;
                      return row.message == isup::MessageType::cpg;
                    }},
                   TANDEM_CHANGE(HoldRow, held, !row.held)},
                  report);
}

#undef TANDEM_CHANGE

TEST(Mutation, EveryRowOfEveryTableIsNoticedByAnExpectation) {
  Report report;
  mutate_sip(report);
  mutate_isdn(report);
  // A table that is added must be mutated too.
  EXPECT_EQ(static_cast<std::size_t>(report.tables), sizeof(Tables) / sizeof(Tables::statuses));
  std::cout << report.mutants << " changes to " << report.rows << " rows of " << report.tables
            << " tables, each noticed; " << report.killers.size() << " expectations were the first to\n";
  EXPECT_GT(report.mutants, 2 * report.rows);
  EXPECT_GT(report.killers.size(), 100u);  // not one expectation that fails at everything
}

}  // namespace
}  // namespace tandem::interwork
