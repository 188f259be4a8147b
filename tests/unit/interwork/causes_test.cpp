#include "gateway/interwork/causes.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace tandem::interwork {
namespace {

using isup::CauseIndicators;
using isup::Location;

// --- RFC 3398 7.2.4.1, line by line as printed there ------------------------------------------------------
struct StatusLine {
  int cause;
  int status;
  const char* text;
};
const StatusLine kStatusLines[] = {
    {1, 404, "unallocated_number"},
    {2, 404, "no_route_to_network"},
    {3, 404, "no_route_to_destination"},
    {17, 486, "user_busy"},
    {18, 408, "no_user_responding"},
    {19, 480, "no_answer_from_the_user"},
    {20, 480, "subscriber_absent"},
    {21, 403, "call_rejected"},
    {22, 410, "number_changed_without_diagnostic"},
    {23, 410, "redirection_to_new_destination"},
    {26, 404, "non_selected_user_clearing"},
    {27, 502, "destination_out_of_order"},
    {28, 484, "address_incomplete"},
    {29, 501, "facility_rejected"},
    {31, 480, "normal_unspecified"},
    {34, 503, "no_circuit_available"},
    {38, 503, "network_out_of_order"},
    {41, 503, "temporary_failure"},
    {42, 503, "switching_equipment_congestion"},
    {47, 503, "resource_unavailable"},
    {55, 403, "incoming_calls_barred_within_CUG"},
    {57, 403, "bearer_capability_not_authorized"},
    {58, 503, "bearer_capability_not_presently_available"},
    {65, 488, "bearer_capability_not_implemented"},
    {70, 488, "only_restricted_digital_avail"},
    {79, 501, "service_or_option_not_implemented"},
    {87, 403, "user_not_member_of_CUG"},
    {88, 503, "incompatible_destination"},
    {102, 504, "recovery_of_timer_expiry"},
    {111, 500, "protocol_error"},
    {127, 500, "interworking_unspecified"},
    // Not in the list of the RFC, where no response follows of itself:
    {16, 480, "normal_call_clearing_where_a_response_is_forced"},
    {44, 503, "requested_circuit_not_available_and_no_other_left"},
};

class StatusFromCause : public testing::TestWithParam<StatusLine> {};
TEST_P(StatusFromCause, IsAsPrintedInRfc3398) {
  const auto value = static_cast<std::uint8_t>(GetParam().cause);
  const auto choice = status_from_cause({.value = value, .location = Location::public_remote});
  EXPECT_EQ(choice.status, GetParam().status);
  EXPECT_TRUE(choice.clause.starts_with("RFC 3398 7.2.4.1")) << choice.clause;
}
INSTANTIATE_TEST_SUITE_P(Rfc3398, StatusFromCause, testing::ValuesIn(kStatusLines), [](const auto& row) {
  return "cause_" + std::to_string(row.param.cause) + "_" + row.param.text;
});

TEST(StatusFromCause, IsInternalErrorForEveryOtherValue) {
  std::set<int> listed;
  for (const auto& line : kStatusLines) listed.insert(line.cause);
  for (int value = 0; value < 256; ++value) {
    if (listed.contains(value)) continue;
    EXPECT_EQ(status_from_cause({.value = static_cast<std::uint8_t>(value)}).status, 500) << value;
  }
}

TEST(StatusFromCause, IsDeclineOnlyWhenTheUserRejected) {
  EXPECT_EQ(status_from_cause({.value = 21, .location = Location::user}).status, 603);
  for (const int location : {1, 2, 3, 4, 5, 7, 10, 15})
    EXPECT_EQ(status_from_cause({.value = 21, .location = static_cast<Location>(location)}).status, 403);
}

TEST(StatusFromCause, DoesNotDependOnTheLocationOtherwise) {
  for (const auto& line : kStatusLines) {
    if (line.cause == 21) continue;
    for (int location = 0; location < 16; ++location)
      EXPECT_EQ(status_from_cause({.value = static_cast<std::uint8_t>(line.cause),
                                   .location = static_cast<Location>(location)})
                    .status,
                line.status);
  }
}

TEST(StatusFromCause, IsMovedPermanentlyWhenTheDiagnosticHoldsANumber) {
  const Octets national_1234{0x70, 0x05, 0xa1, '1', '2', '3', '4'};
  EXPECT_EQ(status_from_cause({.value = 22, .diagnostic = national_1234}).status, 301);
  EXPECT_EQ(status_from_cause({.value = 22, .diagnostic = {0x70, 0x05, 0xa1}}).status, 410);
  EXPECT_EQ(status_from_cause({.value = 23, .diagnostic = national_1234}).status, 410);
}

TEST(NewNumber, ReadsTheCalledPartyNumberElement) {
  const auto number = new_number({.value = 22, .diagnostic = {0x70, 0x05, 0xa1, '1', '2', '*', '#'}});
  ASSERT_TRUE(number);
  EXPECT_EQ(number->digits, "12BC");
  EXPECT_EQ(number->nature, isup::NatureOfAddress::national);
  EXPECT_EQ(number->plan, isup::NumberingPlan::isdn);
}

TEST(NewNumber, RefusesAnythingElse) {
  const Octets bad[] = {{},
                        {0x70},
                        {0x70, 0x01, 0xa1},
                        {0x70, 0x09, 0xa1, '1'},
                        {0x6c, 0x02, 0xa1, '1'},
                        {0x70, 0x03, 0xa1, '1', 'x'},
                        {0xa1}};
  for (const auto& diagnostic : bad) EXPECT_FALSE(new_number({.value = 22, .diagnostic = diagnostic}));
  EXPECT_FALSE(new_number({.value = 17, .diagnostic = {0x70, 0x02, 0xa1, '1'}}));
  Octets long_number{0x70, 33, 0x81};
  long_number.insert(long_number.end(), 32, '1');
  EXPECT_FALSE(new_number({.value = 22, .diagnostic = long_number}));
}

TEST(StatusFromError, TellsNoNumberFromAnIncompleteOne) {
  EXPECT_EQ(status_from_error({.code = Errc::missing}).status, 404);
  EXPECT_EQ(status_from_error({.code = Errc::malformed}).status, 484);
  EXPECT_EQ(status_from_error({.code = Errc::too_long}).status, 484);
  EXPECT_EQ(status_from_error({.code = Errc::unsupported}).status, 484);
}

// --- RFC 3398 8.2.6.1, line by line as printed there ------------------------------------------------------
struct CauseLine {
  int status;
  int cause;
  const char* text;
};
const CauseLine kCauseLines[] = {
    {400, 41, "Bad_Request"},
    {401, 21, "Unauthorized"},
    {402, 21, "Payment_required"},
    {403, 21, "Forbidden"},
    {404, 1, "Not_found"},
    {405, 63, "Method_not_allowed"},
    {406, 79, "Not_acceptable"},
    {407, 21, "Proxy_authentication_required"},
    {408, 102, "Request_timeout"},
    {410, 22, "Gone"},
    {413, 127, "Request_Entity_too_long"},
    {414, 127, "Request_URI_too_long"},
    {415, 79, "Unsupported_media_type"},
    {416, 127, "Unsupported_URI_Scheme"},
    {420, 127, "Bad_extension"},
    {421, 127, "Extension_Required"},
    {423, 127, "Interval_Too_Brief"},
    {480, 18, "Temporarily_unavailable"},
    {481, 41, "Call_Transaction_Does_not_Exist"},
    {482, 25, "Loop_Detected"},
    {483, 25, "Too_many_hops"},
    {484, 28, "Address_incomplete"},
    {485, 1, "Ambiguous"},
    {486, 17, "Busy_here"},
    {487, 16, "Request_Terminated_has_no_mapping"},
    {488, 31, "Not_Acceptable_here_by_Warning"},
    {500, 41, "Server_internal_error"},
    {501, 79, "Not_implemented"},
    {502, 38, "Bad_gateway"},
    {503, 41, "Service_unavailable"},
    {504, 102, "Server_time_out"},
    {505, 127, "Version_Not_Supported"},
    {513, 127, "Message_Too_Large"},
    {600, 17, "Busy_everywhere"},
    {603, 21, "Decline"},
    {604, 1, "Does_not_exist_anywhere"},
    {606, 31, "Not_acceptable_by_Warning"},
};

class CauseFromStatus : public testing::TestWithParam<CauseLine> {};
TEST_P(CauseFromStatus, IsAsPrintedInRfc3398) {
  const auto [cause, clause, by] = cause_from_status(GetParam().status);
  EXPECT_EQ(cause.value, GetParam().cause);
  EXPECT_EQ(cause.location, GetParam().status >= 600 ? Location::user : Location::beyond_interworking);
  EXPECT_TRUE(cause.diagnostic.empty());
  EXPECT_TRUE(clause.starts_with("RFC 3398 8.2.6.1")) << clause;
}
INSTANTIATE_TEST_SUITE_P(Rfc3398, CauseFromStatus, testing::ValuesIn(kCauseLines), [](const auto& row) {
  return "status_" + std::to_string(row.param.status) + "_" + row.param.text;
});

TEST(CauseFromStatus, IsNormalUnspecifiedForEveryOtherStatus) {
  std::set<int> listed;
  for (const auto& line : kCauseLines) listed.insert(line.status);
  for (int status = 400; status < 700; ++status)
    if (!listed.contains(status)) {
      EXPECT_EQ(cause_from_status(status).cause.value, 31) << status;
    }
}

TEST(CauseFromStatus, IsRedirectionForEvery3xx) {
  for (int status = 300; status < 400; ++status) {
    EXPECT_EQ(cause_from_status(status).cause.value, 23) << status;
    EXPECT_EQ(cause_from_status(status).clause, "RFC 3398 8.2.5");
  }
}

TEST(CauseFromStatus, IsBearerNotImplementedWhenTheWarningSaysSo) {
  for (const int status : {488, 606}) {
    EXPECT_EQ(cause_from_status(status, "304 gw \"Media type not available\"").cause.value, 65);
    EXPECT_EQ(cause_from_status(status, "305 gw \"Incompatible media format\"").cause.value, 65);
    EXPECT_EQ(cause_from_status(status, "370 gw \"Insufficient bandwidth\"").cause.value, 65);
    EXPECT_EQ(cause_from_status(status, R"(399 gw "a, b \" 1", 305 gw "x")").cause.value, 65);
    EXPECT_EQ(cause_from_status(status, "399 gw \"Miscellaneous\"").cause.value, 31);
    EXPECT_EQ(cause_from_status(status, "399 gw \"x, 305 y\"").cause.value, 31);
    EXPECT_EQ(cause_from_status(status, "305").cause.value, 31);
    EXPECT_EQ(cause_from_status(status, "3050 gw \"x\"").cause.value, 31);
    EXPECT_EQ(cause_from_status(status, "\"\\").cause.value, 31);
  }
  EXPECT_EQ(cause_from_status(606, "305 gw \"x\"").cause.location, Location::user);
  EXPECT_EQ(cause_from_status(486, "305 gw \"x\"").cause.value, 17);
}

// --- Reason -----------------------------------------------------------------------------------------------
sip::Reason reason(std::string protocol, int cause, std::optional<std::uint8_t> location = {}) {
  return {.protocol = std::move(protocol), .cause = cause, .text = {}, .location = location};
}

TEST(Reason, GivesTheFirstCauseOfQ850) {
  EXPECT_EQ(cause_from_reasons({reason("SIP", 486), reason("Q.850", 17, 0)}),
            (CauseIndicators{.value = 17, .location = Location::user}));
  EXPECT_EQ(cause_from_reasons({reason("q.850", 34, 4)}),
            (CauseIndicators{.value = 34, .location = Location::public_remote}));
  EXPECT_EQ(cause_from_reasons({reason("Q.850", 16)}),
            (CauseIndicators{.value = 16, .location = Location::beyond_interworking}));
  EXPECT_EQ(cause_from_reasons({reason("Q.850", 127, 15)})->location, static_cast<Location>(15));
}

TEST(Reason, PassesOverWhatIsNoCause) {
  EXPECT_FALSE(cause_from_reasons({}));
  EXPECT_FALSE(cause_from_reasons({reason("SIP", 200), reason("Q.850", 0), reason("Q.850", 128),
                                   reason("Q.850", -16), reason("Q.8500", 16), reason("", 16)}));
  EXPECT_EQ(cause_from_reasons({reason("Q.850", 500), reason("Q.850", 17)})->value, 17);
  EXPECT_EQ(cause_from_reasons({reason("Q.850", 17, 200)})->location, Location::beyond_interworking);
}

TEST(Reason, OfClearingIsNormalClearingByTheUserWhenNoneIsGiven) {
  EXPECT_EQ(cause_from_clearing({}), (CauseIndicators{.value = 16, .location = Location::user}));
  EXPECT_EQ(cause_from_clearing({reason("SIP", 200)}).value, 16);
  EXPECT_EQ(cause_from_clearing({reason("Q.850", 31)}).value, 31);
}

TEST(Reason, SaysCauseTextAndLocation) {
  EXPECT_EQ(reason_from_cause({.value = 17, .location = Location::user}),
            (sip::Reason{.protocol = "Q.850", .cause = 17, .text = "user busy", .location = 0}));
  EXPECT_EQ(reason_from_cause({.value = 34, .location = Location::beyond_interworking}).location, 10);
}

TEST(Reason, ComesBackAsTheSameCauseForAllValuesAndLocations) {
  for (int value = 1; value < 128; ++value)
    for (int location = 0; location < 16; ++location) {
      const CauseIndicators cause{.value = static_cast<std::uint8_t>(value),
                                  .location = static_cast<Location>(location)};
      ASSERT_EQ(cause_from_reasons({reason_from_cause(cause)}), cause);
    }
}

}  // namespace
}  // namespace tandem::interwork
