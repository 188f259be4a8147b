#include "sipt/rtp/telephone_event.h"

#include <gtest/gtest.h>

#include <vector>

namespace tandem::sip::rtp {
namespace {

TEST(TelephoneEvent, has_the_octets_of_rfc_4733_section_2_3) {
  EXPECT_EQ(to_hex(build_event({.event = 11, .end = true, .volume = 10, .duration = 0x0320})), "0b8a0320");
  const auto event = parse_event(*from_hex("01ca03200000"));  // reserved bit set, more octets behind
  ASSERT_TRUE(event);
  EXPECT_EQ(event->event, 1);
  EXPECT_TRUE(event->end);
  EXPECT_EQ(event->volume, 10);
  EXPECT_EQ(event->duration, 800);
  EXPECT_FALSE(parse_event(*from_hex("010a03")));
}

TEST(TelephoneEvent, digits_and_events_are_those_of_table_7) {
  const std::string digits = "0123456789*#ABCD";
  for (std::uint8_t e = 0; e < 16; ++e) {
    EXPECT_EQ(event_digit(e), digits[e]);
    EXPECT_EQ(digit_event(digits[e]), e);
  }
  EXPECT_EQ(event_digit(16), 0);
  EXPECT_EQ(event_digit(255), 0);
  EXPECT_FALSE(digit_event('a'));
  EXPECT_FALSE(digit_event('\0'));
}

TEST(EventSender, one_event_is_marker_updates_and_three_ends) {
  EventSender sender;
  EXPECT_FALSE(sender.pending());
  sender.start(5, 10, 1000);
  std::vector<EventSender::Packet> packets;
  for (const std::uint32_t at : {1160U, 1320U, 1480U}) packets.push_back(*sender.next(at));
  sender.stop(1560);
  EXPECT_TRUE(sender.replaces_audio());
  packets.push_back(*sender.next(1640));
  EXPECT_FALSE(sender.replaces_audio());
  packets.push_back(*sender.next(1800));
  packets.push_back(*sender.next(1960));
  EXPECT_FALSE(sender.next(2120));
  ASSERT_EQ(packets.size(), 6U);
  const std::uint16_t durations[] = {160, 320, 480, 560, 560, 560};
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(packets[i].marker, i == 0) << i;
    EXPECT_EQ(packets[i].timestamp, 1000U) << i;
    EXPECT_EQ(packets[i].event.event, 5) << i;
    EXPECT_EQ(packets[i].event.volume, 10) << i;
    EXPECT_EQ(packets[i].event.end, i >= 3) << i;
    EXPECT_EQ(packets[i].event.duration, durations[i]) << i;
  }
}

TEST(EventSender, an_event_that_ends_before_its_first_packet_is_sent_all_the_same) {
  EventSender sender;
  sender.start(1, 10, 1000);
  sender.stop(1080);
  const auto packet = sender.next(1160);
  ASSERT_TRUE(packet);
  EXPECT_TRUE(packet->marker);
  EXPECT_TRUE(packet->event.end);
  EXPECT_EQ(packet->event.duration, 80);
}

TEST(EventSender, a_long_event_goes_on_in_segments) {
  EventSender sender;
  sender.start(3, 10, 0xFFFFF000U);  // the timestamp turns over on the way
  std::uint32_t now = 0xFFFFF000U;
  std::vector<EventSender::Packet> packets;
  for (int i = 0; i < 900; ++i) packets.push_back(*sender.next(now += 160));
  sender.stop(now);
  packets.push_back(*sender.next(now + 160));
  std::size_t segments = 1;
  for (std::size_t i = 1; i < packets.size(); ++i) {
    EXPECT_FALSE(packets[i].marker);
    if (packets[i].timestamp == packets[i - 1].timestamp) continue;
    ++segments;
    EXPECT_EQ(packets[i - 1].event.duration, 0xFFFF);
    EXPECT_FALSE(packets[i - 1].event.end);
    EXPECT_EQ(packets[i].timestamp - packets[i - 1].timestamp, 0xFFFFU);
  }
  EXPECT_EQ(segments, 3U);
  EXPECT_TRUE(packets.back().event.end);
  EXPECT_EQ(packets.back().timestamp + packets.back().event.duration, now);
}

TelephoneEvent at(std::uint8_t event, std::uint16_t duration, bool end = false) {
  return {.event = event, .end = end, .volume = 10, .duration = duration};
}

TEST(EventReceiver, repeated_packets_are_one_event) {
  EventReceiver receiver;
  auto update = receiver.on_packet(at(5, 160), 1000);
  ASSERT_TRUE(update);
  EXPECT_TRUE(update->started);
  EXPECT_FALSE(update->ended);
  update = receiver.on_packet(at(5, 320), 1000);
  ASSERT_TRUE(update);
  EXPECT_FALSE(update->started);
  EXPECT_EQ(update->duration, 320U);
  update = receiver.on_packet(at(5, 400, true), 1000);
  ASSERT_TRUE(update);
  EXPECT_TRUE(update->ended);
  EXPECT_EQ(update->duration, 400U);
  EXPECT_FALSE(receiver.on_packet(at(5, 400, true), 1000));
  EXPECT_FALSE(receiver.on_packet(at(5, 400, true), 1000));
  EXPECT_FALSE(receiver.on_packet(at(5, 320), 1000));  // overtaken by the end
  EXPECT_FALSE(receiver.active());
}

TEST(EventReceiver, the_same_digit_again_is_another_event) {
  EventReceiver receiver;
  EXPECT_TRUE(receiver.on_packet(at(5, 400, true), 1000)->started);
  const auto update = receiver.on_packet(at(5, 160), 2000);
  ASSERT_TRUE(update);
  EXPECT_TRUE(update->started);
  EXPECT_FALSE(update->previous_ended);
}

TEST(EventReceiver, an_event_of_which_only_one_end_arrives_is_whole) {
  EventReceiver receiver;
  const auto update = receiver.on_packet(at(9, 800, true), 1000);
  ASSERT_TRUE(update);
  EXPECT_TRUE(update->started);
  EXPECT_TRUE(update->ended);
  EXPECT_EQ(update->duration, 800U);
}

TEST(EventReceiver, a_lost_end_is_made_up_by_the_next_event_or_by_time) {
  EventReceiver receiver;
  receiver.on_packet(at(1, 160), 1000);
  const auto update = receiver.on_packet(at(2, 160), 3000);
  ASSERT_TRUE(update);
  EXPECT_TRUE(update->started);
  EXPECT_TRUE(update->previous_ended);
  for (int i = 0; i < 14; ++i) EXPECT_FALSE(receiver.on_time(80));
  EXPECT_TRUE(receiver.on_time(80));
  EXPECT_FALSE(receiver.on_time(80));
  EXPECT_FALSE(receiver.on_packet(at(2, 1600), 3000)) << "its end has been told already";
}

TEST(EventReceiver, late_packets_of_an_earlier_event_are_passed_over) {
  EventReceiver receiver;
  receiver.on_packet(at(1, 400, true), 1000);
  receiver.on_packet(at(2, 160), 2000);
  EXPECT_FALSE(receiver.on_packet(at(1, 400, true), 1000));
  EXPECT_TRUE(receiver.active());
}

TEST(EventReceiver, segments_are_one_event_with_the_whole_duration) {
  EventReceiver receiver;
  receiver.on_packet(at(1, 0xFFFF), 1000);
  auto update = receiver.on_packet(at(1, 160), 1000 + 0xFFFF);
  ASSERT_TRUE(update);
  EXPECT_FALSE(update->started);
  EXPECT_EQ(update->duration, 0xFFFFU + 160);
  update = receiver.on_packet(at(1, 320, true), 1000 + 0xFFFF);
  EXPECT_TRUE(update->ended);
  EXPECT_EQ(update->duration, 0xFFFFU + 320);
}

TEST(EventReceiver, timestamps_turn_over_and_a_new_clock_is_accepted) {
  EventReceiver receiver;
  receiver.on_packet(at(1, 400, true), 0xFFFFFF00U);
  EXPECT_TRUE(receiver.on_packet(at(1, 400, true), 0x00000500U)->started);
  EXPECT_TRUE(receiver.on_packet(at(1, 400, true), 0x90000000U)->started) << "far back: another clock";
}

}  // namespace
}  // namespace tandem::sip::rtp
