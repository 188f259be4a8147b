// What is found in bodies (RFC 3261 20.11, RFC 5621, RFC 2046 5.1).
#include "sipt/body.h"

#include <gtest/gtest.h>

namespace tandem::sip {
namespace {

constexpr std::string_view kOffer = "v=0\r\no=- 1 1 IN IP4 h\r\n";

struct Read {
  std::string sdp;
  BodyFault fault;
  friend bool operator==(const Read&, const Read&) = default;
};

Read body_of(std::string_view fields, std::string_view body) {
  const std::string text = "INVITE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\n" +
                           std::string(fields) + "\r\n\r\n" + std::string(body);
  Message message;
  EXPECT_TRUE(message.parse(as_octets(text)));
  const Body found = read_body(message);
  return {std::string(found.sdp), found.fault};
}

std::string part(std::string_view boundary, std::string_view fields, std::string_view content) {
  std::string out("--");
  return out.append(boundary).append("\r\n").append(fields).append("\r\n\r\n").append(content).append("\r\n");
}
std::string sdp_part(std::string_view content = kOffer, std::string_view more = "") {
  return part("b", "Content-Type: application/sdp" + std::string(more), content);
}
Read mixed(std::string_view parts, std::string_view subtype = "mixed") {
  return body_of("Content-Type: multipart/" + std::string(subtype) + ";boundary=b",
                 std::string(parts) + "--b--\r\n");
}

const Read kSdpFound{std::string(kOffer), BodyFault::none};
const Read kNothing{"", BodyFault::none};
const Read kUnknown{"", BodyFault::media_type};
const Read kPacked{"", BodyFault::encoding};
const Read kMalformed{"", BodyFault::malformed};

TEST(Body, PlainSdpIsTheSession) {
  EXPECT_EQ(body_of("c: Application/SDP;charset=utf-8", kOffer), kSdpFound);
  EXPECT_EQ(body_of("c: application/sdp\r\nContent-Disposition: session", kOffer), kSdpFound);
  EXPECT_EQ(body_of("c: application/sdp", ""), kNothing);
}

TEST(Body, SdpOfSomethingElseIsNotTheSession) {  // RFC 3959
  EXPECT_EQ(body_of("c: application/sdp\r\nContent-Disposition: early-session", kOffer), kUnknown);
  EXPECT_EQ(body_of("c: application/sdp\r\nContent-Disposition: early-session;handling=optional", kOffer),
            kNothing);
}

TEST(Body, WhatIsNotUnderstoodIsAFaultUnlessItIsOptional) {
  EXPECT_EQ(body_of("c: text/plain", "x"), kUnknown);
  EXPECT_EQ(body_of("X: no type", "x"), kUnknown);
  EXPECT_EQ(body_of("c: text/plain\r\nContent-Disposition: render;handling=required", "x"), kUnknown);
  EXPECT_EQ(body_of("c: text/plain\r\nContent-Disposition: render;HANDLING = Optional", "x"), kNothing);
  EXPECT_EQ(body_of("c: application/sdp\r\ne: gzip", kOffer), kPacked);
  EXPECT_EQ(body_of("c: application/sdp\r\ne: identity", kOffer), kSdpFound);
  EXPECT_EQ(
      body_of("c: application/sdp\r\ne: gzip\r\nContent-Disposition: session;handling=optional", kOffer),
      kNothing);
}

TEST(Body, TheSdpOfAMultipartIsFoundWhereverItStands) {
  const std::string extra =
      part("b", "Content-Type: application/isup\r\nContent-Disposition: signal ; handling=optional", "\x01");
  EXPECT_EQ(mixed(sdp_part()), kSdpFound);
  EXPECT_EQ(mixed(extra + sdp_part()), kSdpFound);
  EXPECT_EQ(mixed(sdp_part() + extra), kSdpFound);
  EXPECT_EQ(mixed("a preamble\r\n" + sdp_part() + sdp_part("v=1\r\n")), kSdpFound);  // the first one counts
  EXPECT_EQ(mixed(extra), kNothing);
  EXPECT_EQ(mixed(sdp_part() + part("b", "Content-Type: text/plain", "x")).fault, BodyFault::media_type);
  EXPECT_EQ(mixed(sdp_part() + part("b", "X-None: 1", "plain text")).fault, BodyFault::media_type);
}

TEST(Body, AMultipartMayStandInAnother) {
  const std::string inner =
      "--in\r\nContent-Type: application/sdp\r\n\r\n" + std::string(kOffer) + "\r\n--in--\r\n";
  EXPECT_EQ(mixed(part("b", "Content-Type: multipart/alternative;\r\n boundary=\"in\"", inner)), kSdpFound);
  const std::string deaf = "--in\r\nContent-Type: text/plain\r\n\r\nx\r\n--in--\r\n";
  EXPECT_EQ(
      mixed(part("b", "Content-Type: multipart/mixed;boundary=in\r\nContent-Disposition: x;handling=optional",
                 deaf) +
            sdp_part()),
      kSdpFound);
}

TEST(Body, OfAlternativesTheLastThatIsUnderstoodCounts) {
  const std::string text = part("b", "Content-Type: text/plain", "x");
  EXPECT_EQ(mixed(text + sdp_part("v=1\r\n") + sdp_part() + text, "alternative"), kSdpFound);
  EXPECT_EQ(mixed(text + text, "alternative"), kUnknown);
}

TEST(Body, OfSignedAndRelatedOneIsRead) {
  const std::string other = part("b", "Content-Type: application/pkcs7-signature", "x");
  EXPECT_EQ(mixed(sdp_part() + other, "signed"), kSdpFound);
  EXPECT_EQ(mixed(sdp_part() + other, "related"), kSdpFound);
  EXPECT_EQ(mixed(other + sdp_part(kOffer, "\r\nContent-ID: <1>"), "related;start=\"<1>\""), kSdpFound);
  EXPECT_EQ(mixed(other + sdp_part(), "related"), kUnknown);
}

TEST(Body, PartsThatArePackedAreNotUnpacked) {
  EXPECT_EQ(mixed(sdp_part(kOffer, "\r\nContent-Transfer-Encoding: base64")), kPacked);
  EXPECT_EQ(mixed(sdp_part(kOffer, "\r\nContent-Transfer-Encoding: 8BIT")), kSdpFound);
}

TEST(Body, DelimitersStandOnLinesOfTheirOwn) {
  EXPECT_EQ(mixed(sdp_part("a--b\r\n--bc\r\n")), (Read{"a--b\r\n--bc\r\n", BodyFault::none}));
  EXPECT_EQ(
      body_of("c: multipart/mixed;boundary=b", "--b \t\nContent-Type: application/sdp\n\nv=0\n--b--").sdp,
      "v=0");
  EXPECT_EQ(body_of("c: multipart/mixed;boundary=b", sdp_part()).sdp,
            std::string(kOffer) + "\r\n");  // no end
}

TEST(Body, WhatCannotBeTakenApartIsMalformed) {
  EXPECT_EQ(body_of("c: multipart/mixed", sdp_part()), kMalformed);
  EXPECT_EQ(body_of("c: multipart/mixed;boundary=\"\"", sdp_part()), kMalformed);
  EXPECT_EQ(body_of("c: multipart/mixed;boundary=b", "no delimiter"), kMalformed);
  EXPECT_EQ(body_of("c: multipart/mixed;boundary=b", "--b--\r\n"), kMalformed);
  EXPECT_EQ(body_of("c: multipart/mixed;boundary=" + std::string(71, 'b'), sdp_part()), kMalformed);
}

TEST(Body, NestingAndNumberOfPartsHaveLimits) {
  std::string many;
  for (std::size_t i = 0; i < kMaxBodyParts; ++i) many += sdp_part();
  EXPECT_EQ(mixed(many), kSdpFound);
  EXPECT_EQ(mixed(many + sdp_part()), kMalformed);
  const auto nested = [&](int levels) {
    std::string body = "Content-Type: application/sdp\r\n\r\n" + std::string(kOffer);
    for (int level = 0; level < levels; ++level) {
      const std::string mark = "m" + std::to_string(level);
      body = "Content-Type: multipart/mixed;boundary=" + mark + "\r\n\r\n--" + mark + "\r\n" + body +
             "\r\n--" + mark + "--\r\n";
    }
    return mixed("--b\r\n" + body + "\r\n");
  };
  EXPECT_EQ(nested(kMaxBodyNesting - 1), kSdpFound);
  EXPECT_EQ(nested(kMaxBodyNesting), kMalformed);
}

TEST(Body, EveryPrefixOfAMultipartIsRead) {
  const std::string whole =
      sdp_part() + part("b", "Content-Type: multipart/mixed;boundary=c", "--c\r\n\r\n--c--") + "--b--";
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    const Read read = body_of("c: multipart/mixed;boundary=b", whole.substr(0, size));
    EXPECT_LE(read.sdp.size(), whole.size());
  }
}

}  // namespace
}  // namespace tandem::sip
