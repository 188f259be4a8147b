#include "tdm/pri/q931_elements.h"

#include <gtest/gtest.h>

#include "tdm/pri/sent_frames.h"

namespace tandem::tdm::pri {
namespace {

Octets hex(std::string_view text) {
  return from_hex(text).value();
}

TEST(Q931Elements, AreReadWithinTheirLength) {
  EXPECT_FALSE(read_user_user({}));
  EXPECT_EQ(read_user_user(hex("04")), (UserUser{0x04, {}}));
  EXPECT_EQ(read_subaddress(hex("a84142")), (Subaddress{.nsap = false, .odd = true, .octets = {0x41, 0x42}}));
  EXPECT_FALSE(read_subaddress(hex("80")));
  EXPECT_FALSE(read_subaddress(hex("0041")));  // no extension bit
  EXPECT_FALSE(read_subaddress(hex("9041")));  // neither NSAP nor user specified
  EXPECT_EQ(read_keypad(hex("2a31b2")), "*12");
  EXPECT_EQ(read_keypad(Octets(60, 0x31)).size(), 32U);
  EXPECT_FALSE(read_interface(hex("a98383")));
  EXPECT_FALSE(read_interface(hex("e9")));
  EXPECT_EQ(read_interface(hex("e9828383")), 2);
  EXPECT_EQ(read_redirection_reason(hex("21008431")), RedirectionReason::deflection);
  EXPECT_FALSE(read_redirection_reason(hex("218331")));
  EXPECT_EQ(read_notification(hex("f9")), 0x79);
  EXPECT_FALSE(read_notification(hex("79")));
  EXPECT_FALSE(read_notification(hex("03a1")));
}

TEST(Q931Elements, AreWrittenAsTheyAreRead) {
  EXPECT_EQ(to_hex(encode_progress({ProgressDescription::inband, Location::public_local})), "1e028288");
  EXPECT_EQ(to_hex(encode_channel({.timeslot = 5, .exclusive = true, .span = 0}, std::nullopt)),
            "1803a98385");
  EXPECT_EQ(to_hex(encode_channel({.timeslot = 5, .exclusive = false, .span = 0}, 2)), "1804e1828385");
  EXPECT_EQ(to_hex(encode_channel({.timeslot = 0, .exclusive = true, .span = 0}, 2)), "1802e882");
  EXPECT_EQ(to_hex(encode_restart_class(7)), "790187");
  EXPECT_EQ(to_hex(encode_called_digits("12")), "7003803132");
  EXPECT_EQ(encode_called_digits(std::string(99, '1')).size(), 35U);
  EXPECT_EQ(encode_user_user({0x04, Octets(200, 1)}).size(), 131U);
  EXPECT_EQ(to_hex(encode_change_status(2)), "0101c2");
  const auto channel = encode_channel({.timeslot = 31, .exclusive = true, .span = 0}, 3);
  EXPECT_EQ(read_channel(OctetView(channel).subspan(2)), (Channel{31, true}));
  EXPECT_EQ(read_interface(OctetView(channel).subspan(2)), 3);
}

TEST(SentFrames, AreRepeatedAsTheyWereUntilTheLinkStartsAnew) {
  SentFrames sent;
  const Octets original{1, 2, 3};
  EXPECT_EQ(sent.repeated(0, original), nullptr);
  sent.sent(0, original, {9, 9});
  ASSERT_NE(sent.repeated(0, original), nullptr);
  EXPECT_EQ(*sent.repeated(0, original), (Octets{9, 9}));
  EXPECT_EQ(sent.repeated(0, Octets{1, 2}), nullptr);
  EXPECT_EQ(sent.repeated(1, original), nullptr);  // the next new one
  sent.reset();
  EXPECT_EQ(sent.repeated(0, original), nullptr);
}

TEST(SentFrames, AreForgottenOnceAcknowledged) {
  SentFrames sent;
  const Octets digit{7};
  for (std::uint8_t i = 0; i < 5; ++i) sent.sent(i, digit, {i});
  sent.acknowledged(3);
  EXPECT_EQ(sent.repeated(2, digit), nullptr);
  ASSERT_NE(sent.repeated(3, digit), nullptr);
  sent.acknowledged(9);  // was never sent
  sent.acknowledged(1);  // older than what is acknowledged
  EXPECT_NE(sent.repeated(3, digit), nullptr);
  EXPECT_NE(sent.repeated(4, digit), nullptr);
  sent.acknowledged(5);
  EXPECT_EQ(sent.repeated(4, digit), nullptr);
}

TEST(SentFrames, AreForgottenWhenTheNumbersWrap) {
  SentFrames sent;
  const Octets digit{7};
  for (unsigned i = 0; i < 130; ++i) {
    sent.sent(static_cast<std::uint8_t>(i % 128), digit, {static_cast<Octet>(i)});
    if (i == 126) sent.acknowledged(127);
  }
  sent.acknowledged(1);  // 127 and 0
  EXPECT_EQ(sent.repeated(127, digit), nullptr);
  EXPECT_EQ(sent.repeated(0, digit), nullptr);
  EXPECT_NE(sent.repeated(1, digit), nullptr);
}

TEST(SentFrames, ANewFrameIsNotTakenForOneOf128FramesAgo) {
  SentFrames sent;
  const Octets digit{7};
  for (unsigned i = 0; i < 128; ++i) sent.sent(static_cast<std::uint8_t>(i), digit, {static_cast<Octet>(i)});
  EXPECT_EQ(sent.repeated(0, digit), nullptr);
  ASSERT_NE(sent.repeated(127, digit), nullptr);
  EXPECT_EQ(*sent.repeated(127, digit), Octets{127});
}

}  // namespace
}  // namespace tandem::tdm::pri
