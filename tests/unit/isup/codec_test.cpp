#include "isup/codec.h"

#include <gtest/gtest.h>

#include "isup/registry.h"
#include "isup/walk.h"
#include "tests/doubles/allocations.h"

namespace tandem::isup {
namespace {

Octets octets(std::string_view hex) {
  return from_hex(hex).value();
}
Message decoded(std::string_view hex, Variant variant = Variant::itu) {
  const auto message = decode(octets(hex), variant);
  EXPECT_TRUE(message) << hex << ": " << (message ? "" : to_string(message.error()));
  return message ? *message : Message(MessageType::iam);
}
std::string encoded(const Message& message, Variant variant = Variant::itu) {
  const auto out = encode(message, variant);
  return out ? to_hex(*out) : to_string(out.error());
}
Error refused(std::string_view hex, Variant variant = Variant::itu) {
  const auto message = decode(octets(hex), variant);
  EXPECT_FALSE(message) << hex;
  return message ? Error{} : message.error();
}

// NCI, FCI, CPC, TMR; called 1000; calling 201 (odd), hop counter 15.
constexpr std::string_view kIam = "01 00 6000 0a 03 02 06 04 8310 0100 0a 04 8313 02 01 3d 01 0f 00";
// As captured from a switch: 64 kbit/s circuit, called 16314161 and so on, OLI 70.
constexpr std::string_view kAnsiIam =
    "01 00 6001 0a 03 06 0e 03 9090a2 08 83 10 61 13 14 96 11 04 0a 07 03 11 36 21 24 94 23 ea 01 46 00";

TEST(Decode, IamHasItsParametersInTheOrderOfTheWire) {  // Q.763 table 32
  const auto iam = decoded(kIam);
  ASSERT_EQ(iam.parameters().size(), 7u);
  EXPECT_EQ(iam.get<CalledPartyNumber>()->digits, "100");
  EXPECT_EQ(iam.get<CallingPartyNumber>()->digits, "201");
  EXPECT_EQ(iam.get<CallingPartyNumber>()->screening, Screening::network);
  EXPECT_EQ(iam.get<HopCounter>()->value, 15);
  EXPECT_EQ(iam.get<TransmissionMedium>()->value, 3);
  EXPECT_EQ(encoded(iam), to_hex(octets(kIam)));
  EXPECT_TRUE(iam.odd_layout().empty());
}

TEST(Decode, AnsiIamHasUserServiceInformationInsteadOfTheMedium) {  // T1.113
  const auto iam = decoded(kAnsiIam, Variant::ansi);
  EXPECT_EQ(iam.get<UserServiceInformation>()->bearer, (Octets{0x90, 0x90, 0xa2}));
  EXPECT_EQ(iam.get<CalledPartyNumber>()->digits, "16314169114");
  EXPECT_EQ(iam.get<CallingPartyNumber>()->digits, "6312424932");
  EXPECT_EQ(iam.get<OriginatingLineInformation>()->value, 70);
  EXPECT_EQ(iam.get<TransmissionMedium>(), nullptr);
  EXPECT_EQ(encoded(iam, Variant::ansi), to_hex(octets(kAnsiIam)));
}

TEST(Decode, EveryLegalAndOddOctetStringLeavesAsItCame) {
  const std::pair<std::string_view, Variant> rows[] = {
      {"01 ff ffff ff ff 02 0a 08 ffffffffffffffff 0a 02 ffff 00", Variant::itu},  // every bit is set
      {"01 00 6000 0a 03 02 05 03 830f09 3d 03 0f1234 00", Variant::itu},  // a filler; a longer hop counter
      {"01 00 6000 0a 03 02 05 03 031012 fe 02 abcd 7f 00 fe 00 00",
       Variant::itu},                                                        // not known, empty, twice
      {"01 00 6000 0a 03 02 00 02 8310", Variant::itu},                      // no optional part, no digit
      {"01 00 6000 0a 03 04 07 eeee 02 0310 ee 3d 01 0f 00", Variant::itu},  // gaps before both parts
      {"01 00 6000 0a 03 02 05 03 031012 00", Variant::itu},                 // an optional part of nothing
      {"01 00 6000 0a 03 02 00 03 031012 abcdef", Variant::itu},             // octets after the end
      {"0c 02 04 02 8490 00", Variant::itu},
      {"0c 02 00 03 00 84 10", Variant::itu},         // a cause with octet 1a, and bit H of octet 2 unset
      {"0c 02 00 06 f7 7f 1f 010203", Variant::itu},  // spare bit E, national coding, diagnostics
      {"10", Variant::itu},                           // no pointer
      {"10 00", Variant::itu},
      {"10 01 12 02 8290 00", Variant::itu},
      {"10", Variant::ansi},
      {"10 00", Variant::ansi},
      {"12", Variant::itu},
      {"12 34 56", Variant::itu},
      {"18 fd 01 04 07 ff00ff", Variant::itu},          // spare bits of the type indicator
      {"2b 02 05 02 1f aa 03 00 3f ff", Variant::itu},  // more states than circuits
      {"28 01020304", Variant::itu},                    // PAM: whatever follows
      {"eb 01 02 01 e9 03 414243 00", Variant::ansi},
      {"eb 00", Variant::itu},  // not known: an optional part
      {"eb 01 38 01 80 00", Variant::itu},
      {"eb 77 88", Variant::itu},  // not known: anything
      {"eb", Variant::itu},
      {"2c 81 01 13 01 03 13 02 0301 00", Variant::itu},  // redirection information of one octet and of two
      {"06 1604 01 0a 00 0a 01 03 28 03 030011 00", Variant::itu},  // numbers too short for what they are
  };
  for (const auto& [hex, variant] : rows) {
    const auto message = decoded(hex, variant);
    EXPECT_EQ(encoded(message, variant), to_hex(octets(hex)));
  }
}

TEST(Decode, ParametersTooShortToReadAreKeptRaw) {
  const auto acm = decoded("06 1604 01 0a 00 3d 00 00");
  ASSERT_EQ(acm.parameters().size(), 3u);
  EXPECT_EQ(std::get<RawParameter>(acm.parameters()[1]), (RawParameter{0x0a, {}}));
  EXPECT_EQ(acm.get<HopCounter>(), nullptr);
}

TEST(Decode, AnOddLayoutIsNotRepeatedOnceTheMessageSaysSomethingElse) {
  auto iam = decoded("01 00 6000 0a 03 04 07 eeee 02 0310 ee 3d 01 0f 00");
  EXPECT_FALSE(iam.odd_layout().empty());
  iam.set(HopCounter{3});
  EXPECT_EQ(encoded(iam), to_hex(octets("01 00 6000 0a 03 02 04 02 0310 3d 01 03 00")));
}

TEST(Decode, AMessageNotKnownHasItsCompatibilityInformation) {  // Q.763 3.33
  const auto message = decoded("f7 01 38 02 1480 aa 01 05 00");
  const auto instructions = message.get<MessageCompatibility>()->instructions();
  EXPECT_TRUE(instructions->notify);
  EXPECT_TRUE(instructions->discard_parameter);
  EXPECT_FALSE(instructions->release);
  EXPECT_EQ(to_string(message.type()), "?");
}

TEST(Decode, ParameterCompatibilityTellsWhatToDoWithEach) {  // Q.763 3.41
  const auto message = decoded("06 1604 01 39 06 aa 1480 bb 8233 00");
  const auto& compatibility = *message.get<ParameterCompatibility>();
  EXPECT_TRUE(compatibility.instructions_for(0xaa)->notify);
  EXPECT_TRUE(compatibility.instructions_for(0xbb)->release);
  EXPECT_FALSE(compatibility.instructions_for(0x33));  // no octet of instructions follows it
  EXPECT_FALSE(compatibility.instructions_for(0xcc));
}

struct Bad {
  std::string_view hex;
  Errc code;
  std::uint32_t offset;
  std::string_view where;
  Variant variant = Variant::itu;
};
TEST(Decode, FormatErrorsNameParameterAndOctet) {  // Q.764 2.9.5
  const Bad rows[] = {
      {"", Errc::truncated, 0, "MessageType"},
      {"01", Errc::truncated, 1, "NatureOfConnectionIndicators"},
      {"01 00 60", Errc::truncated, 3, "ForwardCallIndicators"},
      {"01 00 6000 0a 03", Errc::truncated, 6, "CalledPartyNumber"},
      {"01 00 6000 0a 03 02", Errc::out_of_range, 6, "CalledPartyNumber"},
      {"01 00 6000 0a 03 00 00 02 0310", Errc::malformed, 6, "CalledPartyNumber"},
      {"01 00 6000 0a 03 05 00 02 0310", Errc::out_of_range, 6, "CalledPartyNumber"},
      {"01 00 6000 0a 03 02 00 03 0310", Errc::out_of_range, 8, "CalledPartyNumber"},
      {"01 00 6000 0a 03 02 00 01 03", Errc::truncated, 8, "CalledPartyNumber"},
      {"01 00 6000 0a 03 02 09 02 0310", Errc::out_of_range, 7, "OptionalPart"},
      {"01 00 6000 0a 03 02 04 02 0310 3d", Errc::truncated, 12, "HopCounter"},
      {"01 00 6000 0a 03 02 04 02 0310 3d 02 0f", Errc::out_of_range, 12, "HopCounter"},
      {"01 00 6000 0a 03 02 04 02 0310 3d 01 0f", Errc::truncated, 14, "EndOfOptionalParameters"},
      {"01 00 6000 0a 03 02 04 02 0310 fe ff 0f", Errc::out_of_range, 12, "a parameter not known"},
      {"01 00 6000 0a 02 04 00 02 8088", Errc::out_of_range, 10, "CalledPartyNumber", Variant::ansi},
      {"06 16", Errc::truncated, 2, "BackwardCallIndicators"},
      {"06 1604", Errc::truncated, 3, "OptionalPart"},
      {"09", Errc::truncated, 1, "OptionalPart"},
      {"0c 02 00 01 84", Errc::truncated, 3, "CauseIndicators"},
      {"17 01 00", Errc::truncated, 2, "RangeAndStatus"},
      {"2b 02 02 01 07 01", Errc::out_of_range, 4, "CircuitStateIndicator"},
  };
  for (const auto& row : rows) {
    const auto error = refused(row.hex, row.variant);
    EXPECT_EQ(error.code, row.code) << row.hex << ": " << to_string(error);
    EXPECT_EQ(error.offset, row.offset) << row.hex << ": " << to_string(error);
    EXPECT_EQ(error.where, row.where) << row.hex;
  }
}

TEST(Decode, EveryPrefixOfAnIamIsRefusedOrShort) {
  const auto all = octets(kIam);
  for (std::size_t n = 0; n < all.size(); ++n)
    EXPECT_FALSE(decode(OctetView(all).first(n), Variant::itu)) << n;
}

TEST(Codec, AllocatesOnceForAllParametersAndOnceForTheOctets) {
  const auto all = octets(kAnsiIam);
  const auto before = test::allocations();
  const auto message = decode(all, Variant::ansi);
  const auto decoding = test::allocations() - before;
  const auto again = encode(*message, Variant::ansi);
  const auto encoding = test::allocations() - before - decoding;
  EXPECT_EQ(decoding, 1u);
  EXPECT_EQ(encoding, 1u);
  EXPECT_EQ(*again, all);
}

TEST(Decode, NoMessageIsLongerThanASignalUnit) {  // Q.703 2.3.8
  Octets longest = octets("28");
  longest.resize(max_message(Variant::itu));
  EXPECT_TRUE(decode(longest, Variant::itu));
  EXPECT_EQ(decode(longest, Variant::ansi).error().code, Errc::too_long);
  longest.push_back(0);
  EXPECT_EQ(decode(longest, Variant::itu).error().code, Errc::too_long);
}

TEST(Encode, PutsMandatoryParametersWhereTheyBelong) {
  Message iam(MessageType::iam);
  iam.set(HopCounter{20}).set(CalledPartyNumber{.digits = "1234F"}).set(TransmissionMedium{0});
  iam.set(CallingPartysCategory{}).set(ForwardCallIndicators{}).set(NatureOfConnection{});
  EXPECT_EQ(encoded(iam), to_hex(octets("01 00 6000 0a 00 02 07 05 8390 21430f 3d 01 14 00")));
}

TEST(Encode, NamesTheParameterThatIsMissing) {
  const auto error = encode(Message(MessageType::rel), Variant::itu).error();
  EXPECT_EQ(error.code, Errc::missing);
  EXPECT_EQ(error.where, "CauseIndicators");
  Message iam(MessageType::iam);
  iam.set(NatureOfConnection{}).set(ForwardCallIndicators{}).set(CallingPartysCategory{});
  iam.set(TransmissionMedium{}).set(CalledPartyNumber{.digits = "1"});
  EXPECT_TRUE(encode(iam, Variant::itu));
  EXPECT_EQ(encode(iam, Variant::ansi).error().where, "UserServiceInformation");
}

TEST(Encode, RefusesWhatCannotBeWritten) {
  const auto error_of = [](auto parameter) {
    return encode(Message(MessageType::acm).set(BackwardCallIndicators{}).set(std::move(parameter)),
                  Variant::itu)
        .error();
  };
  EXPECT_EQ(error_of(RedirectionNumber{.digits = "12*"}).code, Errc::out_of_range);
  EXPECT_EQ(error_of(RedirectionNumber{.digits = "12*"}).where, "RedirectionNumber");
  EXPECT_EQ(error_of(RedirectionNumber{.digits = std::string(1000, '1')}).code, Errc::too_long);
  EXPECT_EQ(error_of(AccessTransport{Octets(256)}).where, "AccessTransport");
  EXPECT_EQ(error_of(RawParameter{0xfe, Octets(256)}).code, Errc::too_long);
  Message long_one(MessageType::anm);
  long_one.append(AccessTransport{Octets(255)});
  EXPECT_EQ(encode(long_one, Variant::itu)->size(), 1u + 1 + 2 + 255 + 1);
  long_one.append(HopCounter{}).append(HopCounter{});
  EXPECT_EQ(encode(long_one, Variant::itu)->size(), 266u);
  EXPECT_EQ(encode(long_one, Variant::ansi).error().where, "Message");
  Message many(MessageType::anm);
  for (int i = 0; i < 200; ++i) many.append(HopCounter{});
  EXPECT_EQ(encode(many, Variant::itu).error().code, Errc::too_long);
}

TEST(Encode, WritesIntoASmallBufferOrNotAtAll) {
  const auto iam = decoded(kIam);
  const auto size = octets(kIam).size();
  for (std::size_t n = 0; n < size; ++n) {
    Octets out(n + 1, 0xee);
    EXPECT_FALSE(encode_to(iam, Variant::itu, std::span(out).first(n))) << n;
    EXPECT_EQ(out[n], 0xee) << n;
  }
  Octets out(size);
  EXPECT_EQ(encode_to(iam, Variant::itu, out).value(), size);
}

TEST(Cic, StandsBeforeTheTypeWithItsSpareBits) {  // Q.763 1.2, T1.113
  auto rsc = decode_with_cic(octets("ffff12"), Variant::itu).value();
  EXPECT_EQ(rsc.cic, 0xfff);
  EXPECT_EQ(rsc.spare, 0xf);
  EXPECT_EQ(to_hex(encode_with_cic(rsc, Variant::itu).value()), "ffff12");
  rsc = decode_with_cic(octets("ffff12"), Variant::ansi).value();
  EXPECT_EQ(rsc.cic, 0x3fff);
  EXPECT_EQ(rsc.spare, 3);
  EXPECT_EQ(to_hex(encode_with_cic(rsc, Variant::ansi).value()), "ffff12");
  EXPECT_EQ(encode_with_cic(rsc, Variant::itu).error().where, "CIC");
  EXPECT_EQ(
      to_hex(encode_with_cic({.cic = 0x123, .spare = 0, .message = Message(MessageType::rsc)}, Variant::etsi)
                 .value()),
      "230112");
  EXPECT_EQ(decode_with_cic(octets("0100"), Variant::itu).error().where, "CIC");
  const auto error = decode_with_cic(octets("0100 0c 02 00 01 84"), Variant::itu).error();
  EXPECT_EQ(error.offset, 5u);
  EXPECT_EQ(error.where, "CauseIndicators");
}

TEST(Registry, EveryTypeHasARowAndEveryRowItsParameters) {  // Q.763 table 4, T1.113
  int rows = 0;
  for (int code = 0; code < 256; ++code) {
    const auto type = static_cast<MessageType>(code);
    for (const auto variant : {Variant::itu, Variant::etsi, Variant::ansi}) {
      const auto* row = find_message(type, variant);
      EXPECT_EQ(row != nullptr, to_string(type) != "?" && (code < 0xe0 || variant == Variant::ansi)) << code;
      if (row == nullptr) continue;
      ++rows;
      for (const auto parameter : row->fixed)
        EXPECT_TRUE(parameter == 0 || find_parameter(parameter, variant).octets > 0) << row->name;
      for (const auto parameter : row->variable)
        EXPECT_TRUE(parameter == 0 || find_parameter(parameter, variant).octets == 0) << row->name;
    }
  }
  EXPECT_EQ(rows, 3 * 49 + 5);
}

TEST(Registry, OneCodeMayMeanOneThingToItuAndAnotherToAnsi) {
  EXPECT_EQ(find_parameter(0xc0, Variant::itu).name, "GenericNumber");
  EXPECT_EQ(find_parameter(0xc0, Variant::ansi).name, "GenericAddress");
  EXPECT_EQ(find_parameter(0xeb, Variant::itu).name, "");
  EXPECT_EQ(find_parameter(0xeb, Variant::ansi).name, "ChargeNumber");
  EXPECT_EQ(find_parameter(0x32, Variant::itu).name, "RemoteOperations");
  EXPECT_EQ(find_parameter(0xfe, Variant::ansi).name, "");
}

TEST(RangeAndStatus, CountsCircuitsFromThatOfTheMessage) {  // Q.763 3.43
  const auto cgb = decoded("18 00 01 04 08 0180ff");
  const auto& range = *cgb.get<RangeAndStatus>();
  EXPECT_EQ(range.circuits(), 9u);
  EXPECT_TRUE(range.marked(0));
  EXPECT_FALSE(range.marked(1));
  EXPECT_TRUE(range.marked(15));
  EXPECT_FALSE(range.marked(1000));
  EXPECT_EQ(RangeAndStatus::of(8, [](unsigned i) { return i == 0 || i == 8; }).status, (Octets{0x01, 0x01}));
}

TEST(CircuitState, IsWrittenWhereQ763PrintsItsLetters) {  // Q.763 3.14
  for (int octet = 0; octet < 0x40; ++octet)
    EXPECT_EQ(CircuitState::of(static_cast<Octet>(octet)).octet(), octet);
  EXPECT_TRUE(CircuitState::of(0x03).unequipped());
  EXPECT_TRUE(CircuitState::of(0x00).transient());
  EXPECT_EQ(CircuitState::of(0x0e), (CircuitState{.maintenance = 2, .call = 3}));
}

}  // namespace
}  // namespace tandem::isup
