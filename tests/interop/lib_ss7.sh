# Sourced after lib.sh by the scripts about SS7: test exchanges on libss7, by name, what they say and what they are told.

# The two ends, chosen before anything starts: an E1 with ITU's signalling or a T1 with ANSI's. Each has a linkset of
# two links, and circuits in two groups; "near" is the end where the gateway may stand.
ss7_variant=itu
declare -A ss7_type=([itu]=e1 [ansi]=t1)
declare -A ss7_near_pc=([itu]=100 [ansi]=1-1-1) ss7_far_pc=([itu]=200 [ansi]=1-1-2)
declare -A ss7_links=([itu]=0:16,0:31 [ansi]=0:24,0:23)
declare -A ss7_cics=([itu]=1:0:1-15,17:0:17-30 [ansi]=1:0:1-11,101:0:12-22)
declare -A ss7_groups=([itu]="1-15 17-30" [ansi]="1-11 101-111")
ss7_near_port=41001 ss7_far_port=51001

# start_ss7 NAME near|far CLOCK [OPTION...]: an exchange at that end; $work/NAME.log is what it says.
start_ss7() {
  local name=$1 end=$2 clock=$3 local_port=$ss7_near_port remote_port=$ss7_far_port
  local opc=${ss7_near_pc[$ss7_variant]} dpc=${ss7_far_pc[$ss7_variant]}
  [ "$end" = near ] || { local swap=$local_port; local_port=$remote_port remote_port=$swap; swap=$opc; opc=$dpc dpc=$swap; }
  shift 3
  background "$work/$name.log" "$bin/exchange" --signalling ss7 --variant "$ss7_variant" --type "${ss7_type[$ss7_variant]}" \
    --opc "$opc" --dpc "$dpc" --link "${ss7_links[$ss7_variant]}" --cics "${ss7_cics[$ss7_variant]}" \
    --local "127.0.0.1:$local_port" --remote "127.0.0.1:$remote_port" --clock "$clock" --playout 100 \
    --control "$work/$name.sock" "$@"
  pid_of[$name]=$last_pid
  mark[$name]=0
}
declare -A pid_of mark

# tell NAME COMMAND...: one command; its answer on standard output.
tell() { local name=$1; shift; "$bin/exchange" --ask "$work/$name.sock" "$*"; }

# hears NAME PATTERN [SECONDS]: until a line matches of those since the mark; else complains.
hears() {
  timeout "${3:-90}" grep -qE -m1 "$2" <(tail -n "+$((mark[$1] + 1))" -s 0.05 -f "$work/$1.log" 2>/dev/null) && return 0
  echo "$1 did not say '$2', but: $(tail -n "+$((mark[$1] + 1))" "$work/$1.log" | tail -n 6 | tr '\n' '|')"
  return 1
}
# mark_logs NAME...: what they said so far counts no longer.
mark_logs() { local name; for name; do mark[$name]=$(wc -l <"$work/$name.log"); done; }

# dials NAME NUMBER [MORE...]: the call's number at that end in $call.
dials() {
  local name=$1 reply; shift
  reply=$(tell "$name" dial "$@") || { echo "$name: dial $*: $reply"; return 1; }
  call=${reply##* }
}

# circuit NAME CIC: its state as the exchange tells it, without "cic N slot N ".
circuit() { tell "$1" circuits | tr ';' '\n' | sed -n "s/^ cic $2 slot [0-9]* //p"; }
# slot_of NAME CIC
slot_of() { tell "$1" circuits | tr ';' '\n' | sed -n "s/^ cic $2 slot \([0-9]*\) .*/\1/p"; }
circuit_is() { [ "$(circuit "$1" "$2")" = "$3" ]; }
# becomes NAME CIC STATE: within 10 s; else complains.
becomes() { until_true 60 circuit_is "$@" || echo "$1: circuit $2 is '$(circuit "$1" "$2")', not '$3'"; }
# all_idle NAME...: no circuit has a call or is blocked.
is_idle() { ! tell "$1" circuits | tr ';' '\n' | tail -n +2 | grep -vqE '^ cic [0-9]+ slot [0-9]+ idle$'; }
all_idle() { local name; for name; do until_true 90 is_idle "$name" || echo "$name: $(tell "$name" circuits | tr ';' '\n' | grep -v 'idle$' | tr '\n' ';')"; done; }

# aligned NAME...: all links and the linkset are up, and the circuits were reset and so acknowledged.
aligned() {
  local name group link
  for name; do
    for link in 0 1; do hears "$name" "^link $link up"; done
    hears "$name" "^linkset up"
    for group in ${ss7_groups[$ss7_variant]}; do
      hears "$name" "^cic $group group reset$"
      hears "$name" "^cic $group group reset by the far end"
    done
  done
}
