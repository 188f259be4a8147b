# Sourced by ss7.sh: links that are inhibited from either end, a processor that is out, circuits without continuity.

# link_shows SLC FIELD VALUE: as the gateway has it, within a minute; else complains.
link_field() { tandem links --json | jq -r ".links[] | select(.slc == $1) | .$2"; }
field_is() { [ "$(link_field "$1" "$2")" = "$3" ]; }
link_shows() { until_true 60 field_is "$@" || echo "the gateway has link $1 with $2 '$(link_field "$1" "$2")', not '$3'"; }
# hangs_up: the call that calling has made, from the far end.
hangs_up() {
  tell exchange hangup "$kept" 16 >/dev/null
  phone=$kept_phone
  ends
}

# Q.704 10: no traffic, yet aligned and tested; a call in progress is kept, others take the other link.
inhibited_here() {
  local slc kept kept_phone
  for slc in 0 1; do
    calling 16 || return
    kept=$call kept_phone=$phone
    tandem link inhibit telco $slc >/dev/null
    link_shows $slc inhibited local
    link_shows $slc state available
    link_shows $slc level_2 "in service"
    calls_cross
    tandem link uninhibit telco $slc >/dev/null
    link_shows $slc inhibited ""
    link_shows $slc state carrying
    calls_cross
    hangs_up
  done
}
inhibited_there() {
  local slc kept kept_phone
  for slc in 0 1; do
    calling 16 || return
    kept=$call kept_phone=$phone
    same "LIN" "$(tell exchange traffic lin $slc)" ok
    link_shows $slc inhibited remote
    link_shows $slc state available
    calls_cross
    same "LUN" "$(tell exchange traffic lun $slc)" ok
    link_shows $slc inhibited ""
    link_shows $slc state carrying
    calls_cross
    hangs_up
  done
}
# The last link that carries is not inhibited, whoever asks (Q.704 10.2.1).
inhibiting_denied() {
  tell exchange link down 1 >/dev/null
  link_shows 1 state down
  tandem link inhibit telco 0 >/dev/null
  wait_line "$work/gateway.log" "link telco SLC 0: inhibiting denied" 60 || echo "it is not denied"
  link_shows 0 inhibited ""
  link_shows 0 state carrying
  calls_cross
  tell exchange link up 1 >/dev/null
  link_shows 1 state carrying
  calls_cross
}
# Q.703 8, Q.704 3.2.6: SIPO. The link stays aligned, its traffic takes the other one.
processor_out() {
  local kept kept_phone before
  calling 16 || return
  kept=$call kept_phone=$phone
  before=$(link_field 1 remote_outages)
  tell exchange link outage 1 >/dev/null
  link_shows 1 remote_outage true
  link_shows 1 state available
  link_shows 0 state carrying
  tell exchange link recovers 1 >/dev/null
  link_shows 1 remote_outage false
  link_shows 1 state carrying
  link_shows 1 remote_outages $((before + 1))
  calls_cross
  hangs_up
}

# --- continuity ------------------------------------------------------------------------------------------------

# Q.764 2.1.8: no tone comes back within T24, so COT says failed and another circuit is tried, which is looped. The
# failed one is checked again after T25 and is well.
continuity_fails_once() {
  mark_logs exchange
  tell exchange noloop 1 >/dev/null
  recorded &
  local recorder=$!
  calls_to 1000 uac_answered
  wait "$recorder"
  hears exchange "^no loop on slot" && hears exchange "^cic [0-9]+ continuity failed"
  hears exchange "^loop on slot" && hears exchange "^cic [0-9]+ continuity passed"
  checked_again 1
  record_is $'44  outgoing telco \n16 200 incoming telco PCMA'
}
# The second circuit fails too, so the call does (Q.764 2.1.8: one repetition); the checks after T25 fail as well,
# and those after T26 pass.
continuity_fails() {
  mark_logs exchange
  tell exchange noloop 4 >/dev/null
  calls_to 1000 uac_refused STATUS=503
  no_loops 2 60
  no_loops 4 60
  checked_again 2
}
# no_loops COUNT SECONDS: so many checks have failed since the mark.
since_mark() { tail -n "+$((mark[exchange] + 1))" "$work/exchange.log"; }
failed_checks() { [ "$(since_mark | grep -cE '^cic [0-9]+ continuity failed$')" -ge "$1" ]; }
no_loops() { until_true "$2" failed_checks "$1" || echo "$(since_mark | grep -c '^no loop on') checks have failed, not $1"; }
# checked_again COUNT: so many circuits are looped for CCR, and all are idle then.
looped_again() { [ "$(since_mark | grep -c "^loop off slot")" -ge "$1" ]; }
checked_again() {
  until_true 150 looped_again "$1" || echo "no check passes in the end"
  idle || echo "not idle: $(tandem circuits --json | jq -c '[.circuits[] | select(.state != "idle" and .state != "link")]')"
  all_idle exchange
}
