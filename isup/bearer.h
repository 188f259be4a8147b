#pragma once
// What a call asks of its circuits: several of them (Q.764 2.1.1, Q.763 3.54), or something that may be less
// on the way (fallback, Q.764 2.5).
#include "isup/message.h"

namespace tandem::isup {

/// 2 x 64 kbit/s and more (Q.763 3.54; in ANSI networks the rate of T1.113's user service information), or
/// circuits by a map (Q.763 3.69): more than the one circuit that a call has here.
bool takes_several_circuits(const Message& iam);

/// Whether the call may be less than 64 kbit/s unrestricted where that cannot be had.
bool may_fall_back(const Message& iam);

/// The way from here on does not carry 64 kbit/s unrestricted: the IAM goes on with what it falls back to
/// (Q.764 2.5.1.2), 3.1 kHz audio where the sender did not say. Nothing is done to what does not allow it.
void fall_back(Message& iam);

/// Said backwards, in ACM, CPG, ANM or CON: the medium that the call has fallen back to (Q.764 2.5.2). What
/// has been said further on stays.
void tell_fallback(Message& backward, std::uint8_t medium);

/// What an IAM that allows it falls back to.
std::uint8_t fallback_of(const Message& iam);

}  // namespace tandem::isup
