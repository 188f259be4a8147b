#!/usr/bin/env bash
# SIPp against the gateway, both directions, with RTP; the PSTN is the test exchange. A line for each scenario, then
# "N passed, 0 failed". Scenarios that do not disturb each other run side by side.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"

. "$here/sipp_lib.sh"
. "$here/sipp_calls.sh"
. "$here/sipp_refused.sh"
. "$here/sipp_pstn.sh"
. "$here/sipp_features.sh"
. "$here/sipp_operator.sh"

make_speech "$work/speech.wav" "One two three four five six."
sox -V1 "$work/speech.wav" -t al "$work/speech.al"
sox -V1 "$work/speech.wav" -t ul "$work/speech.ul"
start_pair

slow_cases
calls_from_sip
refusals
settle
check "idle after the calls from SIP" "$(tandem calls; tandem circuits)" idle
calls_from_pstn
settle
check "idle after the calls from the PSTN" "$(tandem calls; tandem circuits)" idle
features_from_sip
settle
check "idle after holds, updates and lies" "$(tandem calls; tandem circuits)" idle
features_from_pstn
settle
check "idle after forks, storms and redirections" "$(tandem calls; tandem circuits)" idle
many_calls
operator_cases
summary
