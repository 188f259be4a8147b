#pragma once
// Messages to be sent (RFC 3261 7, 8.2.6).
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/base/bytes.h"
#include "sipt/headers.h"
#include "sipt/message.h"
#include "sipt/values.h"

namespace tandem::sip {

/// RFC 3261 21 and its extensions; "Unknown" classes get the phrase of their x00.
std::string_view reason_phrase(int status);

/// Appends start line, header fields in the order given, then the body. CR and LF in a value become
/// blanks, so that no value can start a header of its own.
class MessageBuilder {
 public:
  static MessageBuilder request(std::string_view method, std::string_view uri);
  /// `phrase` empty: the standard one.
  static MessageBuilder response(int status, std::string_view phrase = {});

  MessageBuilder& header(HeaderId id, std::string_view value);
  MessageBuilder& header(std::string_view name, std::string_view value);
  MessageBuilder& header(HeaderId id, std::uint32_t value);
  MessageBuilder& header(HeaderId id, const NameAddr& value);
  MessageBuilder& header(HeaderId id, const std::vector<NameAddr>& values);  ///< one field each
  MessageBuilder& cseq(std::uint32_t number, std::string_view method);
  /// "SIP/2.0/UDP host:port;branch=...;rport" (RFC 3581 3).
  MessageBuilder& via(Transport transport, const SocketAddress& sent_by, std::string_view branch);
  MessageBuilder& reasons(const std::vector<Reason>& values);
  /// All fields of that name, as they came.
  MessageBuilder& copy(const Message& from, HeaderId id);

  /// Ends the message; the builder is empty afterwards. Content-Length is always written.
  Octets finish();
  Octets finish(std::string_view content_type, std::string_view body);

 private:
  void append(std::string_view text);        // as it is
  void append_value(std::string_view text);  // made safe
  Octets out_;
};

/// The response's start line, Via fields (the topmost with received and rport filled in from `source`: RFC
/// 3261 18.2.1, RFC 3581 4), From, To (with `to_tag`, if it has none and `to_tag` is not empty), Call-ID,
/// CSeq, Timestamp where nobody was waited for, and Record-Route for dialog-forming statuses (RFC
/// 3261 8.2.6, 12.1.1).
MessageBuilder response_to(const Message& request, int status, std::string_view phrase,
                           std::string_view to_tag, const SocketAddress& source);

/// "Sat, 13 Nov 2010 23:29:00 GMT" (RFC 3261 20.17).
std::string date_text(std::chrono::sys_seconds time);

/// Where the response to a request that came in on `flow` goes (RFC 3261 18.2.2, RFC 3581 4): the flow itself
/// for TCP; for UDP the source address, with the source port if rport was asked for, else the port of
/// sent-by; a multicast maddr is not followed.
Flow response_flow(const Message& request, const Flow& flow);

}  // namespace tandem::sip
