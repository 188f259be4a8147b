// Any octets as a datagram and as a stream: every accessor, validation, response, explanation, and the rule
// that a value which was read writes text that reads as the same value.
#include <cstdlib>

#include "sipt/body.h"
#include "sipt/build.h"
#include "sipt/decode.h"
#include "sipt/message.h"
#include "sipt/stream_framer.h"

using namespace tandem;
using namespace tandem::sip;

namespace {

void check(bool ok) {
  if (!ok) std::abort();
}

void read_everything(const Message& message) {
  static_cast<void>(message.via());
  static_cast<void>(message.cseq());
  static_cast<void>(message.call_id());
  static_cast<void>(message.from());
  static_cast<void>(message.to());
  static_cast<void>(message.contact());
  static_cast<void>(message.max_forwards());
  static_cast<void>(message.retry_after());
  static_cast<void>(message.content_type());
  static_cast<void>(message.uri());
  static_cast<void>(message.asserted());
  static_cast<void>(message.privacy());
  static_cast<void>(message.warnings());
  static_cast<void>(message.value("X-Other"));
  static_cast<void>(accepts_sdp(message));
  check(read_body(message).sdp.size() <= message.body().size());
  for (const auto& row : kHeaderRows) {
    static_cast<void>(message.values(row.id));
    static_cast<void>(message.tokens(row.id));
    const auto addresses = message.addresses(row.id);
    if (!addresses) continue;
    for (const auto& address : *addresses) check(parse_name_addr(to_string(address)) == address);
  }
  for (const auto& reason : message.reasons()) check(parse_reason(to_string(reason)) == reason);
  if (const auto uri = parse_uri(message.request_uri())) {
    check(parse_uri(to_string(*uri)) == *uri);
    check(equivalent(*uri, *uri));
  }
}

void answer(const Message& request) {
  const SocketAddress source{{192, 0, 2, 9}, false, 5060};
  const auto octets = response_to(request, 400, {}, "tag", source).finish();
  static_cast<void>(response_flow(request, Flow{Transport::udp, {}, source, 0}));
  Message response;
  const auto parsed = response.parse(octets);
  if (!parsed)
    check(parsed.error().code == Errc::too_long);  // copies of many values may be longer than the limits
  if (parsed) check(response.status() == 400 && response.body().empty());
}

void frame(OctetView octets) {
  StreamFramer framer(4096);
  for (std::size_t step = 1; !octets.empty(); step = step * 2 + 1) {
    const auto piece = octets.first(std::min(step, octets.size()));
    octets = octets.subspan(piece.size());
    framer.append(piece);
    auto next = framer.next();
    while (next && *next) {
      check(!(*next)->octets.empty() && (*next)->octets.size() <= 4096);
      next = framer.next();
    }
    if (!next) {
      static_cast<void>(framer.head());
      return;
    }
    check(framer.buffered() <= 4096);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const OctetView octets(data, size);
  Message message;
  const auto parsed = message.parse(octets);
  if (!parsed) check(parsed.error().offset <= size);
  read_everything(message);
  const auto rejection = validate_request(message, parsed);
  if (rejection) check(rejection->error.offset <= size && rejection->status >= 400);
  static_cast<void>(validate_response(message, parsed));
  if (message.answerable()) answer(message);
  if (parsed) {
    const StoredMessage stored(message);
    check(stored->header_count() == message.header_count() && stored->body() == message.body());
  }
  if (const auto explanation = describe(octets)) static_cast<void>(to_string(*explanation));
  frame(octets);
  return 0;
}
