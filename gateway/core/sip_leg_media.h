#pragma once
// What offer and answer have agreed on, as the media engine is told.
#include <optional>

#include "gateway/core/config.h"
#include "gateway/media/commands.h"
#include "sipt/offer_answer.h"

namespace tandem::core {

/// `before`: what holds now; its addresses stay while the peer holds by 0.0.0.0 or ::.
media::RtpParameters rtp_parameters(const sip::AudioSession& session, const PeerConfig& peer,
                                    const std::optional<media::RtpParameters>& before);

}  // namespace tandem::core
