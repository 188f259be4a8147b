#include "sipt/rtp/telephone_event.h"

#include <algorithm>
#include <string_view>

#include "sipt/rtp/packet.h"

namespace tandem::sip::rtp {
namespace {
constexpr std::string_view kDigits = "0123456789*#ABCD";  // RFC 4733 table 7
constexpr std::uint32_t kMaxDuration = 0xFFFF;
}  // namespace

Result<TelephoneEvent> parse_event(OctetView payload) {
  if (payload.size() < kEventPayload) {
    return fail(Errc::truncated, payload.size(), "telephone event", "under 4 octets");
  }
  return TelephoneEvent{.event = payload[0],
                        .end = (payload[1] & 0x80) != 0,
                        .volume = static_cast<std::uint8_t>(payload[1] & 0x3F),
                        .duration = read_be16(&payload[2])};
}

std::array<Octet, kEventPayload> build_event(const TelephoneEvent& event) {
  return {event.event, static_cast<Octet>((event.end ? 0x80 : 0) | (event.volume & 0x3F)),
          static_cast<Octet>(event.duration >> 8), static_cast<Octet>(event.duration)};
}

char event_digit(std::uint8_t event) {
  return event < kDigits.size() ? kDigits[event] : '\0';
}

std::optional<std::uint8_t> digit_event(char digit) {
  const auto index = kDigits.find(digit);
  if (index == std::string_view::npos) return std::nullopt;
  return static_cast<std::uint8_t>(index);
}

void EventSender::start(std::uint8_t event, std::uint8_t volume, std::uint32_t timestamp) {
  *this = {};
  active_ = true;
  first_ = true;
  event_ = event;
  volume_ = volume;
  begin_ = timestamp;
}

void EventSender::stop(std::uint32_t timestamp) {
  if (!active_) return;
  active_ = false;
  repeats_ = kEndPackets;
  duration_ = static_cast<std::uint16_t>(std::min(timestamp - begin_, kMaxDuration));
}

std::optional<EventSender::Packet> EventSender::next(std::uint32_t timestamp) {
  if (!pending()) return std::nullopt;
  // 2.5.1.2: the marker is on the first packet of an event and on no later segment.
  Packet packet{.marker = first_, .timestamp = begin_, .event = {.event = event_, .volume = volume_}};
  first_ = false;
  if (!active_) {
    --repeats_;
    packet.event.end = true;
    packet.event.duration = duration_;
    return packet;
  }
  const std::uint32_t duration = timestamp - begin_;
  packet.event.duration = static_cast<std::uint16_t>(std::min(duration, kMaxDuration));
  if (duration >= kMaxDuration) begin_ += kMaxDuration;
  return packet;
}

std::optional<EventReceiver::Update> EventReceiver::on_packet(const TelephoneEvent& event,
                                                              std::uint32_t timestamp) {
  constexpr std::int32_t kForgotten = -80000;  // 10 s back: the sender's clock was set anew
  Update update{.event = event.event};
  const auto age = static_cast<std::int32_t>(timestamp - timestamp_);
  if (known_ && age == 0) {
    if (!active_) return std::nullopt;
    if (event.duration < duration_ && !event.end) return std::nullopt;
  } else if (known_ && age < 0 && age > kForgotten) {
    return std::nullopt;
  } else if (known_ && active_ && event.event == event_ && age == static_cast<std::int32_t>(kMaxDuration)) {
    before_ += kMaxDuration;
    duration_ = 0;
  } else {
    update.started = true;
    update.previous_ended = active_;
    before_ = 0;
    duration_ = 0;
  }
  known_ = true;
  active_ = !event.end;
  event_ = event.event;
  timestamp_ = timestamp;
  duration_ = std::max<std::uint32_t>(duration_, event.duration);
  silence_ = 0;
  update.ended = event.end;
  update.duration = before_ + duration_;
  return update;
}

bool EventReceiver::on_time(std::uint32_t samples) {
  if (!active_) return false;
  silence_ += samples;
  if (silence_ < kSilence) return false;
  active_ = false;
  return true;
}

}  // namespace tandem::sip::rtp
