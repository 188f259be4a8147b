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
    {0x0e, "emergency preference (IEPS)"},
    {0x0f, "payphone"},
    {0x10, "mobile in its home network"},
    {0x11, "mobile in a visited network"}};
inline constexpr ValueName kMedium[] = {  // Q.763 3.54
    {0, "speech"},
    {2, "64 kbit/s unrestricted"},
    {3, "3.1 kHz audio"},
    {4, "alternate speech / 64 kbit/s unrestricted"},
    {5, "alternate 64 kbit/s unrestricted / speech"},
    {6, "64 kbit/s preferred"},
    {7, "2 x 64 kbit/s unrestricted"},
    {8, "384 kbit/s unrestricted"},
    {9, "1536 kbit/s unrestricted"},
    {10, "1920 kbit/s unrestricted"},
    {16, "3 x 64 kbit/s unrestricted"},
    {17, "4 x 64 kbit/s unrestricted"},
    {18, "5 x 64 kbit/s unrestricted"},
    {20, "7 x 64 kbit/s unrestricted"},
    {21, "8 x 64 kbit/s unrestricted"},
    {22, "9 x 64 kbit/s unrestricted"},
    {23, "10 x 64 kbit/s unrestricted"},
    {24, "11 x 64 kbit/s unrestricted"},
    {25, "12 x 64 kbit/s unrestricted"},
    {26, "13 x 64 kbit/s unrestricted"},
    {27, "14 x 64 kbit/s unrestricted"},
    {28, "15 x 64 kbit/s unrestricted"},
    {29, "16 x 64 kbit/s unrestricted"},
    {30, "17 x 64 kbit/s unrestricted"},
    {31, "18 x 64 kbit/s unrestricted"},
    {32, "19 x 64 kbit/s unrestricted"},
    {33, "20 x 64 kbit/s unrestricted"},
    {34, "21 x 64 kbit/s unrestricted"},
    {35, "22 x 64 kbit/s unrestricted"},
    {36, "23 x 64 kbit/s unrestricted"},
    {38, "25 x 64 kbit/s unrestricted"},
    {39, "26 x 64 kbit/s unrestricted"},
    {40, "27 x 64 kbit/s unrestricted"},
    {41, "28 x 64 kbit/s unrestricted"},
    {42, "29 x 64 kbit/s unrestricted"}};
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
inline constexpr ValueName kNotification[] = {  // Q.763 3.25, Q.931 4.5.22
    {0x00, "user suspended"},
    {0x01, "user resumed"},
    {0x02, "bearer service change"},
    {0x03, "ASN.1 component follows"},
    {0x04, "call completion delay"},
    {0x40, "delay in completion"},
    {0x42, "conference established"},
    {0x43, "conference disconnected"},
    {0x44, "other party added"},
    {0x45, "isolated"},
    {0x46, "reattached"},
    {0x47, "other party isolated"},
    {0x48, "other party reattached"},
    {0x49, "other party split"},
    {0x4a, "other party disconnected"},
    {0x4b, "conference floating"},
    {0x60, "call is waiting"},
    {0x68, "diversion activated"},
    {0x69, "call transfer, alerting"},
    {0x6a, "call transfer, active"},
    {0x6e, "reverse charging"},
    {0x79, "remote hold"},
    {0x7a, "remote retrieval"},
    {0x7b, "call is diverting"}};
inline constexpr ValueName kNature[] = {  // Q.763 3.9, T1.113
    {1, "subscriber number"},
    {2, "unknown"},
    {3, "national number"},
    {4, "international number"},
    {5, "network-specific number"},
    {6, "network routing number, national format"},
    {7, "network routing number, network-specific format"},
    {8, "network routing number with called directory number"},
    {0x71, "subscriber number, operator requested"},
    {0x72, "national number, operator requested"},
    {0x73, "international number, operator requested"},
    {0x74, "no number present, operator requested"},
    {0x75, "no number present, cut-through to carrier"},
    {0x76, "950+ call"},
    {0x77, "test line test code"}};
inline constexpr ValueName kPlan[] = {  // Q.763 3.9
    {0, "unknown"},     {1, "ISDN, E.164"}, {3, "data, X.121"},
    {4, "telex, F.69"}, {5, "private"},     {6, "national"}};
inline constexpr ValueName kPresentation[] = {  // Q.763 3.10
    {0, "presentation allowed"},
    {1, "presentation restricted"},
    {2, "address not available"},
    {3, "restriction by the network"}};
inline constexpr ValueName kScreening[] = {  // Q.763 3.10, 3.26
    {0, "user provided, not verified"},
    {1, "user provided, verified and passed"},
    {2, "user provided, verified and failed"},
    {3, "network provided"}};
