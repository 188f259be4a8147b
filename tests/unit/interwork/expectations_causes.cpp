#include "gateway/interwork/causes.h"
#include "tests/unit/interwork/expectations.h"

namespace tandem::interwork {
namespace {

struct Pair {
  int from;
  int to;
};
// RFC 3398 7.2.4.1, in the order of its page; 16 where a response is forced, 44 when nothing else is left.
constexpr Pair kStatusOfCause[] = {
    {1, 404},  {2, 404},  {3, 404},  {16, 480},  {17, 486},  {18, 408}, {19, 480}, {20, 480}, {21, 403},
    {22, 410}, {23, 410}, {26, 404}, {27, 502},  {28, 484},  {29, 501}, {31, 480}, {34, 503}, {38, 503},
    {41, 503}, {42, 503}, {44, 503}, {47, 503},  {55, 403},  {57, 403}, {58, 503}, {65, 488}, {70, 488},
    {79, 501}, {87, 403}, {88, 503}, {102, 504}, {111, 500}, {127, 500}};
// RFC 3398 8.2.6.1.
constexpr Pair kCauseOfStatus[] = {
    {400, 41},  {401, 21}, {402, 21},  {403, 21},  {404, 1},  {405, 63},  {406, 79},  {407, 21},
    {408, 102}, {410, 22}, {413, 127}, {414, 127}, {415, 79}, {416, 127}, {420, 127}, {421, 127},
    {423, 127}, {480, 18}, {481, 41},  {482, 25},  {483, 25}, {484, 28},  {485, 1},   {486, 17},
    {487, 16},  {488, 31}, {500, 41},  {501, 79},  {502, 38}, {503, 41},  {504, 102}, {505, 127},
    {513, 127}, {600, 17}, {603, 21},  {604, 1},   {606, 31}};

bool cites(std::string_view clause, std::string_view section, bool as_default) {
  return clause.starts_with(section) && clause.contains("default") == as_default;
}

void expect_status(Expectations& out, std::string name, isup::CauseIndicators cause, int status, bool other) {
  out.push_back({std::move(name), [=](const Tables& t) {
                   const auto choice = status_from_cause(cause, {}, t);
                   return choice.status == status && cites(choice.clause, "RFC 3398 7.2.4.1", other);
                 }});
}

void expect_cause(Expectations& out, int status, const char* warning, int cause, const char* section,
                  bool other) {
  out.push_back({"status " + std::to_string(status) +
                     (*warning != 0 ? " with " + std::string(warning) : std::string()) + " is cause " +
                     std::to_string(cause),
                 [=](const Tables& t) {
                   const auto choice = cause_from_status(status, warning, t);
                   return choice.cause.value == cause && cites(choice.clause, section, other);
                 }});
}

}  // namespace

void expect_causes(Expectations& out) {
  for (const auto& [cause, status] : kStatusOfCause)
    expect_status(out, "cause " + std::to_string(cause) + " is " + std::to_string(status),
                  {.value = static_cast<std::uint8_t>(cause)}, status, false);
  expect_status(out, "cause 21 from the user is 603", {.value = 21, .location = isup::Location::user}, 603,
                false);
  expect_status(out, "cause 22 with the new number is 301",
                {.value = 22, .diagnostic = {0x70, 0x04, 0x91, '1', '2', '3'}}, 301, false);
  expect_status(out, "any other cause is 500", {.value = 99}, 500, true);

  for (const auto& [status, cause] : kCauseOfStatus)
    expect_cause(out, status, "", cause, "RFC 3398 8.2.6.1", false);
  expect_cause(out, 302, "", 23, "RFC 3398 8.2.5", false);
  expect_cause(out, 399, "", 23, "RFC 3398 8.2.5", false);
  expect_cause(out, 499, "", 31, "RFC 3398 8.2.6.1", true);
  for (const int status : {488, 606})
    for (const char* warning : {"304 h \"x\"", "305 h \"x\"", "370 h \"x\""})
      expect_cause(out, status, warning, 65, "RFC 3398 8.2.6.1", false);

  const auto location = [&](int status, isup::Location expected) {
    out.push_back({"status " + std::to_string(status) + " has its location", [=](const Tables& t) {
                     return cause_from_status(status, {}, t).cause.location == expected;
                   }});
  };
  location(486, isup::Location::beyond_interworking);
  location(599, isup::Location::beyond_interworking);
  location(600, isup::Location::user);
  location(603, isup::Location::user);

  const auto error = [&](Errc code, int status, const char* clause) {
    out.push_back({"an INVITE that is " + std::string(to_string(code)) + " gets " + std::to_string(status),
                   [=](const Tables& t) {
                     const auto choice = status_from_error({.code = code}, t);
                     return choice.status == status && choice.clause == clause;
                   }});
  };
  error(Errc::missing, 404, "RFC 3398 7.2.1.1");
  error(Errc::refused, 483, "RFC 3261 16.3");
  error(Errc::malformed, 484, "RFC 3398 12.2");
  error(Errc::too_long, 484, "RFC 3398 12.2");
  error(Errc::unsupported, 484, "RFC 3398 12.2");
}

}  // namespace tandem::interwork
