# Functions that every verb shares. POSIX sh with the tools of coreutils or busybox. Values come as positional parameters,
# are always quoted, and leave in base64. Every reply line carries a nonce, so that nothing else on the way (a sudo lecture,
# a login banner) is read as an answer.
PATH=/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
umask 077
nonce=$1 verb=$2 case_id=$3 action_id=$4 root=$5 state_dir=$6
shift 6

encode() { base64 | tr -d '\n'; }
decode() { printf '%s' "$1" | base64 -d; }
NL='
'
kept=''
keep() {
  value=$(printf '%s' "$2" | encode)
  kept="$kept$1 $value$NL"
  printf '@@%s B %s %s\n' "$nonce" "$1" "$value"
}

# Ends the verb with a state and fixed words; the journal on the host is told first.
answer() {
  [ -n "$case_dir" ] &&
    printf '%s\t%s\t%s\t%s\t%s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$action_id" "$verb" "$1" "$2" >>"$case_dir/journal"
  [ "$verb $1" != 'prepare ready' ] ||
    printf '%s %s\n' "$action_id" "$(printf '%s' "$kept" | sum)" >>"$case_dir/prepared" || set -- refused "the journal cannot be written"
  printf '@@%s R %s %s\n' "$nonce" "$1" "$2"
  exit 0
}

# A directory that belongs to us alone. mkdir does not follow a planted link, and a planted directory has another owner.
own_directory() {
  mkdir -m 700 -- "$1" 2>/dev/null
  [ -d "$1" ] && [ ! -L "$1" ] && [ "$(stat -c '%u %a' -- "$1")" = "$(id -u) 700" ]
}
case_dir=
open_case_dir() {
  own_directory "$state_dir" && own_directory "$state_dir/quarantine" && own_directory "$state_dir/quarantine/$case_id" ||
    answer refused "no private quarantine directory can be made on the host"
  case_dir=$state_dir/quarantine/$case_id
}
# The state before comes back from outside, and an undo does what it says, a command line included: only what was prepared
# on this very host is believed. $before_digest is set where the script is put together.
require_prepared() {
  [ "$verb" = prepare ] || grep -qxF -- "$action_id $before_digest" "$case_dir/prepared" 2>/dev/null ||
    answer refused "this was never prepared on this host"
}
# A path in a directory that nothing has yet: the plain name if it is free. Fails when there are too many.
free_name() {
  name=$2 number=0
  while [ -e "$1/$name" ] || [ -L "$1/$name" ]; do
    number=$((number + 1))
    [ "$number" -lt 100 ] || return 1
    name=$2.$number
  done
  printf '%s' "$1/$name"
}

# Goes into the directory of a path and stays there: whoever swaps a part of the path for a link afterwards moves nothing.
# Sets base. Fails when the directory is missing or is reached through a link.
enter_parent() {
  parent=$(dirname -- "$1")
  base=$(basename -- "$1")
  cd -P -- "$parent" 2>/dev/null && [ "$(pwd -P)" = "$parent" ]
}
present() { [ -e "./$base" ] || [ -L "./$base" ]; }
# For prepare: what is missing needs no change, what lies behind a link gets none.
enter_or_answer() {
  enter_parent "$1" && return
  [ -e "$1" ] || [ -L "$1" ] || answer already_done "it is not there"
  answer refused "the path leads through a symbolic link"
}
sum() { sha256sum | cut -c 1-64; }

# Home directory of an account, by name or number.
home_of() {
  { getent passwd "$1" 2>/dev/null || awk -F : -v key="$1" '$1 == key || $3 == key' /etc/passwd; } | head -n 1 | cut -d : -f 6
}
