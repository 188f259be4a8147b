#pragma once
// Information elements that are read and written here rather than by libpri, which takes them for C strings,
// or has no way to send them.
#include <optional>
#include <string>

#include "gateway/base/bytes.h"
#include "tdm/pri/q931.h"
#include "tdm/pri/values.h"

namespace tandem::tdm::pri {

// --- contents of received elements; nothing when too short or out of range -------------------------------
std::optional<UserUser> read_user_user(OctetView contents);
std::optional<Subaddress> read_subaddress(OctetView contents);
/// IA5 digits of a keypad facility, at most 32.
std::string read_keypad(OctetView contents);
/// Digits of a transit network selection, at most 8; empty: of no carrier.
std::string read_transit_network(OctetView contents);
/// Octet 3.1 of a channel identification (Q.931 4.5.13); nothing: the interface of the D channel.
std::optional<std::uint8_t> read_interface(OctetView contents);
/// The reason of a redirecting number (Q.931 4.6.7).
std::optional<RedirectionReason> read_redirection_reason(OctetView contents);
/// Notification description of one octet; of several (Q.932 components): nothing.
std::optional<std::uint8_t> read_notification(OctetView contents);

// --- whole elements to be sent ----------------------------------------------------------------------------
Octets encode_progress(const Progress& progress);
/// At most 128 octets of it (Q.931 4.5.30).
Octets encode_user_user(const UserUser& value);
/// `interface`: octet 3.1, when the D channel serves several.
Octets encode_channel(const Channel& channel, std::optional<std::uint8_t> interface);
/// At most 8 digits of it.
Octets encode_transit_network(const std::string& digits);
Octets encode_restart_class(std::uint8_t restart_class);
/// Digits that follow in overlap sending: type and plan unknown, as in INFORMATION.
Octets encode_called_digits(const std::string& digits);
Octets encode_sending_complete();
/// T1.607: channel preference, new status.
Octets encode_change_status(std::uint8_t status);

}  // namespace tandem::tdm::pri
