#pragma once
// User-to-User of the ISDN package (RFC 7433, RFC 7434) <-> user-to-user information (Q.763 3.60).
#include <optional>

#include "isup/parameters.h"
#include "sipt/user_agent.h"

namespace tandem::interwork {

/// The one value for the ISDN among the headers: hex, protocol discriminator and at most 128 octets. Nothing
/// when there are several (RFC 7434 7), or it is longer, of another encoding, package or content.
std::optional<isup::UserToUserInformation> read_user_to_user(const sip::Headers& headers);
sip::ExtraHeader write_user_to_user(const isup::UserToUserInformation& information);
/// A User-to-User header for the ISDN is there, even without data: the sender permits the service for the
/// whole dialog (RFC 7434 7).
bool permits_user_to_user(const sip::Headers& headers);

}  // namespace tandem::interwork
