#pragma once
// Messages out of a byte stream (RFC 3261 18.3, 7.5; keep-alives RFC 5626 4.4.1).
#include <optional>

#include "gateway/base/bytes.h"
#include "gateway/base/result.h"
#include "sipt/message.h"

namespace tandem::sip {

class StreamFramer {
 public:
  struct Frame {
    enum class Kind : std::uint8_t {
      message,
      ping,  ///< CRLF CRLF: to be answered with one CRLF
      pong   ///< CRLF
    };
    Kind kind = Kind::message;
    OctetView octets;  ///< valid until the next append()
  };

  explicit StreamFramer(std::size_t max_message = kMaxMessage) : max_message_(max_message) {}

  /// Takes what was read. next() is to be called until it gives nothing before more is appended.
  void append(OctetView octets);
  /// The next frame; nothing: more octets are needed. An error is final: the boundary of messages is lost and
  /// the connection is to be closed, after a 400 made from head(), if that is answerable (RFC 3261 18.3).
  Result<std::optional<Frame>> next();
  /// After an error: start line and header fields of what broke it, as far as they came.
  [[nodiscard]] OctetView head() const;
  /// Octets that wait for the rest of their message.
  [[nodiscard]] std::size_t buffered() const { return buffer_.size() - begin_; }

 private:
  Result<std::optional<Frame>> frame_message();
  std::unexpected<Error> broken(Errc code, std::size_t offset, std::string_view where, std::string_view what);

  Octets buffer_;
  std::size_t begin_ = 0;    // of the message under way
  std::size_t scanned_ = 0;  // octets from begin_ that hold no end of head
  std::size_t head_ = 0;     // size of the head, 0: not there yet
  std::size_t size_ = 0;     // of the whole message
  std::size_t max_message_;
  bool after_crlf_ = false;  // the frame before was a pong, maybe the first half of a ping
  std::optional<Error> error_;
};

}  // namespace tandem::sip
