#pragma once
// Tells the media engine what to join, what to cut through and what to play; counts what it has given out.
#include <map>
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

/// What a party hears instead of the other one.
struct Sound {
  media::Tone tone = media::Tone::none;
  std::optional<media::RecordingId> recording;
  bool repeat = false;
  bool yield_to_rtp = false;  ///< until RTP audio comes after all
  [[nodiscard]] bool silent() const { return tone == media::Tone::none && !recording; }
  friend bool operator==(const Sound&, const Sound&) = default;
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
  bool clear = false;     ///< 64 kbit/s unrestricted (Q.763 3.54): octets stay as they are
  Sound sound;
  std::optional<Circuit> sound_on;  ///< none: the peer of the session hears it
};

class MediaControl {
 public:
  MediaControl(Context& context, RtpPorts& ports, CircuitHolds& holds)
      : context_(context), ports_(ports), holds_(holds) {}

  /// A port for a leg; closed when the leg has given it back and no session uses it.
  RtpPorts::Port open_port(bool v6);
  void give_back_port(media::RtpTransport* transport);

  /// Joins the two legs' media, both directions closed. True: a session was opened, closed() will follow.
  /// Sessions are those of `attempt` of the packet leg's call.
  bool join(MediaJoin& join, const Leg& incoming, const Leg& outgoing, int attempt, Time now);
  /// Circuit or RTP parameters of a leg have changed. True: another session was opened.
  bool update(MediaJoin& join, const Leg& incoming, const Leg& outgoing, int attempt, Time now);
  /// Opens directions; what is open stays open.
  void through(MediaJoin& join, CallId call, bool backward, bool forward, Time now);
  /// Lets a party of the call hear a sound; a packet one has to have a session. A silent sound ends it.
  void play(MediaJoin& join, const Leg& hearer, const Sound& sound, Time now);
  void hush(MediaJoin& join, CallId call, Time now);
  /// A session of a packet leg alone, for sounds. True: it was opened, closed() will follow.
  bool open_player(MediaJoin& join, const Leg& packet, int attempt, Time now);
  /// The RTP parameters of a packet leg alone have changed.
  void update_player(const MediaJoin& join, const Leg& packet, Time now);
  /// A digit that a party pressed by signalling, to the circuit of the session.
  void play_digit(const MediaJoin& join, CallId call, char digit, std::uint16_t duration_ms, Time now);
  /// Whose sound is on the circuit.
  [[nodiscard]] std::optional<CallId> hearer(Circuit circuit) const;
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
  friend class Auditor;
  struct Session {
    Owner owner;
    std::optional<Circuit> circuit;
    media::RtpTransport* transport = nullptr;
  };
  struct Use {
    int sessions = 0;
    bool held = true;
  };
  void open_session(MediaJoin& join, const Leg& packet, int attempt, std::optional<Circuit> circuit,
                    Time now);
  void set_parameters(const MediaJoin& join, const Leg& packet, Time now);
  /// False: the leg has exchanged its port for one of the other version of IP.
  [[nodiscard]] bool uses_port_of(const MediaJoin& join, const Leg& packet) const;
  void command_through(const MediaJoin& join);
  void drop_use(media::RtpTransport* transport);

  Context& context_;
  RtpPorts& ports_;
  CircuitHolds& holds_;
  std::unordered_map<SessionId, Session> sessions_;
  std::unordered_map<media::RtpTransport*, Use> uses_;
  std::map<Circuit, CallId> hearers_;
  std::uint64_t next_session_ = 1;
};

std::string_view to_string(media::Tone tone);

}  // namespace tandem::core
