#!/usr/bin/env bash
# Builds the benches, runs them and prints a table: what was measured, its bound, and whether it holds.
# Exit 1 when a bound does not hold. Figures of one run are compared with each other: the machine may be noisy.
# TANDEM_BENCH_CALLS: calls of the long run, 100000 unless given (about 10 minutes).
set -euo pipefail
cd "$(dirname "$0")/../.."
. .ci/setup
install $packages_build $packages_test
build release tandem exchange bench_sip bench_media bench_core bench_isup bench_mtp bench_q764 bench_ss7
bin=build/release/bin
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

say "measuring (about a minute)"
bench() { "$bin/bench_$1" --benchmark_out="$work/$1.json" --benchmark_out_format=json "${@:2}" >"$work/$1.txt"; }
bench sip --benchmark_filter='SipParse|Call' --benchmark_repetitions=9 --benchmark_enable_random_interleaving=true
bench media --benchmark_filter='^media_channel/' --benchmark_repetitions=9 --benchmark_enable_random_interleaving=true \
  --benchmark_min_time=0.2
bench core --benchmark_repetitions=1
bench isup --benchmark_repetitions=9 --benchmark_enable_random_interleaving=true
bench mtp --benchmark_repetitions=5
bench q764 --benchmark_repetitions=3
bench ss7 --benchmark_repetitions=3

# value BENCH NAME FIELD: the least of the repetitions.
value() { jq -r --arg n "$2" "[.benchmarks[] | select(.run_type != \"aggregate\" and (.name | test(\"^\" + \$n + \"(/[a-z]|\$)\"))) | .$3] | min // error(\"no \" + \$n)" "$work/$1.json"; }

failed=0
# row WHAT VALUE UNIT RELATION BOUND
row() {
  local holds=yes
  jq -en "$2 $4 $5" >/dev/null || { holds=NO; failed=1; }
  printf '| %-56s | %12.2f | %-12s | %2s %-8s | %-5s |\n' "$1" "$2" "$3" "$4" "$5" "$holds"
}
plain() { printf '| %-56s | %12.2f | %-12s | %-11s | %-5s |\n' "$1" "$2" "$3" "" ""; }
head_row() { printf '| %-56s | %12s | %-12s | %-11s | %-5s |\n' measure value unit bound holds; printf '|%s|%s|%s|%s|%s|\n' "$(printf -- '-%.0s' {1..58})" "$(printf -- '-%.0s' {1..14})" "$(printf -- '-%.0s' {1..14})" "$(printf -- '-%.0s' {1..13})" "$(printf -- '-%.0s' {1..7})"; }

# start_seconds: from the start of the process to its "is ready".
start_seconds() {
  cat >"$work/gateway.toml" <<EOF
[gateway]
name = "bench"
sip = { listen = ["udp:127.0.0.1:16060", "tcp:127.0.0.1:16060"] }
rtp = { address = "127.0.0.1", ports = "36000-36999" }
cdr = "$work/cdr.sqlite"
control = "$work/control.sock"
[[span]]
name = "e1-1"
type = "E1"
local = "127.0.0.1:46001"
remote = "127.0.0.1:56001"
[[trunk]]
name = "telco"
signalling = "pri"
switch = "euroisdn"
side = "user"
spans = ["e1-1"]
d_channel = "e1-1:16"
[[peer]]
name = "peer"
address = "sip:127.0.0.1:16070;transport=udp"
[[route]]
from = "peer"
to = ["telco"]
EOF
  local start=$EPOCHREALTIME pid
  mkfifo "$work/log" 2>/dev/null || true
  "$bin/tandem" run "$work/gateway.toml" 2>"$work/log" &
  pid=$!
  grep -q -m1 "is ready" <"$work/log"
  jq -n "$EPOCHREALTIME - $start"
  kill "$pid"; wait "$pid" || true
}

