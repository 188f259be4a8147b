#include "gateway/io/text.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "gateway/io/control_server.h"

namespace tandem::io {
namespace {

TEST(VisibleText, KeepsWholeCharacters) {
  EXPECT_EQ(visible("Zoë, 電話 \U0001F4DE"), "Zoë, 電話 \U0001F4DE");
}

TEST(VisibleText, ReplacesControlCharactersSoThatNoTerminalObeysThem) {
  EXPECT_EQ(visible("a\x1b[2J\x7f\r\n\tb"), "a?[2J????b");
  EXPECT_EQ(visible("a\xc2\x9b"
                    "2J"),
            "a?2J");
  EXPECT_EQ(visible("a\nb\r", true), "a\nb?");
}

TEST(VisibleText, ReplacesOctetsThatAreNoUtf8) {
  EXPECT_EQ(visible("\xff\x80"), "??");
  EXPECT_EQ(visible("\xc0\xaf"), "??");            // longer than needed
  EXPECT_EQ(visible("\xed\xa0\x80"), "???");       // a surrogate
  EXPECT_EQ(visible("\xf4\x90\x80\x80"), "????");  // beyond U+10FFFF
  EXPECT_EQ(visible("x\xe2\x82"), "x??");          // cut off
}

TEST(ControlReply, IsJsonWhateverAPeerCalledItsCall) {
  const ControlReply reply{
      {{"calls", boost::json::array{{{"sip_call_id", "a\xff\x1b"}}}}, {"ladder", "a\nb"}}};
  boost::system::error_code error;
  const auto body = boost::json::parse(line_of(reply), error);
  ASSERT_FALSE(error) << error.message();
  EXPECT_EQ(body.at("calls").at(0).at("sip_call_id"), "a??");
  EXPECT_EQ(body.at("ladder"), "a\nb");
}

}  // namespace
}  // namespace tandem::io
