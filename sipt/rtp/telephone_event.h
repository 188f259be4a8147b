#pragma once
// Telephone events: RFC 4733. Events 0 to 15 are the DTMF digits.
#include <array>
#include <cstdint>
#include <optional>

#include "gateway/base/bytes.h"

namespace tandem::sip::rtp {

inline constexpr std::size_t kEventPayload = 4;

/// RFC 4733 2.3.
struct TelephoneEvent {
  std::uint8_t event = 0;
  bool end = false;
  std::uint8_t volume = 0;     ///< 0 to 63: minus dBm0
  std::uint16_t duration = 0;  ///< timestamp units
};

/// Error: truncated. The reserved bit is ignored; octets behind the first four too.
Result<TelephoneEvent> parse_event(OctetView payload);
std::array<Octet, kEventPayload> build_event(const TelephoneEvent& event);

/// '0'-'9', '*', '#', 'A'-'D'; 0: no DTMF.
char event_digit(std::uint8_t event);
/// none: no digit.
std::optional<std::uint8_t> digit_event(char digit);

/// Sends one event at a time, a packet whenever the caller's packet interval is over (RFC 4733 2.5.1).
class EventSender {
 public:
  struct Packet {
    bool marker = false;
    std::uint32_t timestamp = 0;
    TelephoneEvent event;
  };

  /// An event begins at `timestamp`. One that is still on is ended there.
  void start(std::uint8_t event, std::uint8_t volume, std::uint32_t timestamp);
  /// The event that is on ended at `timestamp`; at least one packet says so and two more repeat it.
  void stop(std::uint32_t timestamp);
  /// Forgets everything.
  void reset() { *this = {}; }

  /// An event is on, or has ended and no packet said so yet: this interval's audio is not to be sent.
  [[nodiscard]] bool replaces_audio() const { return active_ || repeats_ == kEndPackets; }
  /// There is a packet to send.
  [[nodiscard]] bool pending() const { return active_ || repeats_ > 0; }
  /// The next packet at the end of an interval, which is at `timestamp`. An event longer than the duration
  /// field goes on as another segment (2.5.1.3).
  std::optional<Packet> next(std::uint32_t timestamp);

 private:
  static constexpr int kEndPackets = 3;
  bool active_ = false;
  bool first_ = false;
  std::uint8_t event_ = 0;
  std::uint8_t volume_ = 0;
  std::uint8_t repeats_ = 0;    ///< end packets still to be sent
  std::uint16_t duration_ = 0;  ///< of the ended event or segment
  std::uint32_t begin_ = 0;     ///< timestamp of the segment
};

/// Makes whole events of packets that repeat, overtake each other or get lost (RFC 4733 2.5.2).
class EventReceiver {
 public:
  struct Update {
    bool started = false;         ///< a new event begins
    bool ended = false;           ///< the event that is on now has its end
    bool previous_ended = false;  ///< a new event begins and the end of the one before was lost
    std::uint8_t event = 0;
    std::uint32_t duration = 0;  ///< of the event so far, all segments, timestamp units
  };

  /// none: a repetition, or older than what is known.
  std::optional<Update> on_packet(const TelephoneEvent& event, std::uint32_t timestamp);
  /// `samples` went by. True: the event that was on has ended, as no packet came for kSilence.
  bool on_time(std::uint32_t samples);
  void reset() { *this = {}; }
  [[nodiscard]] bool active() const { return active_; }

 private:
  static constexpr std::uint32_t kSilence = 1200;  ///< 150 ms: three updates at 2.5.1.2's 50 ms
  bool known_ = false;                             ///< an event was received
  bool active_ = false;
  std::uint8_t event_ = 0;
  std::uint32_t timestamp_ = 0;  ///< of the segment
  std::uint32_t before_ = 0;     ///< duration of the segments before
  std::uint32_t duration_ = 0;   ///< of the segment
  std::uint32_t silence_ = 0;    ///< since the last packet
};

}  // namespace tandem::sip::rtp
