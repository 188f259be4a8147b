// What a SETUP says reaches the other end of a SETUP - IAM - SETUP and of a SETUP - IAM - INVITE - IAM -
// SETUP unchanged, as far as the standards can say it; and no header makes interworking stumble.
#include <gtest/gtest.h>

#include <random>

#include "gateway/interwork/diversion.h"
#include "gateway/interwork/overlap.h"
#include "gateway/interwork/q931_isup.h"
#include "gateway/interwork/sip_isup.h"
#include "gateway/interwork/user_to_user.h"

namespace tandem::interwork {
namespace {

using namespace tdm::pri;

constexpr int kRounds = 3000;

class Generator {
 public:
  explicit Generator(unsigned seed) : engine_(seed) {}
  unsigned below(unsigned limit) { return static_cast<unsigned>(engine_() % limit); }
  bool coin() { return below(2) == 0; }
  template <class T>
  T one_of(std::initializer_list<T> all) {
    return *(all.begin() + below(static_cast<unsigned>(all.size())));
  }
  std::string of(std::string_view alphabet, unsigned least, unsigned most) {
    std::string text;
    for (auto n = least + below(most - least + 1); n > 0; --n)
      text.push_back(alphabet[below(static_cast<unsigned>(alphabet.size()))]);
    return text;
  }
  Octets octets(unsigned least, unsigned most) {
    Octets out;
    for (auto n = least + below(most - least + 1); n > 0; --n) out.push_back(static_cast<Octet>(below(256)));
    return out;
  }

  Number number() {
    return {.digits = of("0123456789", 3, 15),
            .type = TypeOfNumber::international,
            .plan = NumberingPlan::isdn,
            .presentation = one_of({Presentation::allowed, Presentation::restricted}),
            .screening = Screening::network};
  }
  Redirection redirection() {
    Redirection out;
    out.count = static_cast<std::uint8_t>(1 + below(5));
    out.redirecting = number();
    out.original_called = out.count == 1 ? out.redirecting : number();
    const auto reason = [&] {
      return one_of({RedirectionReason::unknown, RedirectionReason::busy, RedirectionReason::no_reply,
                     RedirectionReason::unconditional});
    };
    out.reason = reason();
    out.original_reason = out.count == 1 ? out.reason : reason();
    if (coin() && out.redirecting->presentation == Presentation::allowed)
      out.redirecting_name = of("abc xyz", 1, 9);
    if (out.count == 1)
      out.original_called_name = out.redirecting_name;
    else if (coin() && out.original_called->presentation == Presentation::allowed)
      out.original_called_name = of("abc xyz", 1, 9);
    return out;
  }
  Setup setup() {
    Setup out;
    out.bearer.transfer = one_of({Transfer::speech, Transfer::audio_3k1, Transfer::unrestricted});
    out.called = {.digits = of("0123456789", 3, 15), .type = TypeOfNumber::international};
    if (coin()) out.calling = number();
    if (coin() && out.calling && out.calling->presentation == Presentation::allowed)
      out.calling_name = "N" + of("abc xyz", 1, 20) + "N";
    if (coin()) out.calling_subaddress = Subaddress{.nsap = true, .odd = false, .octets = octets(2, 20)};
    if (coin()) out.called_subaddress = Subaddress{.nsap = true, .odd = false, .octets = octets(2, 20)};
    if (coin()) out.redirection = redirection();
    if (coin()) out.user_user = UserUser{static_cast<std::uint8_t>(below(256)), octets(0, 128)};
    return out;
  }
  std::string junk() {
    return of("<>\";,=:@ sip:1+?&%abcindex=history-info;cause=302\r\n\t\x01\xff", 0, 120);
  }

