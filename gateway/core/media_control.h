#pragma once
// Tells the media engine what to join, what to cut through and what to play; counts what it has given out.
#include <optional>
#include <string_view>
#include <unordered_map>

#include "gateway/core/context.h"
#include "gateway/core/leg.h"

namespace tandem::core {

/// Circuits whose media has not ended are not given out again.
class CircuitHolds {
 public:
  virtual ~CircuitHolds() = default;
  virtual void hold_media(Circuit circuit) = 0;
  virtual void release_media(Circuit circuit) = 0;
};

/// The media of a call at this moment: a session (RTP and a circuit), a patch (two circuits), or none.
struct MediaJoin {
  SessionId session;
  std::optional<Circuit> circuit;  ///< of the session, or of the incoming side of the patch
  std::optional<Circuit> other;    ///< outgoing side of the patch
  bool patched = false;
  bool incoming_packet = false;
  bool backward = false;  ///< the calling party hears
  bool forward = false;   ///< the called party hears
  media::Tone tone = media::Tone::none;
  std::optional<Circuit> tone_on;
};

class MediaControl {
 public:
  MediaControl(Context& context, RtpPorts& ports, CircuitHolds& holds)
      : context_(context), ports_(ports), holds_(holds) {}

  /// A port for a leg; closed when the leg has given it back and no session uses it.
  RtpPorts::Port open_port();
  void give_back_port(media::RtpTransport* transport);

  /// Joins the two legs' media, both directions closed. True: a session was opened, closed() will follow.
  bool join(MediaJoin& join, const Leg& incoming, const Leg& outgoing, Time now);
  /// Circuit or RTP parameters of a leg have changed. True: another session was opened.
  bool update(MediaJoin& join, const Leg& incoming, const Leg& outgoing, Time now);
  /// Opens directions; what is open stays open.
  void through(MediaJoin& join, CallId call, bool backward, bool forward, Time now);
  void play(MediaJoin& join, CallId call, Circuit circuit, media::Tone tone, bool yield_to_rtp, Time now);
  /// Ends session, patch and tone.
  void leave(MediaJoin& join, CallId call, Time now);

  struct Owner {
    CallId call;
    int attempt = 0;
  };
  /// The session is over: whose it was. nullopt: not one of ours.
  std::optional<Owner> closed(const media::SessionClosed& event);
  [[nodiscard]] std::optional<Owner> owner(SessionId session) const;
  [[nodiscard]] std::size_t sessions() const { return sessions_.size(); }
  [[nodiscard]] std::size_t ports() const { return uses_.size(); }

 private:
  struct Session {
    Owner owner;
    Circuit circuit;
    media::RtpTransport* transport = nullptr;
  };
  struct Use {
    int sessions = 0;
    bool held = true;
  };
  void open_session(MediaJoin& join, const Leg& packet, const Leg& outgoing, Circuit circuit, Time now);
  void set_parameters(const MediaJoin& join, const Leg& packet, Time now);
  void command_through(const MediaJoin& join);
  void drop_use(media::RtpTransport* transport);

  Context& context_;
  RtpPorts& ports_;
  CircuitHolds& holds_;
  std::unordered_map<SessionId, Session> sessions_;
  std::unordered_map<media::RtpTransport*, Use> uses_;
  std::uint64_t next_session_ = 1;
};

std::string_view to_string(media::Tone tone);

}  // namespace tandem::core
