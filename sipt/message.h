#pragma once
// A SIP message as a view of the octets it came in (RFC 3261 7): parsing makes an index of the header fields
// and copies nothing; values are read when they are asked for.
#include <array>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/bytes.h"
#include "gateway/base/result.h"
#include "sipt/headers.h"
#include "sipt/values.h"
#include "sipt/views.h"

namespace tandem::sip {

enum class Method : std::uint8_t {
  other,
  invite,
  ack,
  bye,
  cancel,
  options,
  registration,
  info,
  prack,
  subscribe,
  notify,
  update,
  message,
  refer,
  publish,
};
/// Case-sensitive (RFC 3261 7.1).
Method method_of(std::string_view text);
/// "INVITE", "REGISTER", ...; empty for other.
std::string_view to_string(Method method);

inline constexpr std::size_t kMaxMessage = 65535;    ///< octets of a message, body included
inline constexpr std::size_t kMaxHeaders = 96;       ///< header fields
inline constexpr std::size_t kMaxHeaderLine = 8192;  ///< octets of a header field, folded lines included
inline constexpr std::size_t kMaxRequestUri = 2048;  ///< octets; beyond: 414
inline constexpr std::size_t kMaxValues = 64;        ///< values that a list accessor gives at most

/// How the octets were delimited.
enum class Framing : std::uint8_t {
  datagram,  ///< a missing Content-Length means all the rest; octets behind the body are dropped
  stream     ///< exactly one message; Content-Length is mandatory (RFC 3261 20.14)
};

/// A header field of the index. `value` has no white space around it; folds are still inside.
struct HeaderField {
  HeaderId id = HeaderId::other;
  std::string_view name;
  std::string_view value;
};

struct CSeq {
  std::uint32_t number = 0;  ///< below 2^31
  Method method = Method::other;
  std::string_view method_text;
};

/// One value of Warning (RFC 3261 20.43); the text is without quotes, escapes still inside.
struct Warning {
  int code = 0;
  std::string_view agent;
  std::string_view text;
};

/// Why a request is to be refused, before anything else looks at it.
struct Rejection {
  int status = 400;
  std::string phrase;  ///< e.g. "Missing CSeq"
  Error error;
};

class Message {
 public:
  Message() { first_.fill(kNone); }
  /// Indexes `octets`, which must stay where they are as long as this is used. After an error, whatever could
  /// be read is still there, so that a response can be made: see answerable().
  std::expected<void, Error> parse(OctetView octets, Framing framing = Framing::datagram);

  [[nodiscard]] bool is_request() const { return status_ == 0 && !method_text_.empty(); }
  [[nodiscard]] bool is_response() const { return status_ != 0; }
  [[nodiscard]] Method method() const { return method_; }
  [[nodiscard]] std::string_view method_text() const { return method_text_; }
  [[nodiscard]] std::string_view request_uri() const { return request_uri_; }
  [[nodiscard]] int status() const { return status_; }  ///< 0: a request
  [[nodiscard]] std::string_view phrase() const { return phrase_; }
  [[nodiscard]] std::string_view version() const { return version_; }  ///< "SIP/2.0" as it came
  [[nodiscard]] std::string_view body() const { return body_; }
  /// Start line to end of body; leading CRLFs and octets behind the body are left out.
  [[nodiscard]] OctetView octets() const { return as_octets(text_); }
  /// Octets from the start of the input to a view of this message.
  [[nodiscard]] std::size_t offset_of(std::string_view part) const {
    return static_cast<std::size_t>(part.data() - origin_);
  }

  // The index.
  [[nodiscard]] std::size_t header_count() const { return count_; }
  [[nodiscard]] HeaderField header(std::size_t index) const;
  [[nodiscard]] bool has(HeaderId id) const { return first_[static_cast<std::size_t>(id)] != kNone; }
  /// The first field of that name; empty when absent (or empty: see has()).
  [[nodiscard]] std::string_view value(HeaderId id) const;
  /// The first field of a name that has no row, in any case.
  [[nodiscard]] std::optional<std::string_view> value(std::string_view name) const;
  /// How many fields have that name.
  [[nodiscard]] std::size_t count(HeaderId id) const;
  /// Calls visit(std::string_view value) for each comma-separated value of all fields of that name, in order;
  /// commas inside quotes and <> do not separate. visit may return false to stop.
  template <class Visit>
  void for_each(HeaderId id, Visit&& visit) const;
  /// The same as a vector, at most kMaxValues.
  [[nodiscard]] std::vector<std::string_view> values(HeaderId id) const;