 private:
  std::mt19937 engine_;
};

InviteTarget target() {
  InviteTarget out;
  out.peer.host = "192.0.2.9";
  out.local = parse_socket_address("192.0.2.1:5060").value();
  out.rules.diversion = DiversionHeader::both;
  return out;
}

void expect_same(const Setup& in, const Setup& out) {
  EXPECT_EQ(out.called.digits, in.called.digits);
  EXPECT_EQ(out.calling, in.calling);
  EXPECT_EQ(out.calling_name, in.calling_name);
  EXPECT_EQ(out.called_subaddress, in.called_subaddress);
  EXPECT_EQ(out.redirection, in.redirection);
  EXPECT_EQ(out.user_user, in.user_user);
}

TEST(InterworkProperty, ASetupCrossesIsupUnchanged) {
  for (int round = 0; round < kRounds; ++round) {
    Generator make(static_cast<unsigned>(round));
    const auto in = make.setup();
    const auto out = setup_from_iam(iam_from_setup(in), Layer1::a_law);
    SCOPED_TRACE("seed " + std::to_string(round));
    expect_same(in, out);
    EXPECT_EQ(out.calling_subaddress, in.calling_subaddress);
    EXPECT_EQ(out.bearer, in.bearer);
    if (HasFailure()) return;
  }
}

TEST(InterworkProperty, ASetupCrossesSipUnchanged) {
  for (int round = 0; round < kRounds; ++round) {
    Generator make(static_cast<unsigned>(round));
    const auto in = make.setup();
    auto invite = invite_from_iam(iam_from_setup(in), {}, target());
    for (const auto& extra : invite.extra) invite.headers.push_back(extra);
    const auto iam = iam_from_invite(invite, {}, {}, media_of(iam_from_setup(in)));
    SCOPED_TRACE("seed " + std::to_string(round));
    ASSERT_TRUE(iam);
    const auto out = setup_from_iam(*iam, Layer1::a_law);
    expect_same(in, out);
    if (in.calling && in.calling->presentation == Presentation::allowed) {
      EXPECT_EQ(out.calling_subaddress, in.calling_subaddress);  // else it stays with the hidden number
    }
    EXPECT_EQ(out.bearer.transfer == Transfer::unrestricted, in.bearer.transfer == Transfer::unrestricted);
    if (HasFailure()) return;
  }
}

TEST(InterworkProperty, NoHeaderMakesItStumble) {
  for (int round = 0; round < kRounds; ++round) {
    Generator make(static_cast<unsigned>(round));
    sip::InviteInfo invite;
    invite.request_uri.user = make.of("+0123456789;=npdisubcpc-", 0, 40);
    invite.request_uri.host = "gw";
    invite.from.uri.user = make.of("+0123456789;=npdisubcpc-", 0, 40);
    invite.from.display = make.junk();
    for (const char* name : {"Diversion", "History-Info", "User-to-User", "P-Early-Media", "Privacy"})
      invite.headers.push_back({name, make.junk()});
    const auto iam = iam_from_invite(invite, {"44"});
    (void)answer_from_ok({}, {}, {}, make.coin(), invite.headers);
    (void)backward_from_provisional(181, true, make.coin(), invite.headers);
    (void)may_be_heard(invite.headers, {.p_early_media = true});
    if (!iam) continue;
    const auto* called = iam->get<isup::CalledPartyNumber>();
    EXPECT_LE(called->digits.size(), kMaxDigits);
    const auto again = invite_from_iam(*iam, {"44"}, target());
    for (const auto& extra : again.extra)
      EXPECT_EQ(extra.value.find_first_of("\r\n"), std::string::npos) << extra.name << ": " << extra.value;
    EXPECT_EQ(again.request_uri.user.find_first_of("\r\n"), std::string::npos);
  }
}

TEST(InterworkProperty, DigitsInPiecesMakeTheNumber) {
  for (int round = 0; round < kRounds; ++round) {
    Generator make(static_cast<unsigned>(round));
    const auto whole = make.of("0123456789BC", 1, 31);
    auto iam = isup::Message(isup::MessageType::iam)
                   .set(isup::CalledPartyNumber{.digits = whole.substr(0, 1 + make.below(3))});
    std::string_view rest = std::string_view(whole).substr(iam.get<isup::CalledPartyNumber>()->digits.size());
    while (!rest.empty()) {
      const auto piece = rest.substr(0, 1 + make.below(4));
      rest.remove_prefix(piece.size());
      join_digits(iam, isup::Message(isup::MessageType::sam).set(isup::SubsequentNumber{std::string(piece)}));
    }
    EXPECT_EQ(iam.get<isup::CalledPartyNumber>()->digits, whole);
  }
}

}  // namespace
}  // namespace tandem::interwork
