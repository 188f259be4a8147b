#pragma once
// What the coded values of supplementary services and of routing mean. An empty name: not assigned.
#include "isup/fields.h"

namespace tandem::isup::names {

inline constexpr ValueName kSubscription[] = {  // Q.763 3.6
    {0, "unknown"},
    {1, "presentation not allowed"},
    {2, "presentation allowed with redirection number"},
    {3, "presentation allowed without redirection number"}};
inline constexpr ValueName kUserUserType[] = {  // Q.763 3.60, 3.67
    {0, "request"},
    {1, "response"}};
inline constexpr ValueName kUserUserService[] = {  // Q.763 3.60
    {0, "no information"},
    {1, "not provided"},
    {2, "requested, not essential, or provided"},
    {3, "requested, essential"}};
inline constexpr ValueName kUserUserDiscard[] = {  // Q.763 3.60
    {0, "no information"},
    {1, "user-to-user information discarded by the network"}};
inline constexpr ValueName kLookForward[] = {  // Q.763 3.34
    {0, "look forward allowed"},
    {1, "look forward not allowed"},
    {2, "path reserved"}};
inline constexpr ValueName kPrecedence[] = {  // Q.763 3.34
    {0, "flash override"},
    {1, "flash"},
    {2, "immediate"},
    {3, "priority"},
    {4, "routine"}};
inline constexpr ValueName kLoop[] = {  // Q.763 3.67
    {0, "insufficient information"},
    {1, "no loop exists"},
    {2, "simultaneous transfer"}};
inline constexpr ValueName kCcssCall[] = {  // Q.763 3.63
    {0, "no CCSS call"},
    {1, "CCSS call"}};
inline constexpr ValueName kGvnsAccess[] = {  // Q.763 3.62
    {0, "no information"},
    {1, "dedicated terminating access"},
    {2, "switched terminating access"}};
inline constexpr ValueName kMayBeDiverted[] = {  // Q.763 3.72
    {0, "no indication"},
    {1, "call diversion allowed"},
    {2, "call diversion not allowed"}};
inline constexpr ValueName kMayBeOffered[] = {  // Q.763 3.74
    {0, "no indication"},
    {1, "call offering not allowed"},
    {2, "call offering allowed"}};
inline constexpr ValueName kConference[] = {  // Q.763 3.76
    {0, "no indication"},
    {1, "accept conference request"},
    {2, "reject conference request"}};
inline constexpr ValueName kThroughConnect[] = {  // Q.763 3.78
    {0, "no indication"},
    {1, "through-connect in both directions"}};
inline constexpr ValueName kStopT9[] = {  // Q.763 3.78
    {0, "no indication"},
    {1, "stop T9 or do not start it"}};
inline constexpr ValueName kPossible[] = {  // Q.763 3.79, 3.83
    {0, "no indication"},
    {1, "possible"}};
inline constexpr ValueName kPivotPossible[] = {  // Q.763 3.84, 3.96
    {0, "no indication"},
    {1, "possible before ACM"},
    {2, "possible before ANM"},
    {3, "possible at any time of the call"}};
inline constexpr ValueName kAllowed[] = {  // Q.763 3.84
    {0, "allowed"},
    {1, "not allowed"}};
inline constexpr ValueName kPivotRouting[] = {  // Q.763 3.85
    {0, "no indication"},
    {1, "pivot request"},
    {2, "cancel pivot request"},
    {3, "pivot request failure"},
    {4, "interworking to redirection prohibited, backward"},
    {5, "interworking to redirection prohibited, forward"}};
inline constexpr ValueName kPivotStatus[] = {  // Q.763 3.92, 3.98
    {0, "not used"},
    {1, "acknowledgement"},
    {2, "will not be invoked"}};
inline constexpr ValueName kSupported[] = {  // Q.763 3.91
    {0, "no indication"},
    {1, "supported"}};
inline constexpr ValueName kPortability[] = {  // Q.763 3.101
    {0, "no indication"},
    {1, "query not done for the called number"},
    {2, "query done, called subscriber not ported"},
    {3, "query done, called subscriber ported"}};
inline constexpr ValueName kShape[] = {  // Q.763 3.88
    {0, "ellipsoid point"},
    {1, "ellipsoid point with uncertainty"},
    {2, "point with altitude and uncertainty"},
    {3, "ellipse on the ellipsoid"},
    {4, "ellipsoid circle sector"},
    {5, "polygon"}};
inline constexpr ValueName kUserUserProtocol[] = {  // Q.931 4.5.30
    {0, "user-specific"},
    {1, "OSI high layer protocols"},
    {2, "X.244"},
    {3, "system management convergence"},
    {4, "IA5 characters"},
    {5, "X.208 and X.209"},
    {6, ""},
    {7, "V.120"},
    {8, "Q.931 call control"}};
inline constexpr ValueName kDigitScheme[] = {  // Q.763 3.24
    {0, "BCD, even number"},
    {1, "BCD, odd number"},
    {2, "IA5"},
    {3, "binary"}};
inline constexpr ValueName kDigitType[] = {  // Q.763 3.24
    {0, "account code"},
    {1, "authorization code"},
    {2, "private networking travelling class mark"},
    {3, "business communication group identity"}};
inline constexpr ValueName kApplication[] = {  // Q.763 3.82, Q.765
    {0, "unidentified context and error handling"},
    {1, "PSS1 (VPN)"},
    {3, "charging"},
    {4, "GAT"},
    {5, "BAT"},
    {6, "enhanced unidentified context and error handling"}};
inline constexpr ValueName kReleaseCall[] = {  // Q.763 3.82
    {0, "do not release call"},
    {1, "release call"}};
inline constexpr ValueName kSendNotification[] = {  // Q.763 3.82
    {0, "do not send notification"},
    {1, "send notification"}};
inline constexpr ValueName kSequence[] = {  // Q.763 3.82
    {0, "subsequent segment"},
    {1, "new sequence"}};

}  // namespace tandem::isup::names
