#include <gtest/gtest.h>

#include "sipt/stream_framer.h"

namespace tandem::sip {
namespace {

using Kind = StreamFramer::Frame::Kind;

std::string message(std::string_view body) {
  return "OPTIONS sip:a SIP/2.0\r\nl: " + std::to_string(body.size()) + "\r\nVia: SIP/2.0/TCP h\r\n\r\n" +
         std::string(body);
}

/// Everything that comes out of `text` fed in pieces of `piece` octets.
std::vector<std::pair<Kind, std::string>> feed(StreamFramer& framer, std::string_view text,
                                               std::size_t piece) {
  std::vector<std::pair<Kind, std::string>> frames;
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) {
    framer.append(as_octets(text.substr(0, piece)));
    for (auto frame = framer.next(); frame && *frame; frame = framer.next())
      frames.emplace_back((*frame)->kind, std::string(as_text((*frame)->octets)));
  }
  return frames;
}

TEST(StreamFramer, CutsMessagesWhateverThePieces) {
  const auto stream = message("hello") + message("") + message("\r\n\r\nx");
  for (const std::size_t piece : {1u, 2u, 3u, 7u, 50u, 1000u}) {
    StreamFramer framer;
    const auto frames = feed(framer, stream, piece);
    ASSERT_EQ(frames.size(), 3u) << piece;
    EXPECT_EQ(frames[0].second, message("hello"));
    EXPECT_EQ(frames[1].second, message(""));
    EXPECT_EQ(frames[2].second, message("\r\n\r\nx"));
    EXPECT_EQ(framer.buffered(), 0u);
  }
}

TEST(StreamFramer, KnowsPingAndPong) {
  StreamFramer framer;
  auto frames = feed(framer, "\r\n\r\n" + message("a") + "\r\n\r\n", 1000);
  ASSERT_EQ(frames.size(), 3u);
  EXPECT_EQ(frames[0].first, Kind::ping);
  EXPECT_EQ(frames[1].first, Kind::message);
  EXPECT_EQ(frames[2].first, Kind::ping);
  frames = feed(framer, "\r\n", 1000);
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(frames[0].first, Kind::pong);
  frames = feed(framer, "\r\n", 1000);  // the other half of a ping that came in two reads
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(frames[0].first, Kind::ping);
  frames = feed(framer, "\r\n" + message(""), 1);
  ASSERT_EQ(frames.size(), 2u);
  EXPECT_EQ(frames[0].first, Kind::pong);
}

std::optional<Error> error_of(StreamFramer& framer, std::string_view text) {
  framer.append(as_octets(text));
  const auto frame = framer.next();
  return frame ? std::nullopt : std::optional(frame.error());
}

TEST(StreamFramer, LosesTheBoundaryWithoutContentLengthAndStaysLost) {
  StreamFramer framer;
  const auto error = error_of(framer, "OPTIONS sip:a SIP/2.0\r\nVia: SIP/2.0/TCP h\r\n\r\nbody");
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code, Errc::missing);
  Message head;
  static_cast<void>(head.parse(framer.head()));
  EXPECT_TRUE(head.answerable());
  EXPECT_TRUE(error_of(framer, message("")));
}

TEST(StreamFramer, RefusesLengthsItCannotTrust) {
  for (const char* length : {"-1", "x", "99999999999", "2147483648", "70000"}) {
    StreamFramer framer;
    EXPECT_TRUE(error_of(framer, std::string("A b SIP/2.0\r\nContent-Length: ") + length + "\r\n\r\n"))
        << length;
  }
  StreamFramer framer;
  EXPECT_TRUE(error_of(framer, "A b SIP/2.0\r\nl: 1\r\nl: 2\r\n\r\nxx"));
  StreamFramer bare;
  EXPECT_TRUE(error_of(bare, "\rx"));
}

TEST(StreamFramer, WaitsForNoMoreThanItsLimit) {
  StreamFramer framer(1000);
  for (int i = 0; i < 20; ++i) {
    framer.append(as_octets(std::string(100, 'x')));
    if (!framer.next()) break;
  }
  EXPECT_FALSE(framer.next());
  EXPECT_LE(framer.buffered(), 1100u);
  StreamFramer body(1000);
  EXPECT_EQ(error_of(body, "A b SIP/2.0\r\nl: 990\r\n\r\n")->code, Errc::too_long);
}

}  // namespace
}  // namespace tandem::sip