inline constexpr ValueName kInternalNumber[] = {  // Q.763 3.9
    {0, "routing to internal number allowed"},
    {1, "routing to internal number not allowed"}};
inline constexpr ValueName kIncomplete[] = {  // Q.763 3.10
    {0, "number complete"},
    {1, "number incomplete"}};
inline constexpr ValueName kRoutingNature[] = {  // Q.763 3.90
    {1, "network routing number, national format"},
    {2, "network routing number, network-specific format"}};
inline constexpr ValueName kNumberQualifier[] = {  // Q.763 3.26
    {0, "dialled digits"},
    {1, "additional called number"},
    {2, "supplemental calling number, failed screening"},
    {3, "supplemental calling number, not screened"},
    {4, "redirecting terminating number"},
    {5, "additional connected number"},
    {6, "additional calling party number"},
    {7, "additional original called number"},
    {8, "additional redirecting number"},
    {9, "additional redirection number"}};
inline constexpr ValueName kNetworkType[] = {  // Q.763 3.53
    {0, "ITU-T standardized identification"},
    {2, "national network identification"}};
inline constexpr ValueName kNetworkPlan[] = {  // Q.763 3.53
    {0, "unknown"},
    {3, "public data network, X.121"},
    {6, "public land mobile network, E.212"}};
inline constexpr ValueName kEndToEndMethod[] = {  // Q.763 3.5, 3.23
    {0, "no end-to-end method"},
    {1, "pass-along method"},
    {2, "SCCP method"},
    {3, "pass-along and SCCP method"}};
inline constexpr ValueName kEndToEndInformation[] = {  // Q.763 3.5, 3.23
    {0, "no end-to-end information"},
    {1, "end-to-end information available"}};
inline constexpr ValueName kSccpMethod[] = {  // Q.763 3.5, 3.23
    {0, "no SCCP method"},
    {1, "SCCP connectionless"},
    {2, "SCCP connection oriented"},
    {3, "SCCP connectionless and connection oriented"}};
inline constexpr ValueName kQueryOnRelease[] = {  // Q.763 3.23
    {0, "no query on release"},
    {1, "query on release in progress"}};
inline constexpr ValueName kCugCall[] = {  // Q.763 3.38
    {0, "no closed user group call"},
    {2, "closed user group call, outgoing access allowed"},
    {3, "closed user group call, outgoing access not allowed"}};
inline constexpr ValueName kSegmentation[] = {  // Q.763 3.37, 3.38
    {0, "no segmentation message"},
    {1, "a segmentation message follows"}};
inline constexpr ValueName kConnectedLineRequest[] = {  // Q.763 3.38
    {0, "connected line identity not requested"},
    {1, "connected line identity requested"}};
inline constexpr ValueName kHolding[] = {  // Q.763 3.5, 3.29, 3.31
    {0, "holding not requested"},
    {1, "holding requested"}};
inline constexpr ValueName kMlppUser[] = {  // Q.763 3.37
    {0, "no MLPP user"},
    {1, "MLPP user"}};
inline constexpr ValueName kEventRestricted[] = {  // Q.763 3.21
    {0, "presentation not restricted"},
    {1, "event presentation restricted"}};
inline constexpr ValueName kEchoState[] = {  // Q.763 3.19
    {0, "no information"},
    {1, "echo control device neither included nor available"},
    {2, "echo control device included"},
    {3, "echo control device not included but available"}};
inline constexpr ValueName kEchoRequest[] = {  // Q.763 3.19
    {0, "no request"},
    {1, "echo control device activation requested"},
    {2, "echo control device deactivation requested"}};
inline constexpr ValueName kAccessDelivery[] = {  // Q.763 3.2
    {0, "set-up message generated"},
    {1, "no set-up message generated"}};
inline constexpr ValueName kRequested[] = {  // Q.763 3.29, 3.31, 3.81
    {0, "not requested"},
    {1, "requested"}};
inline constexpr ValueName kAddressResponse[] = {  // Q.763 3.28
    {0, "calling party address not included"},
    {1, "calling party address not available"},
    {3, "calling party address included"}};
inline constexpr ValueName kHoldProvided[] = {  // Q.763 3.28, 3.32
    {0, "hold not provided"},
    {1, "hold provided"}};
inline constexpr ValueName kIncluded[] = {  // Q.763 3.28, 3.32
    {0, "not included"},
    {1, "included"}};
inline constexpr ValueName kUnsolicited[] = {  // Q.763 3.28
    {0, "solicited"},
    {1, "unsolicited"}};

}  // namespace tandem::isup::names