tandem_ns=$(value sip BM_SipParseTandem cpu_time)
sofia_ns=$(value sip BM_SipParseSofia cpu_time)
ch30=$(value media media_channel/1 ns_per_channel_20ms)
ch480=$(value media media_channel/16 ns_per_channel_20ms)
ch1890=$(value media media_channel/63 ns_per_channel_20ms)
flat=$(jq -n "([$ch30,$ch480,$ch1890] | max) / ([$ch30,$ch480,$ch1890] | min) * 100 - 100")
started=$(start_seconds)
tests/bench/whole.sh "$bin" "${TANDEM_BENCH_CALLS:-100000}" >"$work/whole"
whole() { awk -v name="$1" '$1 == name { print $2 }' "$work/whole"; }

echo
head_row
plain "SIP parse, 894-octet INVITE" "$tandem_ns" "ns"
plain "  the same by sofia-sip" "$sofia_ns" "ns"
row "  ratio to sofia-sip" "$(jq -n "$tandem_ns / $sofia_ns")" "" "<=" 0.334
plain "SIP call served: INVITE, 200, ACK, BYE" "$(value sip BM_CallServed cpu_time)" "ns"
plain "SIP call refused for overload" "$(value sip BM_CallRefusedForOverload cpu_time)" "ns"
row "  ratio of the two" "$(jq -n "$(value sip BM_CallRefusedForOverload cpu_time) / $(value sip BM_CallServed cpu_time)")" "" "<=" 0.25
row "ISUP decode, IAM with 12 parameters" "$(value isup isup_decode_iam_12 cpu_time)" "ns" "<" 250
row "ISUP encode, IAM with 12 parameters" "$(value isup isup_encode_iam_12 cpu_time)" "ns" "<" 250
plain "media, 30 channels" "$ch30" "ns/ch/20 ms"
plain "media, 480 channels" "$ch480" "ns/ch/20 ms"
plain "media, 1890 channels" "$ch1890" "ns/ch/20 ms"
row "  spread between them" "$flat" "%" "<=" 15
row "SIP to PRI, complete calls on one core" "$(value core sip_to_pri_calls calls_per_second)" "calls/s" ">=" 4000
row "ISUP to ISUP, complete calls on one core, with far ends" "$(value ss7 isup_to_isup_calls calls_per_second)" "calls/s" ">=" 10000
plain "ISUP circuit machines, a call at both ends" "$(value q764 q764_call cpu_time)" "ns"
row "memory of an idle ISUP circuit" "$(value q764 memory_per_idle_circuit bytes_per_circuit)" "octets" "<" 1024
row "64 MTP2 links at full load, share of one core" "$(value mtp mtp2_loaded/64 core_percent)" "%" "<=" 5
row "64 MTP2 links idle, share of one core" "$(value mtp mtp2_idle/64 core_percent)" "%" "<=" 5
row "  20 octets of line each way, idle link" "$(value mtp mtp2_idle/64 ns_per_link_20_octets)" "ns" "<" 1000
row "resident memory of a call" "$(value core memory_per_call/9990 bytes_per_call)" "octets" "<=" 65536
row "start to ready" "$(jq -n "$started * 1000")" "ms" "<" 300
echo
echo "The running gateway and the test exchange, complete SIP-to-PRI calls over UDP from SIPp ($(whole calls) calls):"
head_row
plain "calls a second held without failure" "$(whole held_calls_per_second)" "calls/s"
row "failed calls" "$(whole failed)" "calls" "==" 0
row "processor time of a call, user space" "$(whole user_us_per_call)" "us" "<=" 250
row "failed calls through Kamailio" "$(whole kamailio_failed)" "calls" "==" 0
plain "  the same SIPp scenario through Kamailio" "$(whole kamailio_us_per_call)" "us"
plain "  ratio to Kamailio" "$(jq -n "$(whole user_us_per_call) / $(whole kamailio_us_per_call)")" ""
plain "resident memory after 1000 calls" "$(whole rss_kib_after_1000)" "KiB"
plain "resident memory after all" "$(whole rss_kib_after_all)" "KiB"
row "  grown by" "$(jq -n "($(whole rss_kib_after_all) / $(whole rss_kib_after_1000) - 1) * 100")" "%" "<=" 2
row "calls lost during reloads" "$(whole reload_failed)" "calls" "==" 0
exit $failed
