#include "gateway/core/sip_leg_media.h"

namespace tandem::core {

namespace {

media::Payload payload_of(sip::AudioCodec codec) {
  switch (codec) {
    case sip::AudioCodec::pcma:
      return media::Payload::pcma;
    case sip::AudioCodec::pcmu:
      return media::Payload::pcmu;
    case sip::AudioCodec::clearmode:
      break;
  }
  return media::Payload::clearmode;
}

media::DigitsOut digits_out(DtmfMode mode) {
  switch (mode) {
    case DtmfMode::rfc4733:
      return media::DigitsOut::events;
    case DtmfMode::info_relay:
    case DtmfMode::info_dtmf:
      return media::DigitsOut::report;
    case DtmfMode::inband:
      break;
  }
  return media::DigitsOut::audio;
}

}  // namespace

media::RtpParameters rtp_parameters(const sip::AudioSession& session, const PeerConfig& peer,
                                    const std::optional<media::RtpParameters>& before) {
  media::RtpParameters p;
  const bool clear = session.codec == sip::AudioCodec::clearmode;
  p.law = session.law;
  p.payload_type = session.payload_type;
  p.payload = payload_of(session.codec);
  for (const auto& format : session.receive_types) {
    if (p.receive_type_count == p.receive_types.size()) break;
    p.receive_types[p.receive_type_count++] = {format.payload_type, payload_of(format.codec)};
  }
  p.send_event_type = session.send_event_type;
  p.receive_event_type = session.receive_event_type;
  p.ptime_ms = session.ptime_ms;
  p.remote_rtp = session.remote_rtp;
  p.remote_rtcp = session.remote_rtcp;
  if (session.remote_rtp.unspecified() && before) {
    p.remote_rtp = before->remote_rtp;
    p.remote_rtcp = before->remote_rtcp;
  }
  p.send = session.send;
  p.receive = session.receive;
  p.comfort_noise = session.comfort_noise;
  p.suppress_silence = session.comfort_noise && peer.suppress_silence;
  p.digits_out = clear ? media::DigitsOut::audio : digits_out(peer.dtmf);
  p.digits_in_audio = !session.receive_event_type;
  p.learning = peer.symmetric_rtp;
  return p;
}

}  // namespace tandem::core
