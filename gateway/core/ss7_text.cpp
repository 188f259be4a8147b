#include "gateway/core/ss7_side.h"
#include "isup/codec.h"

namespace tandem::core {

namespace {

std::string isup_text(OctetView data, mtp::Variant variant) {
  const auto message =
      isup::decode_with_cic(data, variant == mtp::Variant::ansi ? isup::Variant::ansi : isup::Variant::itu);
  if (!message) return "ISUP that cannot be read: " + to_string(message.error());
  return isup::describe(message->message) + ", CIC " + std::to_string(message->cic);
}

}  // namespace

std::string_view to_string(LinkOrder order) {
  switch (order) {
    case LinkOrder::activate:
      return "activated";
    case LinkOrder::deactivate:
      return "deactivated";
    case LinkOrder::inhibit:
      return "inhibiting asked for";
    case LinkOrder::uninhibit:
      return "end of inhibiting asked for";
  }
  return "";
}

std::string describe_msu(OctetView msu, mtp::Variant variant) {
  const auto message = mtp::decode_msu(msu, variant);
  if (!message) return "MSU that cannot be read: " + to_string(message.error());
  switch (message->service) {
    case mtp::service::kIsup:
      return isup_text(message->data, variant);
    case mtp::service::kManagement: {
      const auto said = mtp::decode_management(message->data, variant, message->label.sls);
      if (!said) return "MTP management that cannot be read: " + to_string(said.error());
      std::string text(mtp::to_string(said->heading));
      text += " SLC " + std::to_string(said->slc);
      if (said->affected != 0) text += " about " + mtp::to_string(said->affected, variant);
      return text;
    }
    case mtp::service::kTest:
    case mtp::service::kTestSpecial: {
      const auto test = mtp::decode_link_test(message->data, variant);
      if (!test) return "link test that cannot be read: " + to_string(test.error());
      const auto slc = variant == mtp::Variant::ansi ? test->slc : message->label.sls;
      return std::string(test->acknowledgement ? "SLTA" : "SLTM") + " SLC " + std::to_string(slc);
    }
    default:
      return "MSU of service " + std::to_string(message->service);
  }
}

}  // namespace tandem::core
