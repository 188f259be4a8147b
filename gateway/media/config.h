#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/ids.h"
#include "gateway/base/time.h"
#include "gateway/base/units.h"
#include "isup/mtp/config.h"

namespace tandem::media {

/// What EngineConfig::tones may name: ISO 3166 alpha-2 codes in lower case, and "itu".
std::span<const std::string_view> tone_countries();

struct SpanMediaConfig {
  Law law = Law::a;         ///< of the timeslots
  Decibels receive_gain{};  ///< timeslot towards RTP
  Decibels send_gain{};     ///< RTP towards timeslot
  std::uint16_t tones = 0;  ///< index into EngineConfig::tones
};

/// A sound that is played: linear samples, 8000 Hz, mono.
struct Recording {
  std::string name;  ///< file it came from
  std::vector<std::int16_t> samples;
};

/// A timeslot that carries a signalling link (MTP level 2).
struct SignallingLink {
  Circuit circuit;
  mtp::LinkConfig link{};
};

struct EngineConfig {
  std::vector<SpanMediaConfig> spans;
  std::vector<std::string> tones = {"itu"};  ///< countries, ISO 3166 alpha-2, lower case; "itu": E.180
                                             ///< (on mu-law spans: North America's); unknown: as "itu"
  std::vector<Recording> recordings = {};
  std::vector<Circuit> d_channels;                    ///< timeslots that carry HDLC instead of audio
  std::vector<SignallingLink> links = {};             ///< and those of SS7
  Duration level3_silence = std::chrono::seconds(1);  ///< in each LinkConfig: Engine::signalling_alive
  Duration rtp_timeout = std::chrono::seconds(60);    ///< no RTP for so long: Event::timeout; 0: never
  Duration jitter_minimum = std::chrono::milliseconds(20);
  Duration jitter_maximum = std::chrono::milliseconds(200);
  Duration since_1900{};  ///< from then to the origin of Time, for RTCP's NTP times; 0: not known
};

}  // namespace tandem::media
