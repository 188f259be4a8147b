#include "gateway/interwork/tables.h"

#include <array>

namespace tandem::interwork {

namespace {

// clang-format off
constexpr auto kStatuses = std::to_array<StatusRow>({
    {21,  CauseOf::user,       603, "RFC 3398 7.2.4.1 (+)"},  // call rejected by the user
    {22,  CauseOf::new_number, 301, "RFC 3398 7.2.4.1 (w/ diagnostic)"},  // number changed to a known one
    // Normal event
    {1,   CauseOf::any,        404, "RFC 3398 7.2.4.1"},  // unallocated number
    {2,   CauseOf::any,        404, "RFC 3398 7.2.4.1"},  // no route to network
    {3,   CauseOf::any,        404, "RFC 3398 7.2.4.1"},  // no route to destination
    {16,  CauseOf::any,        480, "RFC 3398 7.2.4.1 (*)"},  // normal clearing: BYE or CANCEL; 480 where a response is forced
    {17,  CauseOf::any,        486, "RFC 3398 7.2.4.1"},  // user busy
    {18,  CauseOf::any,        408, "RFC 3398 7.2.4.1"},  // no user responding
    {19,  CauseOf::any,        480, "RFC 3398 7.2.4.1"},  // no answer from the user
    {20,  CauseOf::any,        480, "RFC 3398 7.2.4.1"},  // subscriber absent
    {21,  CauseOf::any,        403, "RFC 3398 7.2.4.1"},  // call rejected
    {22,  CauseOf::any,        410, "RFC 3398 7.2.4.1"},  // number changed
    {23,  CauseOf::any,        410, "RFC 3398 7.2.4.1"},  // redirection to new destination
    {26,  CauseOf::any,        404, "RFC 3398 7.2.4.1 (=)"},  // non-selected user clearing; ANSI: misrouted ported number
    {27,  CauseOf::any,        502, "RFC 3398 7.2.4.1"},  // destination out of order
    {28,  CauseOf::any,        484, "RFC 3398 7.2.4.1"},  // address incomplete
    {29,  CauseOf::any,        501, "RFC 3398 7.2.4.1"},  // facility rejected
    {31,  CauseOf::any,        480, "RFC 3398 7.2.4.1"},  // normal unspecified
    // Resource unavailable
    {34,  CauseOf::any,        503, "RFC 3398 7.2.4.1"},  // no circuit available
    {38,  CauseOf::any,        503, "RFC 3398 7.2.4.1"},  // network out of order
    {41,  CauseOf::any,        503, "RFC 3398 7.2.4.1"},  // temporary failure
    {42,  CauseOf::any,        503, "RFC 3398 7.2.4.1"},  // switching equipment congestion
    {44,  CauseOf::any,        503, "RFC 3398 7.2.4.1"},  // untranslatable: another circuit is tried; none is left
    {47,  CauseOf::any,        503, "RFC 3398 7.2.4.1"},  // resource unavailable
    // Service or option not available, not implemented
    {55,  CauseOf::any,        403, "RFC 3398 7.2.4.1"},  // incoming calls barred within CUG
    {57,  CauseOf::any,        403, "RFC 3398 7.2.4.1"},  // bearer capability not authorized
    {58,  CauseOf::any,        503, "RFC 3398 7.2.4.1"},  // bearer capability not presently available
    {65,  CauseOf::any,        488, "RFC 3398 7.2.4.1"},  // bearer capability not implemented
    {70,  CauseOf::any,        488, "RFC 3398 7.2.4.1"},  // only restricted digital available
    {79,  CauseOf::any,        501, "RFC 3398 7.2.4.1"},  // service or option not implemented
    // Invalid message
    {87,  CauseOf::any,        403, "RFC 3398 7.2.4.1"},  // user not member of CUG
    {88,  CauseOf::any,        503, "RFC 3398 7.2.4.1"},  // incompatible destination
    // Protocol error, interworking
    {102, CauseOf::any,        504, "RFC 3398 7.2.4.1"},  // recovery on timer expiry
    {111, CauseOf::any,        500, "RFC 3398 7.2.4.1"},  // protocol error
    {127, CauseOf::any,        500, "RFC 3398 7.2.4.1"},  // interworking unspecified
    {0,   CauseOf::any,        500, "RFC 3398 7.2.4.1 (default)"},
});

constexpr auto kCauses = std::to_array<CauseRow>({
    {488, true,  65,  "RFC 3398 8.2.6.1 (Warning)"},
    {606, true,  65,  "RFC 3398 8.2.6.1 (Warning)"},
    {300, false, 23,  "RFC 3398 8.2.5"},        // 3xx: redirection to a new destination
    {400, false, 41,  "RFC 3398 8.2.6.1"},   // Bad Request
    {401, false, 21,  "RFC 3398 8.2.6.1 (*)"},  // Unauthorized
    {402, false, 21,  "RFC 3398 8.2.6.1"},   // Payment Required
    {403, false, 21,  "RFC 3398 8.2.6.1"},   // Forbidden
    {404, false, 1,   "RFC 3398 8.2.6.1"},   // Not Found
    {405, false, 63,  "RFC 3398 8.2.6.1"},   // Method Not Allowed
    {406, false, 79,  "RFC 3398 8.2.6.1 (+)"},  // Not Acceptable
    {407, false, 21,  "RFC 3398 8.2.6.1 (*)"},  // Proxy Authentication Required
    {408, false, 102, "RFC 3398 8.2.6.1"},   // Request Timeout
    {410, false, 22,  "RFC 3398 8.2.6.1"},   // Gone
    {413, false, 127, "RFC 3398 8.2.6.1 (+)"},  // Request Entity Too Large
    {414, false, 127, "RFC 3398 8.2.6.1 (+)"},  // Request-URI Too Long
    {415, false, 79,  "RFC 3398 8.2.6.1 (+)"},  // Unsupported Media Type
    {416, false, 127, "RFC 3398 8.2.6.1 (+)"},  // Unsupported URI Scheme
    {420, false, 127, "RFC 3398 8.2.6.1 (+)"},  // Bad Extension
    {421, false, 127, "RFC 3398 8.2.6.1 (+)"},  // Extension Required
    {423, false, 127, "RFC 3398 8.2.6.1 (+)"},  // Interval Too Brief
    {480, false, 18,  "RFC 3398 8.2.6.1"},   // Temporarily Unavailable
    {481, false, 41,  "RFC 3398 8.2.6.1"},   // Call/Transaction Does Not Exist
    {482, false, 25,  "RFC 3398 8.2.6.1"},   // Loop Detected
    {483, false, 25,  "RFC 3398 8.2.6.1"},   // Too Many Hops
    {484, false, 28,  "RFC 3398 8.2.6.1 (+)"},  // Address Incomplete
    {485, false, 1,   "RFC 3398 8.2.6.1"},   // Ambiguous
    {486, false, 17,  "RFC 3398 8.2.6.1"},   // Busy Here
    {487, false, 16,  "RFC 3398 8.2.6.1 (no mapping)"},  // Request Terminated: by our own CANCEL
    {488, false, 31,  "RFC 3398 8.2.6.1 (Warning)"},  // Not Acceptable Here
    {500, false, 41,  "RFC 3398 8.2.6.1"},   // Server Internal Error
    {501, false, 79,  "RFC 3398 8.2.6.1"},   // Not Implemented
    {502, false, 38,  "RFC 3398 8.2.6.1"},   // Bad Gateway
    {503, false, 41,  "RFC 3398 8.2.6.1"},   // Service Unavailable
    {504, false, 102, "RFC 3398 8.2.6.1"},   // Server Time-out
    {505, false, 127, "RFC 3398 8.2.6.1 (+)"},  // Version Not Supported; printed as 504 there
    {513, false, 127, "RFC 3398 8.2.6.1 (+)"},  // Message Too Large
    {600, false, 17,  "RFC 3398 8.2.6.1"},   // Busy Everywhere
    {603, false, 21,  "RFC 3398 8.2.6.1"},   // Decline
    {604, false, 1,   "RFC 3398 8.2.6.1"},   // Does Not Exist Anywhere
    {606, false, 31,  "RFC 3398 8.2.6.1 (Warning)"},  // Not Acceptable
    {0,   false, 31,  "RFC 3398 8.2.6.1 (default)"},
});
// RFC 3398 8.2.6.1: 6xx from the user, else from the network, which to the PSTN is the one behind us.
constexpr auto kLocations = std::to_array<LocationRow>({
    {600, isup::Location::user},
    {0,   isup::Location::beyond_interworking},
});
// RFC 3261 20.43: media type not available, incompatible media format, insufficient bandwidth.
constexpr auto kWarnings = std::to_array<WarningRow>({{"304"}, {"305"}, {"370"}});
constexpr auto kErrors = std::to_array<ErrorRow>({
    {Errc::missing,     404, "RFC 3398 7.2.1.1"},  // no number at all
    {Errc::refused,     483, "RFC 3261 16.3"},     // no hops are left
    {Errc::malformed,   484, "RFC 3398 12.2"},     // cut short
    {Errc::too_long,    484, "RFC 3398 12.2"},
    {Errc::unsupported, 484, "RFC 3398 12.2"},     // a plan that is not ours
});

constexpr auto kProvisionals = std::to_array<ProvisionalRow>({
    {180, 1, 1, 1, "RFC 3398 8.2.3"},  // Ringing: subscriber free; Alerting
    {181, 0, 6, 6, "RFC 3398 8.2.3"},  // Call is being forwarded: early ACM; Forwarding
    {0,   0, 2, 3, "RFC 3398 8.2.3"},  // 182, 183 and unknown ones: no indication; Progress
});
constexpr auto kEvents = std::to_array<EventRow>({
    {0, 183, false, "RFC 3398 7.2.9 (no event code)"},
    {1, 180, false, "RFC 3398 7.2.9"},  // Alerting
    {2, 183, false, "RFC 3398 7.2.9"},  // Progress
    {3, 183, true,  "RFC 3398 7.2.9"},  // In-band information
    {4, 181, false, "RFC 3398 7.2.9"},  // Call forward; line busy
    {5, 181, false, "RFC 3398 7.2.9"},  // Call forward; no reply
    {6, 181, false, "RFC 3398 7.2.9"},  // Call forward; unconditional
});
constexpr auto kEarlyMedia = std::to_array<EarlyMediaRow>({  // RFC 5009 8
    {"sendrecv", true},
    {"sendonly", true},
    {"recvonly", false},
    {"inactive", false},
});
// RFC 4497 9.2.2, RFC 3323 4.2: "none", "critical" and "session" hide nothing.
constexpr auto kPrivacy = std::to_array<PrivacyRow>({{"id"}, {"user"}, {"header"}});
constexpr auto kCategories = std::to_array<CategoryRow>({  // Q.763 3.11; TS 29.163 7.2.3.1
    {"ordinary",    0x0a},
    {"unknown",     0x00},
    {"operator",    0x02},  // English; the other languages are read alike
    {"operator",    0x01},
    {"operator",    0x03},
    {"operator",    0x04},
    {"operator",    0x05},
    {"priority",    0x0b},
    {"data",        0x0c},
    {"test",        0x0d},
    {"ieps",        0x0e},
    {"payphone",    0x0f},
    {"mobile-hplmn", 0x10},
    {"mobile-vplmn", 0x11},
    {"emergency",   0xe0},
});
constexpr auto kMedia = std::to_array<MediumRow>({  // Q.763 3.54, RFC 3398 7.2.1.1, RFC 4040
    {0, MediaKind::audio},         // speech
    {2, MediaKind::unrestricted},  // 64 kbit/s unrestricted
    {3, MediaKind::audio},         // 3.1 kHz audio
    {6, MediaKind::preferred},     // 64 kbit/s preferred: falls back to speech
});
using Redirected = tdm::pri::RedirectionReason;
constexpr auto kReasons = std::to_array<ReasonRow>({  // Q.763 3.45, Q.931 4.6.7, RFC 5806, RFC 7544 5
    {0, Redirected::unknown,       "unknown",       404},
    {1, Redirected::busy,          "user-busy",     486},
    {2, Redirected::no_reply,      "no-answer",     408},
    {3, Redirected::unconditional, "unconditional", 302},
    {5, Redirected::deflection,    "deflection",    480},  // immediate
    {4, Redirected::deflection,    "deflection",    487},  // during alerting
    {6, Redirected::out_of_order,  "unavailable",   503},  // mobile subscriber not reachable
});

using TypeOfNumber = tdm::pri::TypeOfNumber;
constexpr auto kNatures = std::to_array<NatureRow>({  // Q.931 table 4-9, Q.763 3.9
    {TypeOfNumber::international,    isup::NatureOfAddress::international},
    {TypeOfNumber::national,         isup::NatureOfAddress::national},
    {TypeOfNumber::network_specific, isup::NatureOfAddress::network_specific},
    {TypeOfNumber::subscriber,       isup::NatureOfAddress::subscriber},
});
using PriPlan = tdm::pri::NumberingPlan;
constexpr auto kPlans = std::to_array<PlanRow>({  // Q.931 table 4-9, Q.763 3.9
    {PriPlan::isdn,         isup::NumberingPlan::isdn},
    {PriPlan::data,         isup::NumberingPlan::data},
    {PriPlan::telex,        isup::NumberingPlan::telex},
    {PriPlan::private_plan, isup::NumberingPlan::private_plan},
});
using tdm::pri::Transfer;
constexpr auto kBearers = std::to_array<BearerRow>({  // Q.699: bearer capability and TMR
    {Transfer::audio_3k1,    3, 1},
    {Transfer::speech,       0, 1},
    {Transfer::unrestricted, 2, 2},
    {Transfer::restricted,   2, 2},  // no TMR of its own: USI tells it apart
});
using Description = tdm::pri::ProgressDescription;
constexpr auto kProgress = std::to_array<ProgressRow>({  // Q.931 4.5.23, Q.699
    {Description::not_end_to_end,       true,  false, false, false, 2},
    {Description::destination_non_isdn, false, true,  false, false, 2},
    {Description::origination_non_isdn, false, false, true,  false, 2},
    {Description::inband,               false, false, false, true,  3},
});
using tdm::pri::Notification;
using isup::MessageType;
constexpr auto kNotifications = std::to_array<NotificationRow>({  // Q.931 4.5.22, Q.763 3.25, Q.699
    {Notification::user_suspended,   MessageType::sus, 0},
    {Notification::user_resumed,     MessageType::res, 0},
    {Notification::bearer_change,    MessageType::cpg, 2},
    {Notification::remote_hold,      MessageType::cpg, 2},
    {Notification::remote_retrieval, MessageType::cpg, 2},
    {Notification::call_diverting,   MessageType::cpg, 6},
});
constexpr auto kHolds = std::to_array<HoldRow>({  // RFC 3398 9, Q.733.2
    {MessageType::sus, 0,    true},
    {MessageType::res, 0,    false},
    {MessageType::cpg, 0x79, true},
    {MessageType::cpg, 0x7a, false},
});
// clang-format on

}  // namespace

constinit const Tables kTables{.statuses = kStatuses,
                               .causes = kCauses,
                               .locations = kLocations,
                               .warnings = kWarnings,
                               .errors = kErrors,
                               .provisionals = kProvisionals,
                               .events = kEvents,
                               .early_media = kEarlyMedia,
                               .privacy = kPrivacy,
                               .categories = kCategories,
                               .media = kMedia,
                               .reasons = kReasons,
                               .natures = kNatures,
                               .plans = kPlans,
                               .bearers = kBearers,
                               .progress = kProgress,
                               .notifications = kNotifications,
                               .holds = kHolds};

}  // namespace tandem::interwork
