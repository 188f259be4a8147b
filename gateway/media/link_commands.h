#pragma once
// What crosses between the signalling thread and the links of a media thread (MTP level 2 below, level 3
// above: Q.703 figure 2, Q.704).
#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "gateway/base/ids.h"
#include "isup/mtp/framer.h"
#include "isup/mtp/link_core.h"
#include "isup/mtp/link_events.h"

namespace tandem::media {

/// SIO and SIF, or nothing.
struct Msu {
  std::uint16_t size = 0;
  std::array<Octet, mtp::kMaxMsuOctets> octets;  ///< the first `size`; the others are not written

  [[nodiscard]] OctetView view() const {
    return OctetView(octets).first(std::min<std::size_t>(size, octets.size()));
  }
  /// False: longer than an MSU may be.
  bool assign(OctetView msu) {
    if (msu.size() > octets.size()) return false;
    size = static_cast<std::uint16_t>(msu.size());
    std::ranges::copy(msu, octets.begin());
    return true;
  }
};

/// To a link: an index into EngineConfig::links.
struct LinkCommand {
  enum class Action : std::uint8_t {
    start,
    stop,
    emergency,
    emergency_ceases,
    send,
    backward_sequence,  ///< answered by LinkEvent::What::backward_sequence
    retrieve,           ///< answered by `retrieved`, many times, and `retrieval_complete`
    local_outage,       ///< processor outage: SIPO
    local_recovered,
    congested,  ///< level 3 cannot take more: SIB
    congestion_ends,
  };
  std::uint16_t link = 0;
  Action action = Action::start;
  std::optional<std::uint8_t> confirmed = {};  ///< retrieve: the FSN that the far end has accepted
  Msu msu = {};                                ///< send
};

/// From a link.
struct LinkEvent {
  enum class What : std::uint8_t {
    received,
    in_service,
    out_of_service,     ///< `reason`
    remote_outage,      ///< value 1: begins, 0: ends
    local_outage,       ///< likewise
    backward_sequence,  ///< value: FSN of the last MSU accepted (Q.704 5.4)
    retrieved,
    retrieval_complete,
    congestion,  ///< value 0 to 3, of the transmit buffer (Q.704 3.8)
  };
  std::uint16_t link = 0;
  What what = What::received;
  mtp::Failure reason = mtp::Failure::none;
  std::uint8_t value = 0;
  Msu msu = {};  ///< received, retrieved
};

/// How a link is, once a second. Counters grow from the start of the process.
struct LinkReport {
  std::uint16_t link = 0;
  Circuit circuit;
  mtp::LinkState state = mtp::LinkState::out_of_service;
  bool holding_back = false;  ///< SIB is sent
  std::uint8_t congestion = 0;
  mtp::LinkCounters counters;
  mtp::FramerCounters framer;
};

}  // namespace tandem::media
