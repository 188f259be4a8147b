#!/bin/bash
# Two test exchanges joined by CESoPSN on loopback, one the network and one the user: each test number does what
# it says, both ways. Waits for what the programs print, never for time.   usage: exchange_selftest.sh EXCHANGE
set -u
exchange=$1
work=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null; wait 2>/dev/null; rm -rf "$work"' EXIT
failures=0

fail() {
  echo "FAILED: $*"
  failures=$((failures + 1))
}

# wait_for WHO PATTERN [SECONDS]: until a line of that program's output matches
wait_for() {
  timeout "${3:-20}" grep -qEm1 "$2" <(exec tail -n +1 -s 0.05 -f "$work/$1.log" --pid=$$ 2>/dev/null) && return 0
  fail "$1 did not print '$2'"
  tail -n 5 "$work/$1.log"
  return 1
}

tell() { # tell WHO COMMAND...: one line to its standard input
  local who=$1
  shift
  if [ "$who" = net ]; then echo "$*" >&7; else echo "$*" >&8; fi
}

start() { # start OPTIONS...: both ends with these options; the deep buffer is for a busy machine
  local try base
  for try in 1 2 3 4 5; do
    base=$((40000 + RANDOM % 20000))
    rm -f "$work"/*.in "$work"/*.log
    mkfifo "$work/net.in" "$work/user.in"
    : >"$work/net.log" >"$work/user.log"  # there before anybody waits for a line of them
    exec 7<> "$work/net.in" 8<> "$work/user.in"
    "$exchange" "$@" --playout 50 --side network --local 127.0.0.1:$base --remote 127.0.0.1:$((base + 1)) \
      < "$work/net.in" > "$work/net.log" 2>&1 &
    pids+=($!)
    "$exchange" "$@" --playout 50 --side user --clock recovered --local 127.0.0.1:$((base + 1)) --remote 127.0.0.1:$base \
      < "$work/user.in" > "$work/user.log" 2>&1 &
    pids+=($!)
    if wait_for net '^(ready|exchange: cannot bind)' && wait_for user '^(ready|exchange: cannot bind)' &&
      ! grep -q 'cannot bind' "$work"/*.log; then
      return 0
    fi
    kill "${pids[@]}" 2>/dev/null
    wait "${pids[@]}" 2>/dev/null
    pids=()
  done
  fail "no two free ports"
  exit 1
}

stop() {
  tell net quit
  tell user quit
  wait "${pids[@]}" || fail "an exchange ended with an error"
  pids=()
}

number=0
dial() { # dial WHO TO [MORE...]: sets `number`, the call's number at that end
  local who=$1 before
  shift
  before=$(grep -c '^call [0-9]* dial' "$work/$who.log")
  tell "$who" dial "$@"
  number=$(timeout 10 grep -Em $((before + 1)) '^call [0-9]+ dial' \
    <(exec tail -n +1 -s 0.05 -f "$work/$who.log" --pid=$$ 2> /dev/null) | tail -n 1 | cut -d' ' -f2)
  [ -n "$number" ] || fail "$who: dial $* did nothing"
}

loudest() { # of a WAV file
  tail -c +45 "$1" | od -An -v -td2 -w2 | awk '{ v = $1 < 0 ? -$1 : $1; if (v > max) max = v } END { print max + 0 }'
}

# The behaviours, dialled from one end.
test_numbers() {
  local who=$1
  dial "$who" 1000 from 300 name Ada
  wait_for "$who" "^call $number ringing" && wait_for "$who" "^call $number answered"
  tell "$who" record "$number" "$work/echo.wav"
  tell "$who" send-dtmf "$number" 5
  tell "$who" hangup 999
  wait_for "$who" '^error no such call'
  local echoed=$number

  dial "$who" 1001 record "$work/milliwatt.wav"
  wait_for "$who" "^call $number answered"
  local milliwatt=$number

  dial "$who" 1002 && wait_for "$who" "^call $number released cause 17"
  dial "$who" 1003 && wait_for "$who" "^call $number ringing"
  tell "$who" hangup "$number"
  wait_for "$who" "^call $number released cause 16"
  dial "$who" 1004 && wait_for "$who" "^call $number progress cause 1$"
  wait_for "$who" "^call $number released cause 1$"
  dial "$who" 1005 && wait_for "$who" "^call $number progress$" && wait_for "$who" "^call $number answered"
  tell "$who" hangup "$number" 31
  wait_for "$who" "^call $number released cause 31"
  dial "$who" 1007 && wait_for "$who" "^call $number answered" && wait_for "$who" "^call $number released cause 16"
  dial "$who" 1008 && wait_for "$who" "^call $number released cause 34"
  dial "$who" 1009 && wait_for "$who" "^call $number answered"
  tell "$who" hangup "$number"
  dial "$who" 7777 && wait_for "$who" "^call $number released cause 1$"
  dial "$who" 1006 && wait_for "$who" "^call $number answered"
  tell "$who" send-dtmf "$number" '159*0#'
  local far=user
  [ "$who" = user ] && far=net
  wait_for "$far" 'digits 159\*0#'

  tell "$who" hangup "$echoed"
  wait_for "$who" "^call $echoed released"
  tell "$who" hangup "$milliwatt"
  wait_for "$who" "^call $milliwatt released"
  local peak
  peak=$(loudest "$work/milliwatt.wav") # 0 dBm0: 3.14 dB below the largest value
  [ "$peak" -gt 21500 ] && [ "$peak" -lt 24000 ] || fail "$who: milliwatt has a peak of $peak"
  peak=$(loudest "$work/echo.wav")
  [ "$peak" -gt 5000 ] || fail "$who: no echo heard, peak $peak"
}

for kind in "--type e1 --switch euroisdn" "--type t1 --switch national"; do
  echo "== $kind"
  # shellcheck disable=SC2086
  start $kind
  wait_for net '^d-channel up'
  wait_for user '^d-channel up'
  test_numbers user
  test_numbers net
  dial user 1003 && wait_for user "^call $number ringing"
  slot=$(grep "^call $number dial" "$work/user.log" | sed 's/.* slot //')
  tell net restart "$slot"
  wait_for user "^restart slot $slot" && wait_for net "^restarted slot $slot"
  wait_for user "^call $number released cause 41"
  tell net alarm ais
  wait_for user '^alarm blue'
  tell net alarm none
  wait_for net '^ok'
  stop
done

[ $failures -eq 0 ] && echo "exchange selftest passed"
exit $((failures > 0))
