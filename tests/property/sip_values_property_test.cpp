// decode(encode(x)) == x for generated URIs, addresses, reasons and session descriptions; and what was
// accepted re-encodes to itself.
#include <gtest/gtest.h>

#include <random>

#include "sipt/sdp.h"
#include "sipt/values.h"

namespace tandem::sip {
namespace {

constexpr int kRounds = 3000;

class Generator {
 public:
  explicit Generator(unsigned seed) : engine_(seed) {}
  unsigned below(unsigned limit) { return static_cast<unsigned>(engine_() % limit); }
  bool coin() { return below(2) == 0; }

  /// Any octets but CR and LF, which no value may hold.
  std::string octets(unsigned most) {
    std::string text;
    for (auto n = below(most + 1); n > 0; --n) {
      const auto c = static_cast<char>(below(256));
      text.push_back(c == '\r' || c == '\n' ? 'x' : c);
    }
    return text;
  }
  std::string of(std::string_view alphabet, unsigned least, unsigned most) {
    std::string text;
    for (auto n = least + below(most - least + 1); n > 0; --n)
      text.push_back(alphabet[below(static_cast<unsigned>(alphabet.size()))]);
    return text;
  }
  std::string token() { return of("abcXYZ0189-.!%*_+`'~", 1, 8); }
  std::string word() { return of("abcXYZ019-./:;=\"", 1, 8); }

  Uri uri() {
    Uri uri;
    uri.scheme = below(4) == 0 ? "tel" : coin() ? "sip" : "sips";
    for (auto n = below(4); n > 0; --n) {
      Param& param = uri.params.emplace_back();
      param.name = "p" + octets(4);
      if (coin()) param.value = octets(6);
    }
    if (uri.scheme == "tel") {
      uri.user = "+" + octets(8);
      return uri;
    }
    if (coin()) uri.user = "u" + octets(10);
    if (!uri.user.empty() && coin()) uri.password = octets(5);
    uri.host = coin()   ? "h" + of("abc-._09", 0, 8)
               : coin() ? "2001:db8::" + of("0123456789abcdef", 1, 4)
                        : "192.0.2.1";
    if (coin()) uri.port = static_cast<std::uint16_t>(1 + below(65535));
    if (coin()) uri.headers = of("abc=&%20", 0, 1) + "a=b&c=" + of("xyz", 0, 4);
    if (uri.headers.find('%') != std::string::npos) uri.headers = "a=%20";
    return uri;
  }

  NameAddr address() {
    NameAddr address{coin() ? "d" + octets(12) : "", uri(), {}};
    for (auto n = below(4); n > 0; --n) {
      Param& param = address.params.emplace_back();
      param.name = token();
      if (coin()) param.value = octets(8);
    }
    return address;
  }

  SdpAddress sdp_address() {
    return coin() ? SdpAddress{false, "192.0.2.7"} : SdpAddress{true, "2001:db8::7"};
  }
  SdpAttributes attributes() {
    SdpAttributes attributes;
    if (coin()) attributes.direction = static_cast<Direction>(below(4));
    if (coin()) attributes.ptime = static_cast<int>(1 + below(200));
    if (coin()) attributes.maxptime = static_cast<int>(1 + below(200));
    for (auto n = below(3); n > 0; --n) attributes.other.push_back("x-" + word());
    return attributes;
  }
  Sdp sdp() {
    Sdp sdp;
    sdp.origin = {word(), engine_(), engine_(), sdp_address()};
    sdp.session_name = octets(10);
    std::erase(sdp.session_name, '\0');
    if (coin()) sdp.connection = sdp_address();
    if (coin()) sdp.bandwidths = {"AS:64", word()};
    sdp.times = {"0 0"};
    if (coin()) sdp.times.push_back("1 2");
    sdp.attributes = attributes();
    for (auto n = below(4); n > 0; --n) sdp.media.push_back(media());
    return sdp;
  }
  SdpMedia media() {
    SdpMedia media;
    media.type = coin() ? "audio" : "video";
    media.port = static_cast<std::uint16_t>(below(65536));
    media.port_count = static_cast<std::uint16_t>(1 + below(3));
    media.protocol = coin() ? "RTP/AVP" : "RTP/SAVP";
    for (auto n = 1 + below(5); n > 0; --n) media.formats.push_back(std::to_string(below(128)));
    if (coin()) media.connection = sdp_address();
    if (coin()) media.bandwidths = {"TIAS:" + std::to_string(below(64000))};
    for (auto n = below(4); n > 0; --n)
      media.rtpmaps.push_back({static_cast<std::uint8_t>(below(128)), token(), below(96001), 1 + below(3)});
    for (auto n = below(3); n > 0; --n)
      media.fmtps.push_back({static_cast<std::uint8_t>(below(128)), word()});
    if (coin()) media.rtcp = SdpRtcp{static_cast<std::uint16_t>(below(65536)), {}};
    if (media.rtcp && coin()) media.rtcp->address = sdp_address();
    media.attributes = attributes();
    return media;
  }

 private:
  std::mt19937_64 engine_;
};

TEST(SipProperty, UrisReadBack) {
  Generator generate(1);
  for (int i = 0; i < kRounds; ++i) {
    const auto uri = generate.uri();
    const auto text = to_string(uri);
    const auto read = parse_uri(text);
    ASSERT_TRUE(read) << text << " " << to_string(read.error());
    ASSERT_EQ(*read, uri) << text;
    ASSERT_TRUE(equivalent(*read, uri));
  }
}

TEST(SipProperty, NameAddrsReadBackAloneAndInLists) {
  Generator generate(2);
  for (int i = 0; i < kRounds; ++i) {
    const std::vector<NameAddr> list{generate.address(), generate.address(), generate.address()};
    const auto read = parse_name_addr(to_string(list[0]));
    ASSERT_TRUE(read) << to_string(list[0]) << " " << to_string(read.error());
    ASSERT_EQ(*read, list[0]) << to_string(list[0]);
    const auto text = to_string(list[0]) + ", " + to_string(list[1]) + "," + to_string(list[2]);
    ASSERT_EQ(parse_name_addrs(text), list) << text;
  }
}

TEST(SipProperty, ReasonsReadBack) {
  Generator generate(3);
  for (int i = 0; i < kRounds; ++i) {
    Reason reason{generate.token(), static_cast<int>(generate.below(1000)), generate.octets(20), {}};
    if (generate.coin()) reason.location = static_cast<std::uint8_t>(generate.below(16));
    ASSERT_EQ(parse_reason(to_string(reason)), reason) << to_string(reason);
    ASSERT_EQ(parse_reasons(to_string(reason) + "," + to_string(reason)),
              (std::vector<Reason>{reason, reason}));
  }
}

TEST(SipProperty, SessionDescriptionsReadBack) {
  Generator generate(4);
  for (int i = 0; i < kRounds; ++i) {
    const auto sdp = generate.sdp();
    const auto text = to_string(sdp);
    const auto read = parse_sdp(text);
    ASSERT_TRUE(read) << text << to_string(read.error());
    ASSERT_EQ(*read, sdp) << text;
  }
}

}  // namespace
}  // namespace tandem::sip
