#pragma once
// The early dialogs of an INVITE, and which of them the calling party hears.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sipt/offer_answer.h"

namespace tandem::core {

/// Forks (RFC 3261 12.1), of which RFC 3960 3.1 leaves the choice to the gateway: the one that described
/// audio last and is allowed to be heard.
class EarlyDialogs {
 public:
  /// The dialog has sent SDP.
  void described(const std::string& dialog, sip::AudioSession session);
  /// The dialog has offered anew and been answered: which one is heard stays as it is.
  void renegotiated(const std::string& dialog, sip::AudioNegotiation negotiation, sip::AudioSession session);
  /// How offers and answers stand in that dialog; nothing: as in the INVITE.
  [[nodiscard]] const sip::AudioNegotiation* negotiation(const std::string& dialog) const;
  /// RFC 5009 8: the last authorisation counts until the next.
  void authorise(const std::string& dialog, bool backward);
  void ended(const std::string& dialog);
  [[nodiscard]] bool authorised(const std::string& dialog) const;
  [[nodiscard]] std::optional<sip::AudioSession> of(const std::string& dialog) const;
  /// What the media is to be: a dialog that may not be heard has `receive` false.
  [[nodiscard]] std::optional<sip::AudioSession> heard() const;

 private:
  struct Early {
    std::string dialog;
    std::optional<sip::AudioSession> session = {};
    std::unique_ptr<sip::AudioNegotiation> negotiation = {};
    std::uint64_t order = 0;  ///< of its last SDP
    bool backward = false;    ///< may be heard
  };
  Early* find(const std::string& dialog);
  [[nodiscard]] const Early* find(const std::string& dialog) const;
  [[nodiscard]] const Early* best() const;
  static bool audible(const Early& early);

  std::vector<Early> dialogs_;
  std::uint64_t next_order_ = 1;
};

}  // namespace tandem::core
