#include "sipt/stream_framer.h"

#include <cstring>

namespace tandem::sip {
namespace {

/// Position behind the empty line that ends the header fields, looked for from `from` on; 0: not there.
std::size_t end_of_head(std::string_view text, std::size_t from) {
  while (from < text.size()) {
    const void* found = std::memchr(text.data() + from, '\n', text.size() - from);
    if (found == nullptr) return 0;
    const auto lf = static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
    if (text.substr(lf + 1).starts_with('\n')) return lf + 2;
    if (text.substr(lf + 1).starts_with("\r\n")) return lf + 3;
    from = lf + 1;
  }
  return 0;
}

}  // namespace

void StreamFramer::append(OctetView octets) {
  if (error_) return;
  buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(begin_));
  begin_ = 0;
  buffer_.insert(buffer_.end(), octets.begin(), octets.end());
}

std::unexpected<Error> StreamFramer::broken(Errc code, std::size_t offset, std::string_view where,
                                            std::string_view what) {
  error_ = fail(code, offset, where, what).error();
  return std::unexpected(*error_);
}

Result<std::optional<StreamFramer::Frame>> StreamFramer::next() {
  if (error_) return std::unexpected(*error_);
  const auto waiting = as_text(buffer_).substr(begin_);
  if (head_ != 0 || !waiting.starts_with('\r')) {
    if (!waiting.empty()) after_crlf_ = false;
    return frame_message();
  }
  // RFC 5626 4.4.1, RFC 3261 7.5: line ends between messages
  if (waiting.starts_with("\r\n\r\n")) {
    begin_ += 4;
    after_crlf_ = false;
    return Frame{Frame::Kind::ping, as_octets(waiting.substr(0, 4))};
  }
  if (waiting == "\r" || waiting == "\r\n\r") return std::nullopt;
  if (!waiting.starts_with("\r\n")) return broken(Errc::malformed, 0, "message", "starts with a bare CR");
  begin_ += 2;
  const auto kind = after_crlf_ ? Frame::Kind::ping : Frame::Kind::pong;  // the second half came by itself
  after_crlf_ = !after_crlf_;
  return Frame{kind, as_octets(waiting.substr(0, 2))};
}

Result<std::optional<StreamFramer::Frame>> StreamFramer::frame_message() {
  const auto waiting = as_text(buffer_).substr(begin_);
  if (head_ == 0) {
    head_ = end_of_head(waiting, scanned_);
    if (head_ == 0) {
      if (waiting.size() > max_message_)
        return broken(Errc::too_long, max_message_, "message", "header fields do not end");
      scanned_ = waiting.size() < 3 ? 0 : waiting.size() - 3;
      return std::nullopt;
    }
    if (head_ > max_message_ || head_ > kMaxMessage)
      return broken(Errc::too_long, max_message_, "message", "longer than the limit");
    Message message;  // only Content-Length matters here; other faults do not lose the boundary
    static_cast<void>(message.parse(as_octets(waiting.substr(0, head_))));
    const auto length = message.content_length();
    if (!length)
      return broken(length.error().code, length.error().offset, "Content-Length", length.error().what);
    size_ = head_ + *length;
    if (size_ > max_message_) return broken(Errc::too_long, head_, "message", "longer than the limit");
  }
  if (waiting.size() < size_) return std::nullopt;
  const Frame frame{Frame::Kind::message, as_octets(waiting.substr(0, size_))};
  begin_ += size_;
  scanned_ = head_ = size_ = 0;
  return frame;
}

OctetView StreamFramer::head() const {
  const auto waiting = OctetView(buffer_).subspan(begin_);
  return head_ == 0 ? waiting : waiting.first(head_);
}

}  // namespace tandem::sip
