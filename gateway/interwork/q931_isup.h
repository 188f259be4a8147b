#pragma once
// Q.931 <-> ISUP by Q.699.
#include <optional>
#include <vector>

#include "isup/message.h"
#include "tdm/pri/values.h"

namespace tandem::interwork {

/// Numbers that no address signals can be made of have no digits: the call is to be released with 28.
isup::Message iam_from_setup(const tdm::pri::Setup& setup);
/// The channel is left to the caller.
tdm::pri::Setup setup_from_iam(const isup::Message& iam, tdm::pri::Layer1 law);

/// Backward messages from the PRI side: nullopt where Q.699 sends nothing (a CALL PROCEEDING after the ACM).
std::optional<isup::Message> backward_from_proceeding(const std::vector<tdm::pri::Progress>& progress,
                                                      bool acm_sent);
isup::Message backward_from_alerting(const std::vector<tdm::pri::Progress>& progress, bool acm_sent);
/// nullopt: the PROGRESS says nothing.
std::optional<isup::Message> backward_from_progress(const tdm::pri::ProgressInd& progress, bool acm_sent);
isup::Message answer_from_connect(const tdm::pri::ConnectInd& connect, bool acm_sent);
isup::Message release_from_cause(const tdm::pri::Cause& cause);

/// What the PRI side is told of a backward message.
enum class PriBackward { none, proceeding, alerting, progress, connect };
struct PriBackwardChoice {
  PriBackward message = PriBackward::none;
  bool inband = false;
  std::optional<tdm::pri::Cause> cause;
};
PriBackwardChoice pri_from_backward(const isup::Message& message);
/// 31 when the REL has no cause.
tdm::pri::Cause cause_from_release(const isup::Message& rel);

}  // namespace tandem::interwork
