#include "tests/exchange/ss7_link.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

extern "C" {
#include <libss7.h>
}

#include <algorithm>
#include <array>

namespace exchange {
namespace {

constexpr std::size_t kFcs = 2;  ///< libss7 leaves room for it in what it writes and reads
constexpr std::size_t kHeader = 3;
constexpr std::size_t kLongest = 3 + 273;
/// Octets without a good frame until the line is dead: half a second, for a machine that is busy. (Q.703 10.2
/// has 64 errors, each of 16 octets; the far end may well be stricter.)
constexpr std::size_t kSilence = 4000;
/// Octets for which an alarm lasts at least: libss7 leaves its T7 running (1.25 s), which would then strike
/// the alignment that follows.
constexpr std::size_t kAlarm = 10'400;
/// Q.703 11.1.3: status "out of service". libss7 would have FISUs repeated, as if the link could be used.
constexpr std::array<std::uint8_t, 4> kOutOfService = {0xFF, 0xFF, 0x01, 0x03};

/// Q.703 2.3.3: a length indicator above 2 is that of a message signal unit.
bool is_message(std::span<const std::uint8_t> frame) {
  return (frame[2] & 0x3F) > 2;
}

}  // namespace

Ss7Link::Ss7Link(struct ss7* ss7, int slc, unsigned adjacent, std::function<void()> on_read)
    : ss7_(ss7), on_read_(std::move(on_read)), hdlc_([this](std::span<const std::uint8_t> frame) {
        if (frame.size() >= kHeader && frame.size() <= kLongest) read_frame(frame);
      }) {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()) != 0) return;
  own_ = ends[0];
  theirs_ = ends[1];
  valid_ = ss7_add_link(ss7, SS7_TRANSPORT_DAHDIMTP2, theirs_, slc, adjacent) == 0;
}

Ss7Link::~Ss7Link() {
  if (own_ >= 0) close(own_);
  if (theirs_ >= 0) close(theirs_);
}

void Ss7Link::connect_line(bool connected) {
  connected_ = connected;
  if (!connected) alarm();
}

void Ss7Link::alarm() {
  if (alarmed_ || !in_service_) return;
  alarmed_ = true;
  alarm_age_ = 0;
  in_service_ = false;
  ss7_link_alarm(ss7_, theirs_);
  on_read_();
}

void Ss7Link::receive(std::span<const std::uint8_t> line) {
  silent_ += line.size();
  alarm_age_ += line.size();
  if (connected_) hdlc_.receive(line);
  if (silent_ > kSilence) alarm();
}

void Ss7Link::read_frame(std::span<const std::uint8_t> frame) {
  silent_ = 0;
  if (alarmed_ && alarm_age_ < kAlarm) return;
  if (alarmed_) {
    alarmed_ = false;
    last_in_.clear();
    ss7_link_noalarm(ss7_, theirs_);
  }
  // The driver keeps repetitions to itself.
  if (!is_message(frame) && std::ranges::equal(frame, last_in_)) return;
  last_in_.clear();
  if (!is_message(frame)) last_in_.assign(frame.begin(), frame.end());
  std::array<std::uint8_t, kLongest + kFcs> padded{};
  std::ranges::copy(frame, padded.begin());
  if (write(own_, padded.data(), frame.size() + kFcs) < 0) return;
  ss7_read(ss7_, theirs_);
  on_read_();
}

void Ss7Link::fill() {
  if (alarmed_) return hdlc_.send(kOutOfService);
  if (outage_) {
    constexpr std::uint8_t kLength = 1, kProcessorOutage = 4;  // Q.703 11.1.3
    return hdlc_.send(std::array{sequence_[0], sequence_[1], kLength, kProcessorOutage});
  }
  if ((ss7_pollflags(ss7_, theirs_) & POLLOUT) != 0 && ss7_write(ss7_, theirs_) > 0) {
    std::array<std::uint8_t, 512> buffer{};
    const auto got = read(own_, buffer.data(), buffer.size());
    if (got < static_cast<ssize_t>(kHeader + kFcs)) return;
    const auto frame = std::span(buffer).first(static_cast<std::size_t>(got) - kFcs);
    sequence_ = {frame[0], frame[1]};
    if (is_message(frame)) return hdlc_.send(frame);
    last_out_.assign(frame.begin(), frame.end());
  }
  if (!last_out_.empty()) hdlc_.send(last_out_);
}

void Ss7Link::transmit(std::span<std::uint8_t> line) {
  for (auto& octet : line) {
    if (hdlc_.idle()) fill();
    hdlc_.transmit({&octet, 1});
  }
  if (!connected_) std::ranges::fill(line, std::uint8_t{0xFF});
}

}  // namespace exchange
