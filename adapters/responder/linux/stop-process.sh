pid=$1 start=$2 executable=$3 hash=$4 prepared_at=$5 uid=$6 gid=$7 cwd=$8 cmdline=$9
shift 9
environ=$1

# Start identity of a process (field 22 of its stat line, behind the last parenthesis of its name); empty when it has ended.
start_of() {
  stat_text='' line=''
  { while IFS= read -r line || [ -n "$line" ]; do stat_text="$stat_text$line "; done <"/proc/$1/stat"; } 2>/dev/null
  [ -n "$stat_text" ] || return 0
  # shellcheck disable=SC2046 # the numbers are to be split
  set -- $(printf '%s' "$stat_text" | sed 's/.*) //')
  case $1 in Z | X) return 0 ;; esac
  shift 19
  printf '%s' "$1"
}
executable_of() {
  link=$(readlink "/proc/$1/exe") || return 1
  printf '%s' "${link% (deleted)}"
}
status_of() { sed -n "s/^$2:[[:space:]]*\([0-9]*\).*/\1/p" "/proc/$1/status" 2>/dev/null; }

same_process() { [ "$(start_of "$pid")" = "$start" ]; }
we_depend_on_it() {
  up=$$
  while [ "${up:-0}" -gt 1 ]; do
    [ "$up" = "$pid" ] && return 0
    up=$(status_of "$up" PPid)
  done
  return 1
}
# Many programs share an interpreter: there the command line tells one from another.
same_program() {
  [ "$(executable_of "$1" 2>/dev/null)" = "$executable" ] || return 1
  case ${executable##*/} in
    python* | java | node | nodejs | electron* | mono* | perl* | ruby* | wine* | sh | bash | dash | busybox)
      [ "$(encode <"/proc/$1/cmdline" 2>/dev/null)" = "$cmdline" ]
      ;;
  esac
}
# Processes of the same program that started after we first looked.
came_back() {
  for entry in /proc/[0-9]*; do
    other=${entry#/proc/}
    same_program "$other" || continue
    began=$(start_of "$other")
    [ -n "$began" ] && [ "$began" -gt "$prepared_at" ] && return 0
  done
  return 1
}
# Waits for fifths of a second.
ends_within() {
  rounds=$1
  while same_process; do
    [ "$rounds" -gt 0 ] || return 1
    rounds=$((rounds - 1))
    sleep 0.2
  done
}

prepare() {
  found=$(start_of "$pid")
  [ -n "$found" ] || answer already_done "the process has ended"
  [ "$found" = "$start" ] || answer refused "the process id belongs to another process now"
  we_depend_on_it && answer refused "it is a process that we are logged in through"
  [ "$(executable_of "$pid")" = "$executable" ] || answer refused "the process runs another executable than the plan says"
  if [ -n "$hash" ] && [ "$(sum <"/proc/$pid/exe")" != "$hash" ]; then
    answer refused "the executable is not the one that was examined"
  fi
  keep prepared_at "$(start_of $$)"
  keep uid "$(status_of "$pid" Uid)"
  keep gid "$(status_of "$pid" Gid)"
  keep cwd "$(readlink -n "/proc/$pid/cwd" | encode)"
  # A longer command line is not started again: what is cut would be another command.
  text=$(head -c 8191 "/proc/$pid/cmdline" | encode)
  [ ${#text} -le 10920 ] || text=''
  keep cmdline "$text"
  # Only what a desktop program needs to find its screen: the rest of an environment may hold secrets.
  keep environ "$(tr '\000' '\n' <"/proc/$pid/environ" 2>/dev/null |
    grep -E '^(DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|XDG_RUNTIME_DIR|DBUS_SESSION_BUS_ADDRESS|LANG|TZ)=' |
    tr '\n' '\000' | encode)"
  answer ready "the process is the one in the plan"
}

apply() {
  same_process || answer ok "the process has ended"
  [ "$(executable_of "$pid")" = "$executable" ] || answer refused "the process runs another executable than the plan says"
  kill -TERM "$pid" 2>/dev/null
  ends_within 50 && answer ok "the process ended when asked to"
  same_process && kill -KILL "$pid" 2>/dev/null
  ends_within 15 && answer ok "the process was killed, 10 seconds after it was asked to end"
  answer failed "the process cannot be ended"
}

verify() {
  same_process && answer not_ok "the process still runs"
  # A watchdog or a service manager needs a moment to bring it back.
  sleep 2
  came_back && answer not_ok "the same program was started again"
  answer ok "the process is gone and nothing started it again"
}

undo() {
  same_process && answer ok "the process still runs"
  came_back && answer ok "the program runs again"
  [ -n "$cmdline" ] && [ -n "$uid" ] || answer failed "the command line is not known"
  [ -x "$executable" ] || answer failed "the executable is not there any more"
  cd -- "$(decode "$cwd")" 2>/dev/null || cd /
  user=$(id -un "$uid" 2>/dev/null)
  home=$(home_of "$uid")
  set -- "HOME=${home:-/}" "USER=$user" "LOGNAME=$user" PATH=/usr/local/bin:/usr/bin:/bin:/usr/games
  if [ "$(id -u)" != "$uid" ]; then
    groups=--clear-groups
    [ -z "$user" ] || groups=--init-groups
    set -- "$@" setpriv --reuid "$uid" --regid "$gid" "$groups" --
  fi
  # The real executable, not the first word of the command line, which a program may choose.
  # shellcheck disable=SC2016 # for the inner shell
  set -- "$@" sh -c 'program=$0; shift; exec "$program" "$@"' "$executable"
  umask 022
  { decode "$environ"; printf '%s\000' "$@"; decode "$cmdline"; } | setsid xargs -0 env -i >/dev/null 2>&1 &
  rounds=25
  until came_back; do
    [ "$rounds" -gt 0 ] || answer failed "the program does not start again"
    rounds=$((rounds - 1))
    sleep 0.2
  done
  sleep 1
  came_back || answer failed "the program was started again but did not stay"
  answer ok "the program was started again"
}
