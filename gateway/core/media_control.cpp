#include "gateway/core/media_control.h"

#include <algorithm>

namespace tandem::core {

std::string_view to_string(media::Tone tone) {
  switch (tone) {
    case media::Tone::none:
      return "none";
    case media::Tone::ringback:
      return "ringback";
    case media::Tone::busy:
      return "busy";
    case media::Tone::congestion:
      return "congestion";
    case media::Tone::dial:
      return "dial";
    case media::Tone::special_information:
      return "special information";
    case media::Tone::call_waiting:
      return "call waiting";
    case media::Tone::hold:
      return "hold";
  }
  return "";
}

RtpPorts::Port MediaControl::open_port(bool v6) {
  const auto port = ports_.open(v6);
  if (port.transport != nullptr) uses_.emplace(port.transport, Use{});
  return port;
}

void MediaControl::give_back_port(media::RtpTransport* transport) {
  const auto it = uses_.find(transport);
  if (it == uses_.end()) return;
  it->second.held = false;
  drop_use(transport);
}

void MediaControl::drop_use(media::RtpTransport* transport) {
  const auto it = uses_.find(transport);
  if (it == uses_.end() || it->second.held || it->second.sessions > 0) return;
  uses_.erase(it);
  ports_.close(transport);
}

void MediaControl::open_session(MediaJoin& join, const Leg& packet, int attempt,
                                std::optional<Circuit> circuit, Time now) {
  const auto& rtp = *packet.rtp();
  join.session = SessionId{next_session_++};
  join.circuit = circuit;
  sessions_.emplace(join.session, Session{{packet.call(), attempt}, circuit, rtp.transport});
  ++uses_[rtp.transport].sessions;
  if (circuit) holds_.hold_media(*circuit);

  media::OpenSession open;
  open.session = join.session;
  open.circuit = circuit.value_or(Circuit{});
  open.transport = rtp.transport;
  const auto bits = context_.random.next();
  open.ssrc = static_cast<std::uint32_t>(bits);
  open.first_sequence = static_cast<std::uint16_t>(bits >> 32);
  open.first_timestamp = static_cast<std::uint32_t>(context_.random.next() >> 16);
  // RFC 7022 4.2: a short-term persistent name that tells nothing of the host.
  const auto bits2 = context_.random.next();
  for (std::size_t i = 0; i < 16; ++i) open.cname[i] = "0123456789abcdef"[bits2 >> (4 * i) & 0xf];
  context_.out.emplace_back(media::Command(open));
  context_.trace_media(
      packet.call(), now,
      "session on port " + std::to_string(rtp.local.port) +
          (circuit ? " with " + context_.circuit_name(*circuit) : std::string(" for a sound")),
      rtp.local.port);
  set_parameters(join, packet, now);
}

void MediaControl::set_parameters(const MediaJoin& join, const Leg& packet, Time now) {
  const auto& rtp = *packet.rtp();
  if (!rtp.parameters || !join.session) return;
  const auto& p = *rtp.parameters;
  context_.out.emplace_back(media::Command(media::SetParameters{join.session, p}));
  std::string text = p.payload == media::Payload::clearmode ? "CLEARMODE" : p.law == Law::a ? "PCMA" : "PCMU";
  text += " " + std::to_string(p.ptime_ms) + " ms with " + to_string(p.remote_rtp);
  if (!p.send || !p.receive) text += p.send ? ", send only" : p.receive ? ", receive only" : ", inactive";
  context_.trace_media(packet.call(), now, std::move(text), rtp.local.port);
}

bool MediaControl::join(MediaJoin& join, const Leg& incoming, const Leg& outgoing, int attempt, Time now) {
  join.incoming_packet = incoming.packet();
  if (incoming.packet() != outgoing.packet()) {
    const Leg& packet = incoming.packet() ? incoming : outgoing;
    const auto circuit = incoming.packet() ? outgoing.circuit() : incoming.circuit();
    if (!circuit || packet.rtp() == nullptr || packet.rtp()->transport == nullptr) return false;
    open_session(join, packet, attempt, *circuit, now);
    return true;
  }
  join.circuit = incoming.circuit();
  join.other = outgoing.circuit();
  return false;
}

bool MediaControl::uses_port_of(const MediaJoin& join, const Leg& packet) const {
  const auto it = sessions_.find(join.session);
  return it == sessions_.end() || packet.rtp() == nullptr || it->second.transport == packet.rtp()->transport;
}

bool MediaControl::update(MediaJoin& join, const Leg& incoming, const Leg& outgoing, int attempt, Time now) {
  const bool backward = join.backward, forward = join.forward, clear = join.clear;
  if (incoming.packet() != outgoing.packet()) {
    const Leg& packet = incoming.packet() ? incoming : outgoing;
    const auto circuit = incoming.packet() ? outgoing.circuit() : incoming.circuit();
    if (join.session && circuit == join.circuit && uses_port_of(join, packet)) {
      set_parameters(join, packet, now);
      return false;
    }
  } else if (join.circuit == incoming.circuit() && join.other == outgoing.circuit()) {
    return false;
  }
  leave(join, outgoing.call(), now);
  join.clear = clear;
  const bool opened = this->join(join, incoming, outgoing, attempt, now);
  through(join, outgoing.call(), backward, forward, now);
  return opened;
}

void MediaControl::command_through(const MediaJoin& join) {
  media::ThroughConnect through;
  through.session = join.session;
  through.to_rtp = join.incoming_packet ? join.backward : join.forward;
  through.to_timeslot = join.incoming_packet ? join.forward : join.backward;
  context_.out.emplace_back(media::Command(through));
}

void MediaControl::through(MediaJoin& join, CallId call, bool backward, bool forward, Time now) {
  if ((!backward || join.backward) && (!forward || join.forward)) return;
  join.backward = join.backward || backward;
  join.forward = join.forward || forward;
  if (join.session) {
    command_through(join);
  } else if (join.circuit && join.other && !join.patched) {
    join.patched = true;
    context_.out.emplace_back(
        media::Command(media::PatchCircuits{*join.circuit, *join.other, true, join.clear}));
  } else {
    return;
  }
  context_.trace_media(call, now, join.forward ? "through both ways" : "through backward");
}

void MediaControl::play(MediaJoin& join, const Leg& hearer, const Sound& sound, Time now) {
  const auto circuit = hearer.circuit();
  if (join.sound == sound && join.sound_on == circuit) return;
  hush(join, hearer.call(), now);
  if (sound.silent() || (!circuit && !join.session)) return;
  join.sound = sound;
  join.sound_on = circuit;
  std::string place = "the peer";
  if (!circuit) {
    context_.out.emplace_back(
        media::Command(media::PlayToPeer{join.session, sound.tone, 0, sound.recording, sound.repeat}));
  } else {
    hearers_.insert_or_assign(*circuit, hearer.call());
    if (sound.recording)
      context_.out.emplace_back(
          media::Command(media::PlayRecording{*circuit, sound.recording, sound.repeat, sound.yield_to_rtp}));
    else
      context_.out.emplace_back(media::Command(media::PlayTone{*circuit, sound.tone, sound.yield_to_rtp}));
    place = context_.circuit_name(*circuit);
  }
  const auto name = sound.recording ? context_.config.media.recordings.size() > *sound.recording
                                          ? context_.config.media.recordings[*sound.recording].name
                                          : "recording"
                                    : std::string(to_string(sound.tone)) + " tone";
  context_.trace_media(hearer.call(), now, name + " to " + place);
}

void MediaControl::hush(MediaJoin& join, CallId call, Time now) {
  if (join.sound.silent()) return;
  if (!join.sound_on) {
    context_.out.emplace_back(media::Command(media::PlayToPeer{.session = join.session, .recording = {}}));
  } else if (join.sound.recording) {
    context_.out.emplace_back(media::Command(media::PlayRecording{*join.sound_on, std::nullopt}));
  } else {
    context_.out.emplace_back(media::Command(media::PlayTone{*join.sound_on, media::Tone::none, false}));
  }
  if (join.sound_on) hearers_.erase(*join.sound_on);
  context_.trace_media(call, now, join.sound.recording ? "recording off" : "tone off");
  join.sound = {};
  join.sound_on.reset();
}

bool MediaControl::open_player(MediaJoin& join, const Leg& packet, int attempt, Time now) {
  if (packet.rtp() == nullptr || packet.rtp()->transport == nullptr) return false;
  open_session(join, packet, attempt, std::nullopt, now);
  return true;
}

void MediaControl::update_player(const MediaJoin& join, const Leg& packet, Time now) {
  if (packet.packet()) set_parameters(join, packet, now);
}

void MediaControl::play_digit(const MediaJoin& join, CallId call, char digit, std::uint16_t duration_ms,
                              Time now) {
  if (!join.session || !join.circuit) return;
  context_.out.emplace_back(media::Command(media::PlayDigit{join.session, digit, duration_ms}));
  context_.trace_media(call, now, std::string("digit ") + digit + " to the timeslot");
}

std::optional<CallId> MediaControl::hearer(Circuit circuit) const {
  const auto it = hearers_.find(circuit);
  if (it == hearers_.end()) return std::nullopt;
  return it->second;
}

void MediaControl::leave(MediaJoin& join, CallId call, Time now) {
  hush(join, call, now);
  if (join.session) context_.out.emplace_back(media::Command(media::CloseSession{join.session}));
  if (join.patched)
    context_.out.emplace_back(
        media::Command(media::PatchCircuits{*join.circuit, *join.other, false, join.clear}));
  join = {};
}

std::optional<MediaControl::Owner> MediaControl::closed(const media::SessionClosed& event) {
  const auto it = sessions_.find(event.session);
  if (it == sessions_.end()) return std::nullopt;
  const auto session = it->second;
  sessions_.erase(it);
  if (session.circuit) holds_.release_media(*session.circuit);
  if (const auto use = uses_.find(session.transport); use != uses_.end()) --use->second.sessions;
  drop_use(session.transport);
  return session.owner;
}

std::optional<MediaControl::Owner> MediaControl::owner(SessionId session) const {
  const auto it = sessions_.find(session);
  if (it == sessions_.end()) return std::nullopt;
  return it->second.owner;
}

}  // namespace tandem::core