  // Typed values. Errc::missing when there is no such field; offsets are from the start of the input.
  [[nodiscard]] Result<ViaView> via() const;  ///< the topmost
  [[nodiscard]] Result<CSeq> cseq() const;
  [[nodiscard]] Result<std::string_view> call_id() const;
  [[nodiscard]] Result<AddressView> from() const;
  [[nodiscard]] Result<AddressView> to() const;
  [[nodiscard]] Result<AddressView> contact() const;  ///< the first; "*" gives an empty uri
  [[nodiscard]] Result<std::uint32_t> max_forwards() const;
  [[nodiscard]] Result<std::uint32_t> content_length() const;
  [[nodiscard]] Result<std::uint32_t> retry_after() const;  ///< seconds
  [[nodiscard]] Result<MediaTypeView> content_type() const;
  [[nodiscard]] Result<UriView> uri() const;  ///< the request URI, split

  // Copies that outlive the message; absent fields give nothing. Values that cannot be read are left out,
  // except where a Result says so.
  [[nodiscard]] Result<NameAddr> address(HeaderId id) const;  ///< From, To, Contact: the first value
  [[nodiscard]] Result<std::vector<NameAddr>> addresses(
      HeaderId id) const;                                            ///< Route, Record-Route, Contact...
  [[nodiscard]] std::vector<NameAddr> asserted() const;              ///< P-Asserted-Identity (RFC 3325 9.1)
  [[nodiscard]] std::vector<std::string> privacy() const;            ///< lower case (RFC 3323 4.2)
  [[nodiscard]] std::vector<std::string> tokens(HeaderId id) const;  ///< Require, Supported...: lower case
  [[nodiscard]] std::vector<Reason> reasons() const;                 ///< RFC 3326, RFC 8606, RFC 9366
  [[nodiscard]] std::vector<Warning> warnings() const;               ///< views

  /// A request other than ACK with a Via: response_to() can make a response that reaches its sender, even if
  /// other fields are missing or broken (RFC 4475 3.3.1).
  [[nodiscard]] bool answerable() const;

  /// The same index over a copy of the octets() at another place.
  [[nodiscard]] Message rebased(OctetView copy) const;

 private:
  static constexpr std::uint8_t kNone = 0xff;
  struct Entry {
    std::uint16_t name, value, value_size;  // from text_
    std::uint8_t name_size;
    HeaderId id;
    std::uint8_t next;  // of the same id
  };
  [[nodiscard]] std::string_view name_of(const Entry& e) const { return text_.substr(e.name, e.name_size); }
  [[nodiscard]] std::string_view value_of(const Entry& e) const {
    return text_.substr(e.value, e.value_size);
  }
  template <class T>
  std::unexpected<Error> located(const Result<T>& failed, std::string_view part, HeaderId id) const;
  [[nodiscard]] Result<std::string_view> required(HeaderId id) const;
  [[nodiscard]] Result<AddressView> address_view(HeaderId id) const;
  [[nodiscard]] Result<std::uint32_t> number(HeaderId id, std::uint32_t limit) const;

  void parse_start_line(std::string_view line);
  void parse_request_line(std::string_view line, std::size_t method_end);
  void parse_status_line(std::string_view line);
  std::size_t parse_fields(std::size_t at);
  void index_field(std::string_view line);
  void delimit_body(std::size_t head, Framing framing);
  void note(Errc code, std::size_t offset, std::string_view where, std::string_view what);

  std::optional<Error> error_;  // the first
  const char* origin_ = nullptr;
  std::string_view text_, method_text_, request_uri_, version_, phrase_, body_;
  int status_ = 0;
  Method method_ = Method::other;
  std::uint8_t count_ = 0;
  std::array<std::uint8_t, kHeaderIds> first_;
  std::array<std::uint8_t, kHeaderIds> last_;
  std::array<Entry, kMaxHeaders> entries_;
};

/// A message with its octets: for what has to wait in a transaction. Moves, does not copy.
class StoredMessage {
 public:
  explicit StoredMessage(const Message& message);
  [[nodiscard]] const Message& operator*() const { return *message_; }
  [[nodiscard]] const Message* operator->() const { return message_.get(); }

 private:
  Octets octets_;
  std::unique_ptr<Message> message_;
};

/// The checks that RFC 3261 8.1.1, 8.2 and RFC 4475 ask of any request: version (505), mandatory fields there
/// once and readable (400 with the phrase to send), CSeq method, Request-URI (400, or 416 for a scheme other
/// than sip, sips and tel). `parsed` is what parse() gave. Nothing: the request is fit to be processed.
std::optional<Rejection> validate_request(const Message& request, const std::expected<void, Error>& parsed);
/// Responses that break the same rules are dropped (RFC 3261 8.1.3, 18.1.2).
std::optional<Error> validate_response(const Message& response, const std::expected<void, Error>& parsed);

template <class Visit>
void Message::for_each(HeaderId id, Visit&& visit) const {
  for (auto at = first_[static_cast<std::size_t>(id)]; at != kNone; at = entries_[at].next) {
    ValueList list(value_of(entries_[at]));
    while (const auto one = list.next()) {
      if constexpr (std::is_convertible_v<decltype(visit(*one)), bool>) {
        if (!visit(*one)) return;
      } else {
        visit(*one);
      }
    }
  }
}

}  // namespace tandem::sip
