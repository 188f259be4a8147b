#include "gateway/core/sip_leg_forks.h"

#include <algorithm>

namespace tandem::core {

namespace {

constexpr std::size_t kMaxDialogs = 16;  // those of further branches are passed over

}  // namespace

EarlyDialogs::Early* EarlyDialogs::find(const std::string& dialog) {
  const auto it = std::ranges::find(dialogs_, dialog, &Early::dialog);
  if (it != dialogs_.end()) return &*it;
  if (dialogs_.size() == kMaxDialogs) return nullptr;
  dialogs_.push_back({.dialog = dialog});
  return &dialogs_.back();
}

const EarlyDialogs::Early* EarlyDialogs::find(const std::string& dialog) const {
  const auto it = std::ranges::find(dialogs_, dialog, &Early::dialog);
  return it != dialogs_.end() ? &*it : nullptr;
}

void EarlyDialogs::described(const std::string& dialog, sip::AudioSession session) {
  auto* early = find(dialog);
  if (early == nullptr) return;
  if (early->session != session) early->order = next_order_++;  // the same again is no news
  early->session = std::move(session);
}

void EarlyDialogs::renegotiated(const std::string& dialog, sip::AudioNegotiation negotiation,
                                sip::AudioSession session) {
  auto* early = find(dialog);
  if (early == nullptr) return;
  if (!early->session) early->order = next_order_++;
  early->session = std::move(session);
  early->negotiation = std::make_unique<sip::AudioNegotiation>(std::move(negotiation));
}

const sip::AudioNegotiation* EarlyDialogs::negotiation(const std::string& dialog) const {
  const auto* early = find(dialog);
  return early != nullptr ? early->negotiation.get() : nullptr;
}

void EarlyDialogs::authorise(const std::string& dialog, bool backward) {
  auto* early = find(dialog);
  if (early == nullptr) return;
  if (backward && !early->backward) early->order = next_order_++;
  early->backward = backward;
}

void EarlyDialogs::ended(const std::string& dialog) {
  std::erase_if(dialogs_, [&](const Early& early) { return early.dialog == dialog; });
}

bool EarlyDialogs::authorised(const std::string& dialog) const {
  const auto* early = find(dialog);
  return early != nullptr && early->backward;
}

std::optional<sip::AudioSession> EarlyDialogs::of(const std::string& dialog) const {
  const auto* early = find(dialog);
  return early != nullptr ? early->session : std::nullopt;
}

bool EarlyDialogs::audible(const Early& early) {
  return early.backward && early.session->receive;
}

const EarlyDialogs::Early* EarlyDialogs::best() const {
  const Early* best = nullptr;
  for (const auto& early : dialogs_) {
    if (!early.session) continue;
    const bool better = best == nullptr || audible(early) > audible(*best) ||
                        (audible(early) == audible(*best) && early.order > best->order);
    if (better) best = &early;
  }
  return best;
}

std::optional<sip::AudioSession> EarlyDialogs::heard() const {
  const auto* early = best();
  if (early == nullptr) return std::nullopt;
  auto session = early->session;
  session->receive = audible(*early);
  return session;
}

}  // namespace tandem::core
