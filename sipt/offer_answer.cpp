// RFC 3264 with RFC 6337.
#include "sipt/offer_answer.h"

#include <algorithm>
#include <array>

#include "sipt/offer_answer_streams.h"

namespace tandem::sip {
namespace {

/// The formats this side said it takes: the peer sends with the numbers of our offer (RFC 3264 5.1), though
/// some send with those of their answer.
std::vector<AudioFormat> receivable(const SdpMedia& offered, const AudioSession& agreed) {
  std::vector<AudioFormat> formats;
  const bool clear = agreed.codec == AudioCodec::clearmode;
  const auto add = [&](AudioFormat format) {
    if ((format.codec == AudioCodec::clearmode) != clear || formats.size() == kMaxAudioFormats) return;
    const auto same = [&](const AudioFormat& f) { return f.payload_type == format.payload_type; };
    if (std::ranges::none_of(formats, same)) formats.push_back(format);
  };
  for (const auto& text : offered.formats) {
    const auto type = payload_type(text);
    const auto codec = type ? codec_of(offered, *type) : std::nullopt;
    if (codec) add({*type, *codec});
  }
  const auto free =
      [&](const AudioFormat& format) {  // a number that our offer gave to something else is that
        return std::ranges::find(offered.formats, std::to_string(format.payload_type)) ==
               offered.formats.end();
      };
  for (const auto& format : agreed.receive_types)
    if (free(format)) add(format);
  return formats;
}

}  // namespace

Result<DescribedAnswer> describe_answer(const Sdp& offered, const AudioCapabilities& ours) {
  DescribedAnswer answer{our_description(ours), {}};
  answer.sdp.times = offered.times;  // RFC 3264 6: as in the offer
  std::optional<Error> why;
  bool found = false;
  for (const auto& media : offered.media) {
    auto taken = found ? fail(Errc::refused, 0, "m=", "one is enough") : take_stream(offered, media, ours);
    if (!taken) {
      if (!why && media.type == "audio" && media.port != 0) why = taken.error();
      answer.sdp.media.push_back(refused_stream(media));
      continue;
    }
    // RFC 3264 6.1: the offer's numbers are kept, so events come and go with the same one
    taken->receive_event_type = taken->send_event_type;
    found = true;
    answer.session = *taken;
    answer.sdp.media.push_back(answered_stream(*taken, ours));
  }
  if (found) return answer;
  return std::unexpected(why.value_or(Error{Errc::refused, 0, "m=", "no audio stream"}));
}

Result<AudioSession> read_answer(const Sdp& sdp, std::size_t place, const AudioCapabilities& ours) {
  if (sdp.media.size() <= place) return fail(Errc::missing, 0, "m=", "is missing");  // RFC 3264 6
  auto session = take_stream(sdp, sdp.media[place], ours);
  if (!session) return session;
  const auto offered = offered_stream(ours);
  session->receive_types = receivable(offered, *session);
  if (session->send_event_type) session->receive_event_type = ours.event_type;
  return session;
}

std::string make_offer(const AudioCapabilities& capabilities) {
  Sdp sdp = our_description(capabilities);
  sdp.media.push_back(offered_stream(capabilities));
  return to_string(sdp);
}

Result<Answer> make_answer(std::string_view offer, const AudioCapabilities& capabilities) {
  const auto offered = parse_sdp(offer);
  if (!offered) return std::unexpected(offered.error());
  const auto answer = describe_answer(*offered, capabilities);
  if (!answer) return std::unexpected(answer.error());
  return Answer{to_string(answer->sdp), answer->session};
}

Result<AudioSession> accept_answer(std::string_view answer, const AudioCapabilities& capabilities) {
  const auto sdp = parse_sdp(answer);
  if (!sdp) return std::unexpected(sdp.error());
  return read_answer(*sdp, 0, capabilities);
}

bool other_family(const Error& error) {
  return error.code == Errc::refused && error.where == kOtherFamily;
}

std::string refusal_warning(const Error& error, std::string_view host) {
  struct Row {
    std::string_view where;
    std::string_view code, text;
  };
  // RFC 3261 20.43
  constexpr auto kRows = std::to_array<Row>({
      {kOtherFamily, "300", "Incompatible network protocol"},
      {"c= name", "301", "Incompatible network address formats"},
      {"m= protocol", "302", "Incompatible transport protocol"},
      {"m=", "304", "Media type not available"},
      {"m= formats", "305", "Incompatible media format"},
      {"c= multicast", "330", "Multicast not available"},
  });
  constexpr Row kOther{{}, "399", "Session description not understood"};
  const auto* found = std::ranges::find(kRows, error.where, &Row::where);
  const Row& row = error.code == Errc::refused && found != kRows.end() ? *found : kOther;
  std::string text(row.code);
  text.append(" ").append(host).append(" \"").append(row.text);
  if (&row == &kOther) text.append(": ").append(to_string(error));  // RFC 3261 21.4.1: what is wrong
  return text.append("\"");
}

// --- one after the other --------------------------------------------------------------------------------

std::string AudioNegotiation::versioned(Sdp sdp) {
  sdp.origin.session_version = version_;
  auto text = to_string(sdp);
  if (!last_.empty() && text != last_) {
    sdp.origin.session_version = ++version_;  // RFC 3264 8: a changed description has a higher version
    text = to_string(sdp);
  }
  last_ = text;
  return text;
}

std::string AudioNegotiation::offer() {
  // RFC 3264 8.3.2: a number keeps its meaning as long as the session lasts
  const auto settle = [this](std::uint8_t& type, std::uint8_t other) {
    for (std::uint8_t next = 96; (theirs_[type] || type == other) && next < 128; ++next) type = next;
  };
  settle(own_.clearmode_type, own_.event_type);
  settle(own_.event_type, own_.clearmode_type);
  auto sdp = our_description(own_);
  sdp.media = streams_;
  auto ours = offered_stream(own_);
  if (place_ < sdp.media.size())
    sdp.media[place_] = std::move(ours);
  else
    sdp.media.push_back(std::move(ours));
  return versioned(std::move(sdp));
}

Result<Answer> AudioNegotiation::answer(std::string_view offer) {
  const auto offered = parse_sdp(offer);
  if (!offered) return std::unexpected(offered.error());
  auto answer = describe_answer(*offered, own_);
  if (!answer) return std::unexpected(answer.error());
  remember(*offered, answer->sdp);
  const auto& session = answer->session;
  if (session.receive_event_type) own_.event_type = *session.receive_event_type;
  if (session.codec == AudioCodec::clearmode) own_.clearmode_type = session.payload_type;
  return Answer{versioned(std::move(answer->sdp)), session};
}

void AudioNegotiation::remember(const Sdp& offered, const Sdp& answered) {
  streams_.clear();
  for (std::size_t i = 0; i < answered.media.size(); ++i) {
    if (answered.media[i].port != 0) place_ = i;
    streams_.push_back(refused_stream(answered.media[i]));
  }
  const auto& ours = answered.media[place_];
  for (const auto& map : offered.media[place_].rtpmaps)
    theirs_.set(map.payload_type, ours.rtpmap(map.payload_type) == nullptr);
}

Result<AudioSession> AudioNegotiation::accept(std::string_view answer) const {
  const auto sdp = parse_sdp(answer);
  if (!sdp) return std::unexpected(sdp.error());
  return read_answer(*sdp, place_, own_);
}

}  // namespace tandem::sip
