// What a party hears that the other one does not say: tones, announcements, music.
#include <algorithm>

#include "gateway/core/call_actions.h"
#include "gateway/core/routing.h"

namespace tandem::core {

namespace {

/// E.180, E.182, Q.850 2.2: busy tone for a busy user, special information where another try is of no use,
/// congestion for the rest.
media::Tone tone_of(std::uint8_t cause) {
  switch (cause) {
    case 17:
      return media::Tone::busy;
    case 1:
    case 2:
    case 3:
    case 22:
    case 28:
      return media::Tone::special_information;
    default:
      return media::Tone::congestion;
  }
}

}  // namespace

std::optional<Sound> CallActions::sound_for(const CallStep& step, const isup::CauseIndicators& cause) {
  const auto& call = step.call;
  const auto& incoming = *call.incoming;
  const auto& config = step.exchange.context_.config;
  const auto target = find_target(config, incoming.party());
  if (!target || cause.value == 16 || !incoming.can_hear()) return std::nullopt;
  const auto rules = party_rules(config, *target);
  const auto& rows = rules.announcements;
  const auto row = std::ranges::find_if(rows, [&](const AnnouncementConfig& announcement) {
    return std::ranges::find(announcement.causes, cause.value) != announcement.causes.end();
  });
  if (row != rows.end()) return Sound{.recording = row->recording};
  if (incoming.packet() || !incoming.circuit()) return std::nullopt;
  const auto rule = rules.failure_tone;
  // Q.763 3.23 bit D: the caller is behind a network that cannot carry causes, so a tone tells it why.
  const auto* forward = call.iam.get<isup::ForwardCallIndicators>();
  const bool interworked = forward != nullptr && forward->interworking;
  if (rule == FailureTone::never || (rule == FailureTone::interworked && !interworked)) return std::nullopt;
  return Sound{.tone = tone_of(cause.value), .recording = {}};
}

bool CallActions::wants_sound(const CallStep& step) {
  return sound_for(step, step.cause).has_value();
}

bool CallActions::no_route_told(const CallStep& step) {
  isup::CauseIndicators cause;
  cause.value = 3;
  return no_route(step) && sound_for(step, cause).has_value();
}

void CallActions::start_sound(CallStep& step) {
  auto& call = step.call;
  auto& exchange = step.exchange;
  const auto sound = sound_for(step, step.cause);
  if (!sound) return;
  isup::Message message(call.acm_sent ? isup::MessageType::cpg : isup::MessageType::acm);
  if (call.acm_sent)
    message.set(isup::EventInformation{3});
  else
    message.set(isup::BackwardCallIndicators{});
  isup::OptionalBackwardCallIndicators indicators;
  indicators.inband = true;
  message.set(indicators).set(step.cause);
  call.announced = step.cause;
  call.acm_sent = true;
  auto& attempt = *call.current();
  if (call.incoming->packet() &&
      exchange.media_.open_player(call.join, *call.incoming, attempt.cdr.attempt, step.now))
    ++attempt.sessions;
  const bool told = call.incoming->release_with_tones(rel_with(step.cause, call.last_words), step.now);
  if (!told) tell_incoming(step, message, true);
  exchange.media_.play(call.join, *call.incoming, *sound, step.now);
  const auto kind = sound->recording ? TimerKind::recording : TimerKind::tone;
  const auto trunk = call.incoming->trunk_config();
  // Q.931 5.4.1: the channel stays until T306, so there is something to hear for as long.
  exchange.context_.start(kind, call.id.value, step.now,
                          told ? trunk_timer(trunk, TimerKind::inband) : timer_value(kind));
}

void CallActions::play_sound(CallStep& step) {
  step.call.last_words = words_of(step.message);  // Q.737.1: they go out with the release
  end_attempt(step, step.cause, "outgoing");
  start_sound(step);
}

void CallActions::tell_no_route(CallStep& step) {
  step.cause.value = 3;
  step.cause.location = kMadeHere;
  open_attempt(step, nullptr);
  if (!step.call.acm_sent) step.call.incoming->accepted(step.now);
  end_attempt(step, step.cause, "gateway");
  start_sound(step);
}

void CallActions::finish_tone(CallStep& step) {
  end_attempt(step, step.cause, "incoming");
}

void CallActions::end_tone(CallStep& step) {
  const auto cause = step.call.announced.value_or(isup::CauseIndicators{});
  tell_incoming(step, rel_with(cause, step.call.last_words), true);
  end_attempt(step, cause, "gateway");
}

void CallActions::hold_sound(CallStep& step, const Leg& holder, Leg& held) {
  const auto* notification = step.message->get<isup::GenericNotification>();
  if (notification == nullptr) return;
  auto& call = step.call;
  auto& media = step.exchange.media_;
  const auto& config = step.exchange.context_.config;
  if (notification->indicator == 0x7a) return media.hush(call.join, call.id, step.now);
  const auto target = find_target(config, held.party());
  if (notification->indicator != 0x79 || !target) return;
  // Q.932 6: HOLD has taken the holder's channel away, so nobody but this gateway is left to be heard.
  const bool gone = !holder.packet() && !holder.circuit();
  Sound sound{.recording = party_rules(config, *target).hold_music, .repeat = true, .yield_to_rtp = true};
  if (target->trunk()) {
    // A holder that goes on sending has its own music (RFC 3264 8.4: sendonly); one that does not has none.
    const auto* rtp = holder.rtp();
    if (!gone && (rtp == nullptr || !rtp->parameters || rtp->parameters->receive)) return;
  } else {
    auto* attempt = call.current();
    if (gone && !call.join.session && !call.partner &&
        media.open_player(call.join, held, attempt->cdr.attempt, step.now))
      ++attempt->sessions;
  }
  if (!sound.recording && (target->trunk() || gone)) sound.tone = media::Tone::hold;
  media.play(call.join, held, sound, step.now);
}

}  // namespace tandem::core
