#pragma once
// What the coded values of Q.763 mean. An empty name: nothing to tell.
#include "isup/fields.h"

namespace tandem::isup::names {

inline constexpr ValueName kSatellites[] = {  // Q.763 3.35
    {0, "no satellite circuit"},
    {1, "one satellite circuit"},
    {2, "two satellite circuits"}};
inline constexpr ValueName kContinuity[] = {  // Q.763 3.35
    {0, "continuity check not required"},
    {1, "continuity check required"},
    {2, "continuity check on a previous circuit"}};
inline constexpr ValueName kEchoDevice[] = {  // Q.763 3.5, 3.35
    {0, "no echo control device"},
    {1, "echo control device"}};
inline constexpr ValueName kInternational[] = {  // Q.763 3.23
    {0, "national call"},
    {1, "international call"}};
inline constexpr ValueName kInterworking[] = {  // Q.763 3.5, 3.23
    {0, "no interworking"},
    {1, "interworking encountered"}};
inline constexpr ValueName kIsupAllTheWay[] = {  // Q.763 3.5, 3.23
    {0, "ISUP not used all the way"},
    {1, "ISUP used all the way"}};
inline constexpr ValueName kIsupPreference[] = {  // Q.763 3.23
    {0, "ISUP preferred all the way"},
    {1, "ISUP not required all the way"},
    {2, "ISUP required all the way"}};
inline constexpr ValueName kIsdnAccess[] = {  // Q.763 3.5, 3.23
    {0, "non-ISDN access"},
    {1, "ISDN access"}};
inline constexpr ValueName kPortedQuery[] = {  // Q.763 3.23, national
    {0, "ported number not looked up"},
    {1, "ported number looked up"}};
inline constexpr ValueName kCategory[] = {  // Q.763 3.11
    {0x00, "category unknown"},
    {0x01, "operator, French"},
    {0x02, "operator, English"},
    {0x03, "operator, German"},
    {0x04, "operator, Russian"},
    {0x05, "operator, Spanish"},
    {0x0a, "ordinary subscriber"},
    {0x0b, "subscriber with priority"},
    {0x0c, "data call"},
    {0x0d, "test call"},
    {0x0f, "payphone"}};
inline constexpr ValueName kMedium[] = {  // Q.763 3.54
    {0, "speech"},
    {2, "64 kbit/s unrestricted"},
    {3, "3.1 kHz audio"},
    {6, "64 kbit/s preferred"}};
inline constexpr ValueName kCharge[] = {  // Q.763 3.5
    {0, "charge: no indication"},
    {1, "no charge"},
    {2, "charge"}};
inline constexpr ValueName kCalledStatus[] = {  // Q.763 3.5
    {0, "no indication"},
    {1, "subscriber free"},
    {2, "connect when free"}};
inline constexpr ValueName kCalledCategory[] = {  // Q.763 3.5
    {0, "category: no indication"},
    {1, "ordinary subscriber"},
    {2, "payphone"}};
inline constexpr ValueName kInband[] = {  // Q.763 3.37
    {0, "no in-band information"},
    {1, "in-band information"}};
inline constexpr ValueName kCallDiversion[] = {  // Q.763 3.37
    {0, "no diversion"},
    {1, "call diversion may occur"}};
inline constexpr ValueName kEvent[] = {  // Q.763 3.21
    {1, "alerting"},
    {2, "progress"},
    {3, "in-band information"},
    {4, "call forwarded on busy"},
    {5, "call forwarded on no reply"},
    {6, "call forwarded unconditional"}};
inline constexpr ValueName kSuspendedBy[] = {  // Q.763 3.52
    {0, "by the user"},
    {1, "by the network"}};
inline constexpr ValueName kRedirecting[] = {  // Q.763 3.45
    {0, "no redirection"},
    {1, "call rerouted"},
    {2, "call rerouted, redirections restricted"},
    {3, "call diverted"},
    {4, "call diverted, redirections restricted"},
    {5, "call rerouted, redirection number restricted"},
    {6, "call diverted, redirection number restricted"}};
inline constexpr ValueName kOriginalReason[] = {  // Q.763 3.45
    {0, "first for an unknown reason"},
    {1, "first on busy"},
    {2, "first on no reply"},
    {3, "first unconditionally"}};
inline constexpr ValueName kRedirections[] = {  // Q.763 3.45
    {1, "once"},
    {2, "twice"},
    {3, "three times"},
    {4, "four times"},
    {5, "five times"}};
inline constexpr ValueName kReason[] = {  // Q.763 3.45
    {0, "for an unknown reason"},
    {1, "on busy"},
    {2, "on no reply"},
    {3, "unconditionally"},
    {4, "by deflection in alerting"},
    {5, "by immediate deflection"},
    {6, "as the mobile was not reachable"}};
inline constexpr ValueName kRestriction[] = {  // Q.763 3.47
    {0, "presentation allowed"},
    {1, "redirection number restricted"}};
inline constexpr ValueName kNotification[] = {  // Q.763 3.25
    {0x00, "user suspended"},          {0x01, "user resumed"},           {0x02, "bearer service change"},
    {0x40, "delay in completion"},     {0x42, "conference established"}, {0x43, "conference disconnected"},
    {0x44, "other party added"},       {0x60, "call is waiting"},        {0x68, "diversion activated"},
    {0x69, "call transfer, alerting"}, {0x6a, "call transfer, active"},  {0x79, "remote hold"},
    {0x7a, "remote retrieval"},        {0x7b, "call is diverting"}};
inline constexpr ValueName kNothing[] = {{0, ""}};  // a number, not a code

}  // namespace tandem::isup::names
