# Sourced by scripts that call with SIPp.

# sipp_case SCENARIO [KEY=VALUE...] [-- OPTION...]: runs SIPp in the foreground of a case; complains when it fails. The
# scenario is a file, or made by sipp_scenario.py.
sipp_case() {
  local scenario=$1 file=$work/$case.$1.xml status
  shift
  local -A value=([FROM]=$from [TOP]=$top [SPEECH]=$work/speech.al [PT]=8 [CODEC]=PCMA [PTIME]=20 [SPEAK]=2500
    [EARLY]=true [CAUSE]=16 [HEADER]='X-Nothing: 1' [TARGET]='X-Nothing: 1' [EVENTS_PORT]=$((28000 + 2 * case))
    [RESULT]=$work/$case.result)
  while [ $# -gt 0 ] && [ "$1" != -- ]; do value[${1%%=*}]=${1#*=}; shift; done
  [ $# -gt 0 ] && shift
  local text key
  if [ -e "$top/tests/interop/sipp/$scenario.xml" ]; then
    text=$(<"$top/tests/interop/sipp/$scenario.xml")
  else
    text=$(python3 "$top/tests/interop/sipp_scenario.py" "$scenario")
  fi
  for key in "${!value[@]}"; do text=${text//"@$key@"/"${value[$key]}"}; done
  printf '%s\n' "$text" >"$file"
  # What options say twice, the last one has.
  sipp "${sipp_host:-127.0.0.1}:$sip_port" -sf "$file" -i 127.0.0.1 -p $((15200 + case)) -mp $((20000 + 4 * case)) \
    -m 1 -nostdin -timeout 60s -timeout_error \
    -trace_err -error_file "$file.err" -trace_msg -message_file "$file.msg" "$@" \
    >"$file.out" 2>&1 </dev/null
  status=$?
  [ $status -eq 0 ] || echo "sipp says $status: $(tail -qn 4 "$file.err" 2>/dev/null | cut -c 1-200 | tr -s '\r\n' ' ')"
}
# calls_to NUMBER SCENARIO ...: a call from SIP.
calls_to() {
  local number=$1; shift
  [[ " $* " == *" -- "* ]] || set -- "$@" --
  sipp_case "$@" -s "$number"
}

# record_is WANTED [COLUMNS]: the record of this case's call when it has ended.
record_of_call() { [ "$(cdr "count(*)" "calling = '$from' and state = 'ended'")" -ge 1 ]; }
record_is() {
  until_true 60 record_of_call || { echo "no record of a call from $from"; return; }
  same "call record" "$(cdr "${2:-q850_cause, sip_status, released_by, trunk, codec}" "calling = '$from'")" "$1"
}
# exchange_call: the number that the exchange gave to the call from $from (or dialled as such).
exchange_call() { sed -nE "s/^call ([0-9]+) (setup|dial) from $from to .*/\1/p" "$work/exchange.log" | head -n 1; }
