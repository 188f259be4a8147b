#pragma once
// Offer and answer (RFC 3264, RFC 6337) of one audio stream: G.711 with telephone-event (RFC 4733) and
// comfort noise (RFC 3389), or 64 kbit/s as they are (RFC 4040).
#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/address.h"
#include "gateway/base/result.h"
#include "gateway/base/units.h"
#include "sipt/sdp.h"

namespace tandem::sip {

enum class AudioCodec : std::uint8_t {
  pcma,
  pcmu,
  clearmode  ///< RFC 4040: octets of a 64 kbit/s channel
};

/// What this side can do on a stream, and wants.
struct AudioCapabilities {
  SocketAddress local;     ///< where RTP is received
  std::vector<Law> laws;   ///< in order of preference; empty: no G.711
  bool clearmode = false;  ///< offered before the laws; taken where the offer prefers it
  bool telephone_event = true;
  bool comfort_noise = false;
  int ptime_ms = 20;                          ///< 10 to 60, a multiple of 10
  int maxptime_ms = 60;                       ///< the same; longest packet sent or received
  Direction direction = Direction::sendrecv;  ///< sendonly: we hold
  std::uint64_t session_id = 1;               ///< o= session id
  std::uint64_t session_version = 1;          ///< o= version
  std::uint8_t event_type = 101;              ///< dynamic numbers of our offers (RFC 3551 3)
  std::uint8_t clearmode_type = 97;
};

/// A payload type of a stream and what it stands for.
struct AudioFormat {
  std::uint8_t payload_type = 8;
  AudioCodec codec = AudioCodec::pcma;
  friend bool operator==(const AudioFormat&, const AudioFormat&) = default;
};
inline constexpr std::size_t kMaxAudioFormats = 4;

/// What both sides agreed on.
struct AudioSession {
  AudioCodec codec = AudioCodec::pcma;     ///< sent as payload_type
  Law law = Law::a;                        ///< of `codec`; of no meaning with clearmode
  std::uint8_t payload_type = 8;           ///< the peer's number for it
  std::vector<AudioFormat> receive_types;  ///< what the peer may send, 1 to kMaxAudioFormats, numbers differ
  std::optional<std::uint8_t> receive_event_type;  ///< payload type the peer sends events with
  std::optional<std::uint8_t> send_event_type;     ///< payload type the peer wants events with
  bool comfort_noise = false;                      ///< payload type 13 may be sent and received
  int ptime_ms = 20;                               ///< 10 to 60, a multiple of 10
  SocketAddress remote_rtp;                        ///< unspecified: a hold by 0.0.0.0 or ::
  SocketAddress remote_rtcp;                       ///< a=rtcp (RFC 3605) or the port above
  bool send = true;                                ///< this side may send (a=sendrecv/sendonly/..., 0.0.0.0)
  bool receive = true;
  friend bool operator==(const AudioSession&, const AudioSession&) = default;

  /// The peer does not want to hear us: RFC 3264 8.4.
  [[nodiscard]] bool held() const { return !send; }
};

std::string make_offer(const AudioCapabilities& capabilities);

struct Answer {
  std::string sdp;
  AudioSession session;
};
/// Answers an offer: the first audio stream that can be served is taken, all others are refused with port 0.
/// Errc::refused when nothing fits (488, refusal_warning() says why), Errc::malformed and others when it is
/// not SDP (400).
Result<Answer> make_answer(std::string_view offer, const AudioCapabilities& capabilities);

/// Takes the peer's answer to what make_offer gave for `capabilities`.
Result<AudioSession> accept_answer(std::string_view answer, const AudioCapabilities& capabilities);

/// A refusal that an address of the other version of IP would have spared (RFC 6157).
bool other_family(const Error& error);

/// The value of a Warning header for a refused description (RFC 3261 20.43): `305 HOST "..."`.
std::string refusal_warning(const Error& error, std::string_view host);

/// The offers and answers of one session one after the other: what has to stay as it was does (RFC 3264 8).
/// The number and order of m= lines, the dynamic payload types, the o= version while nothing changes.
class AudioNegotiation {
 public:
  AudioNegotiation() = default;
  explicit AudioNegotiation(AudioCapabilities own) : own_(std::move(own)), version_(own_.session_version) {}

  /// May change between descriptions: direction, codecs.
  [[nodiscard]] AudioCapabilities& own() { return own_; }
  [[nodiscard]] const AudioCapabilities& own() const { return own_; }

  /// All that this side can do, whatever was agreed before (RFC 6337 5.3).
  std::string offer();
  /// As make_answer(); an error changes nothing.
  Result<Answer> answer(std::string_view offer);
  /// The peer's answer to the last offer(); every fork has its own.
  [[nodiscard]] Result<AudioSession> accept(std::string_view answer) const;

 private:
  std::string versioned(Sdp sdp);
  void remember(const Sdp& offered, const Sdp& answered);

  AudioCapabilities own_;
  std::uint64_t version_ = 1;
  std::string last_;               ///< description last given
  std::vector<SdpMedia> streams_;  ///< of the session, all refused; ours stands at place_
  std::size_t place_ = 0;
  std::bitset<128> theirs_;  ///< payload types the peer has given a meaning that is none of ours
};

}  // namespace tandem::sip
