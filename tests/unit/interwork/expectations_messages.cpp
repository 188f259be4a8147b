#include "gateway/interwork/sip_isup.h"
#include "tests/unit/interwork/expectations.h"

namespace tandem::interwork {
namespace {

using isup::Message;
using isup::MessageType;

sip::InviteInfo invite_of(const std::string& caller) {
  sip::InviteInfo invite;
  invite.request_uri = sip::parse_uri("sip:1000@gw.example.com").value();
  invite.from.uri = sip::parse_uri("sip:" + caller + "@peer.example.com").value();
  return invite;
}

InviteTarget target() {
  InviteTarget out;
  out.peer = sip::parse_uri("sip:192.0.2.9").value();
  out.local = parse_socket_address("192.0.2.1:5060").value();
  return out;
}

void expect_provisional(Expectations& out, int status, int called_status, int event, int inband) {  // 8.2.3
  const auto name = "a " + std::to_string(status);
  out.push_back({name + " has its called party's status", [=](const Tables& t) {
                   const auto m = backward_from_provisional(status, false, false, {}, {}, {}, t);
                   const auto* bci = m.get<isup::BackwardCallIndicators>();
                   return bci != nullptr && bci->called_status == called_status;
                 }});
  for (const bool media : {false, true})
    out.push_back({name + (media ? " with media" : "") + " has its event", [=](const Tables& t) {
                     const auto m = backward_from_provisional(status, true, media, {}, {}, {}, t);
                     const auto* information = m.get<isup::EventInformation>();
                     return information != nullptr && information->event == (media ? inband : event);
                   }});
}

void expect_event(Expectations& out, int event, int status, bool media, bool said = true) {  // RFC 3398 7.2.9
  out.push_back({"event " + std::to_string(event) + " is " + std::to_string(status), [=](const Tables& t) {
                   Message cpg(MessageType::cpg);
                   if (event != 0) cpg.set(isup::EventInformation{static_cast<std::uint8_t>(event)});
                   const auto choice = provisional_from_backward(cpg, t);
                   return choice.status == status && choice.early_media == media &&
                          choice.clause.starts_with("RFC 3398 7.2.9") &&
                          choice.clause.contains("no event") != said;
                 }});
}

void expect_early_media(Expectations& out, const char* value, bool before, bool heard) {
  out.push_back({"P-Early-Media " + std::string(value), [=](const Tables& t) {
                   return may_be_heard({{"P-Early-Media", value}}, {.p_early_media = true}, before, t) ==
                          heard;
                 }});
}

void expect_category(Expectations& out, const char* cpc, int category, bool read = true) {
  if (read)
    out.push_back({"cpc " + std::string(cpc) + " is read", [=](const Tables& t) {
                     const auto iam = iam_from_invite(invite_of("201;cpc=" + std::string(cpc)), {}, {},
                                                      MediaKind::audio, t);
                     return iam && iam->get<isup::CallingPartysCategory>()->value == category;
                   }});
  if (category == 0x0a) return;  // the default is not said
  out.push_back(
      {"category " + std::to_string(category) + " is written", [=](const Tables& t) {
         Message iam(MessageType::iam);
         iam.set(isup::CalledPartyNumber{.digits = "1000"}).set(isup::CallingPartyNumber{.digits = "201"});
         iam.set(isup::CallingPartysCategory{static_cast<std::uint8_t>(category)});
         return invite_from_iam(iam, {}, target(), t).from.uri.user == "201;cpc=" + std::string(cpc);
       }});
}

void expect_media(Expectations& out, int medium, MediaKind kind) {
  out.push_back({"medium " + std::to_string(medium), [=](const Tables& t) {
                   Message iam(MessageType::iam);
                   iam.set(isup::TransmissionMedium{static_cast<std::uint8_t>(medium)});
                   return media_of(iam, t) == kind;
                 }});
}

}  // namespace

void expect_messages(Expectations& out) {
  expect_provisional(out, 180, 1, 1, 1);
  expect_provisional(out, 181, 0, 6, 6);
  expect_provisional(out, 182, 0, 2, 3);
  expect_provisional(out, 183, 0, 2, 3);
  expect_event(out, 0, 183, false, false);
  expect_event(out, 99, 183, false, false);
  expect_event(out, 1, 180, false);
  expect_event(out, 2, 183, false);
  expect_event(out, 3, 183, true);
  for (const int event : {4, 5, 6}) expect_event(out, event, 181, false);

  expect_early_media(out, "sendrecv", false, true);  // RFC 5009 8
  expect_early_media(out, "sendonly", false, true);
  expect_early_media(out, "recvonly", true, false);
  expect_early_media(out, "inactive", true, false);
  expect_early_media(out, "supported", true, true);

  for (const char* value : {"id", "user", "header"})
    out.push_back({"Privacy " + std::string(value) + " hides the caller", [value](const Tables& t) {
                     auto invite = invite_of("201");
                     invite.privacy = {value};
                     const auto iam = iam_from_invite(invite, {}, {}, MediaKind::audio, t);
                     return iam && iam->get<isup::CallingPartyNumber>()->presentation ==
                                       isup::Presentation::restricted;
                   }});

  expect_category(out, "ordinary", 0x0a);  // Q.763 3.11
  out.push_back({"an ordinary subscriber is found by name", [](const Tables& t) {
                   for (const auto& row : t.categories)
                     if (row.category == 0x0a) return row.cpc == "ordinary";
                   return false;
                 }});
  expect_category(out, "unknown", 0x00);
  expect_category(out, "operator", 0x02);
  for (const int language : {1, 3, 4, 5}) expect_category(out, "operator", language, false);
  expect_category(out, "priority", 0x0b);
  expect_category(out, "data", 0x0c);
  expect_category(out, "test", 0x0d);
  expect_category(out, "ieps", 0x0e);
  expect_category(out, "payphone", 0x0f);
  expect_category(out, "mobile-hplmn", 0x10);
  expect_category(out, "mobile-vplmn", 0x11);
  expect_category(out, "emergency", 0xe0);

  expect_media(out, 0, MediaKind::audio);  // Q.763 3.54
  expect_media(out, 2, MediaKind::unrestricted);
  expect_media(out, 3, MediaKind::audio);
  expect_media(out, 6, MediaKind::preferred);
  expect_media(out, 8, MediaKind::unsupported);  // 1536 kbit/s
}

}  // namespace tandem::interwork
