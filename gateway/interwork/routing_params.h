#pragma once
// Carriers and ported numbers: cic, rn and npdi of RFC 4694 <-> ISUP; what Q.931 has of them is the transit
// network selection.
#include <optional>
#include <string>

#include "gateway/interwork/numbers.h"
#include "isup/message.h"
#include "sipt/values.h"

namespace tandem::interwork {

/// npdi and, of a trusted peer, rn and cic of the request URI. They are read with the own country's code or
/// none; another country's are passed over (RFC 4694 5.2.1), as is what is no number.
void read_routing(isup::Message& iam, const sip::Uri& request_uri, const NumberPlan& plan, bool trusted);
/// ";npdi;rn=+1...;cic=+1..." behind the called number. rn and cic are for trusted peers, and for plans with
/// a country code: RFC 4694 has them global, or with a context that nobody here knows.
std::string routing_params(const isup::Message& iam, const NumberPlan& plan, bool trusted);

/// rn of who calls: the switch that its call comes from (T1.113 jurisdiction information).
void read_jurisdiction(isup::Message& iam, const sip::Uri& caller, const NumberPlan& plan, bool trusted);
std::string jurisdiction_params(const isup::Message& iam, const NumberPlan& plan, bool trusted);

/// The called party's own number: T1.113 has a ported subscriber's in the generic address, and the routing
/// number in its place.
std::optional<isup::CalledPartyNumber> dialled_number(const isup::Message& iam);
/// The digits of the carrier that the call is to go by, of whichever parameter says it; empty: none.
std::string carrier_of(const isup::Message& iam);

}  // namespace tandem::interwork
