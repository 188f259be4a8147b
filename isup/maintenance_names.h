#pragma once
// What the coded values of circuit supervision mean.
#include "isup/fields.h"

namespace tandem::isup::names {

inline constexpr ValueName kContinuityResult[] = {  // Q.763 3.18
    {0, "continuity check failed"},
    {1, "continuity check successful"}};
inline constexpr ValueName kSupervisionType[] = {  // Q.763 3.13; T1.113 after the semicolon
    {0, "maintenance oriented; without release"},
    {1, "hardware failure oriented; with immediate release"},
    {2, "reserved for national use"}};
inline constexpr ValueName kMapType[] = {  // Q.763 3.69
    {1, "1544 kbit/s, base 64 kbit/s"},
    {2, "2048 kbit/s, base 64 kbit/s"}};
inline constexpr ValueName kFacility[] = {  // Q.763 3.22
    {2, "user-to-user service"}};
inline constexpr ValueName kCongestionLevel[] = {  // Q.763 3.4
    {1, "congestion level 1 exceeded"},
    {2, "congestion level 2 exceeded"}};
inline constexpr ValueName kTemporaryRouting[] = {  // Q.763 3.68
    {0, "no temporary alternative routing"},
    {1, "temporary alternative routing controls the call"}};

}  // namespace tandem::isup::names
