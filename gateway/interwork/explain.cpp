#include "gateway/interwork/explain.h"

namespace tandem::interwork {

namespace {

std::string rule(bool overridden, std::string_view clause, std::string_view party) {
  return overridden ? ", by the override of " + std::string(party) : ", " + std::string(clause);
}

}  // namespace

std::string explain(const StatusChoice& choice, const isup::CauseIndicators& cause, std::string_view party) {
  return std::to_string(choice.status) + " because cause " + std::to_string(cause.value) + " from " +
         std::string(party) + rule(choice.overridden, choice.clause, party);
}

std::string explain(const StatusChoice& choice, const Error& error, std::string_view party) {
  return std::to_string(choice.status) + " because the INVITE of " + std::string(party) +
         " cannot go on: " + std::string(error.where) + ": " + std::string(error.what) + ", " +
         std::string(choice.clause);
}

std::string explain(const CauseChoice& choice, int status, std::string_view party) {
  std::string text = "cause " + std::to_string(choice.cause.value) + " because ";
  if (choice.by == CauseBy::silence)
    text += std::string(party) + " did not answer";
  else
    text += (choice.by == CauseBy::reason ? "Reason in status " : "status ") + std::to_string(status) +
            " from " + std::string(party);
  return text + rule(choice.by == CauseBy::configuration, choice.clause, party);
}

}  // namespace tandem::interwork
