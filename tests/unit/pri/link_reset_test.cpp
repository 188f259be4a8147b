// What is said of a call whose SETUP went with a data link that was established anew (Q.921 5.7).
#include "tests/unit/pri/by_hand.h"

namespace tandem::tdm::pri {
namespace {

struct LinkReset : ByHand {
  void sabme() {
    user.handle_frame(from_hex("02017f").value(), now);
    ns = nr = 0;
    drain();
  }
  const ReleasedInd* released() const { return last<ReleasedInd>(); }
};

constexpr auto kReleaseComplete101 = "080280015a080282e5";

TEST_F(LinkReset, ACallOfWhichNothingCameButItsEndIsUnheard) {
  call_out();
  sabme();
  EXPECT_EQ(sent.back(), "STATUS cr=1 cause 31");  // libpri: it may help (Q.931 does not ask for it)
  send(kReleaseComplete101);
  ASSERT_NE(released(), nullptr);
  EXPECT_EQ(released()->cause.value, 101);
  EXPECT_TRUE(released()->unheard);
}

TEST_F(LinkReset, StatusOfTheNullStateIsItsEndAsWell) {
  call_out();
  sabme();
  send("080280017d0802829f140100");  // STATUS, cause 31, call state 0
  ASSERT_NE(released(), nullptr);
  EXPECT_EQ(released()->cause.value, 31);
  EXPECT_TRUE(released()->unheard);
}

TEST_F(LinkReset, OnlyWhatWasSentBeforeItIsLost) {
  sabme();
  call_out();
  send(kReleaseComplete101);
  ASSERT_NE(released(), nullptr);
  EXPECT_FALSE(released()->unheard);
}

TEST_F(LinkReset, ACallThatWasAnsweredInAnyWayWasHeard) {
  call_out();
  send("0802800102");  // CALL PROCEEDING
  sabme();
  send(kReleaseComplete101);
  ASSERT_NE(released(), nullptr);
  EXPECT_FALSE(released()->unheard);
}

TEST_F(LinkReset, OfThisSideCountsToo) {
  call_out();
  bool asked = false;
  // Nothing is acknowledged (T200, N200), until the link is to be established anew.
  while (!asked && now < Time(std::chrono::seconds(60))) {
    now = *user.next_deadline();
    user.handle_timers(now);
    while (const auto output = user.poll_output())
      if (const auto* out = std::get_if<FrameOut>(&*output))
        asked = asked || parse_frame(out->octets)->kind == FrameKind::sabme;
  }
  ASSERT_TRUE(asked);
  user.handle_frame(from_hex("000173").value(), now);  // UA
  ns = nr = 0;
  drain();
  send(kReleaseComplete101);
  ASSERT_NE(released(), nullptr);
  EXPECT_TRUE(released()->unheard);
}

}  // namespace
}  // namespace tandem::tdm::pri
