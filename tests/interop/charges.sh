#!/usr/bin/env bash
# Advice of charge (ETS 300 182) as libpri sends it, in the call records: units and money, during the call and at its end,
# and calls that are free.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
. "$here/sipp_lib.sh"

charged() {  # NUMBER WORDS
  calls_to "$1" uac_cleared
  record_is "16 200 outgoing telco PCMA"
  same "charge" "$(cdr charge "calling = '$from'")" "$2"
}

start_pair
begin "units at the end of the call" charged 1013 "12 units"
begin "money during the call: the last word stands" charged 1018 "0.250 EUR"
begin "money at the end of the call" charged 1019 "1.250 EUR"
begin "a call that is free" charged 1020 "free"
begin "no advice: none in the record" charged 1007 ""
settle
check "idle at the end" "$(tandem calls; tandem circuits)" idle
summary
