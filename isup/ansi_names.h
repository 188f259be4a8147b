#pragma once
// What the coded values of ANSI T1.113 mean.
#include "isup/fields.h"

namespace tandem::isup::names {

inline constexpr ValueName kAddressType[] = {  // T1.113
    {0, "dialled digits"},
    {1, "destination number"},
    {2, "supplemental calling address, failed screening"},
    {3, "supplemental calling address, not screened"},
    {4, "completion number"},
    {0xc0, "ported number"}};
inline constexpr ValueName kChargeNature[] = {  // T1.113
    {1, "ANI of the calling party, subscriber number"}, {2, "ANI not available"},
    {3, "ANI of the calling party, national number"},   {5, "ANI of the called party, subscriber number"},
    {6, "ANI of the called party, no number present"},  {7, "ANI of the called party, national number"}};
inline constexpr ValueName kOriginatingLine[] = {  // T1.113, ANI II digits
    {0, "plain old telephone service"},
    {1, "multiparty line"},
    {2, "ANI failure"},
    {6, "station-level rating"},
    {7, "special operator handling"},
    {20, "AIOD, listed number"},
    {23, "coin or non-coin"},
    {24, "800 service"},
    {25, "800 service from a pay station"},
    {27, "coin call"},
    {29, "prison or inmate service"},
    {30, "intercept, blank"},
    {31, "intercept, trouble"},
    {32, "intercept, regular"},
    {34, "operator handled"},
    {52, "OUTWATS"},
    {60, "telecommunications relay service"},
    {61, "wireless, type 1"},
    {62, "wireless, type 2"},
    {63, "wireless, roaming"},
    {66, "relay service, hotel"},
    {67, "relay service, restricted"},
    {70, "private pay station"},
    {93, "private virtual network"}};
inline constexpr ValueName kAnsiNetworkPlan[] = {  // T1.113
    {0, "unknown"},
    {1, "three-digit carrier code"},
    {2, "four-digit carrier code"}};
inline constexpr ValueName kCircuitCode[] = {  // T1.113
    {0, "unspecified"},
    {1, "international call, no operator"},
    {2, "international call, operator requested"}};
inline constexpr ValueName kCarrierSelection[] = {  // T1.113
    {0, "no indication"},
    {1, "presubscribed, not input by the caller"},
    {2, "presubscribed, input by the caller"},
    {3, "presubscribed, input undetermined"},
    {4, "not presubscribed, input by the caller"}};
inline constexpr ValueName kCarrierType[] = {  // T1.113
    {0, "unknown"},
    {1, "analogue"},
    {2, "digital"},
    {3, "digital and analogue"}};
inline constexpr ValueName kSeizingControl[] = {  // T1.113
    {0, "no control"},
    {1, "odd circuits"},
    {2, "even circuits"},
    {3, "all circuits"}};
inline constexpr ValueName kAlarmCarrier[] = {  // T1.113
    {0, "default"},
    {1, "software"},
    {2, "hardware"}};
inline constexpr ValueName kContinuityRequirement[] = {  // T1.113
    {0, "unknown"},
    {1, "none"},
    {2, "statistical"},
    {3, "per call"}};
inline constexpr ValueName kValidation[] = {  // T1.113
    {0, "failed"},
    {1, "successful"}};
inline constexpr ValueName kPartySelector[] = {  // T1.113
    {0, "no indication"},   {1, "calling party"},     {2, "called party"},
    {3, "connected party"}, {4, "redirecting party"}, {5, "original called party"}};
inline constexpr ValueName kPrivilegesBy[] = {  // T1.113
    {0, "fixed line privileges"},
    {1, "customer-defined line privileges"}};
inline constexpr ValueName kGroupIdType[] = {  // T1.113
    {0, "multi-location business group"},
    {1, "interworking with private networks"}};
inline constexpr ValueName kAttendant[] = {  // T1.113
    {0, "no attendant"},
    {1, "attendant line"}};
inline constexpr ValueName kSpecialProcessing[] = {  // T1.113
    {0x7f, "service processing required"}};
inline constexpr ValueName kNameOf[] = {  // T1.113
    {1, "calling name"},
    {2, "original called name"},
    {3, "redirecting name"},
    {4, "connected name"}};
inline constexpr ValueName kNameAvailability[] = {  // T1.113
    {0, "name available"},
    {1, "name not available"}};
inline constexpr ValueName kNamePresentation[] = {  // T1.113
    {0, "presentation allowed"},
    {1, "presentation restricted"},
    {2, "blocking toggle"},
    {3, "no indication"}};

}  // namespace tandem::isup::names
