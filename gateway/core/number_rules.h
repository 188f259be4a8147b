#pragma once
// National numbers of a trunk's country: E.164 with '+' inside the gateway, national on the trunk (RFC 3398
// 12).
#include <string>

#include "isup/message.h"

namespace tandem::core {

/// Called and calling national numbers become international; nothing without a country code.
void numbers_from_trunk(isup::Message& iam, const std::string& country_code);
/// International numbers of that country become national.
void numbers_to_trunk(isup::Message& iam, const std::string& country_code);

}  // namespace tandem::core
