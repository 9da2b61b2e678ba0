scope=$1 unit=$2 location=$3 user=$4 enabled_before=$5 active_before=$6

# As sd_booted(3) looks for it.
if [ "$scope" = system ]; then
  live() { [ "$root" = / ] && [ -d /run/systemd/system ]; }
  manager() { if live; then systemctl --no-ask-password "$@"; else systemctl "--root=$root" "$@"; fi; }
else
  uid=$(id -u -- "$user" 2>/dev/null)
  gid=$(id -g -- "$user" 2>/dev/null)
  live() { [ -S "/run/user/$uid/systemd/private" ]; }
  # As the user, so that whatever the user put into these directories has no more rights than the user.
  manager() {
    set -- "HOME=$(home_of "$user")" "USER=$user" "PATH=$PATH" "XDG_RUNTIME_DIR=/run/user/$uid" systemctl --user --no-ask-password "$@"
    live || set -- SYSTEMD_OFFLINE=1 "$@"
    if [ "$(id -u)" = "$uid" ]; then env -i "$@"; else setpriv --reuid "$uid" --regid "$gid" --init-groups -- env -i "$@"; fi
  }
fi

enabled() { manager is-enabled -- "$unit" 2>/dev/null | head -n 1; }
active() { if live; then manager is-active -- "$unit" 2>/dev/null | head -n 1; fi; }
is_on() { case $1 in enabled | enabled-runtime | linked | linked-runtime | alias) ;; *) return 1 ;; esac; }
is_running() { case $1 in active | activating | reloading) ;; *) return 1 ;; esac; }
# Without the argument list getting a word when there is none to say.
change() {
  what=$1 runtime=''
  case $enabled_before in *-runtime) runtime=--runtime ;; esac
  manager "$what" --quiet ${runtime:+"$runtime"} -- "$2" >/dev/null 2>&1
}

prepare() {
  command -v systemctl >/dev/null || answer refused "there is no systemctl on the host"
  [ "$scope" = system ] || [ -n "$uid" ] || answer refused "there is no such user on the host"
  now=$(enabled)
  running=$(active)
  case $now in
    enabled | enabled-runtime | linked | linked-runtime | alias) ;;
    static | generated | transient | indirect) answer refused "the unit is $now: it is not started by being enabled" ;;
    *) is_running "$running" || answer already_done "the unit is not enabled" ;;
  esac
  file=$(readlink -f -- "$location" 2>/dev/null)
  [ -f "$file" ] || answer refused "the unit file is not where the plan says"
  if live; then
    fragment=$(manager show -p FragmentPath --value -- "$unit" 2>/dev/null)
    [ "$(readlink -f -- "$fragment")" = "$file" ] || answer refused "the unit comes from another file than the plan says"
  fi
  keep enabled "$now"
  keep active "$running"
  answer ready "the unit is enabled"
}

apply() {
  if is_on "$(enabled)"; then change disable "$unit"; fi
  # What does not run is stopped without complaint.
  if live; then manager stop -- "$unit" >/dev/null 2>&1; fi
  is_on "$(enabled)" && answer failed "the unit is still enabled"
  is_running "$(active)" && answer failed "the unit still runs"
  answer ok "the unit is disabled and stopped"
}

verify() {
  is_on "$(enabled)" && answer not_ok "the unit is enabled"
  # A service that ends badly when stopped is "failed" and is stopped nevertheless.
  is_running "$(active)" && answer not_ok "the unit runs"
  answer ok "the unit is disabled and does not run"
}

undo() {
  if is_on "$enabled_before" && ! is_on "$(enabled)"; then
    # A linked unit file lies outside the search path and is forgotten when it is disabled.
    change enable "$unit" || change enable "$(readlink -f -- "$location")"
    is_on "$(enabled)" || answer failed "the unit cannot be enabled again"
  fi
  if is_running "$active_before" && live && ! is_running "$(active)"; then
    manager start -- "$unit" >/dev/null 2>&1
    is_running "$(active)" || answer failed "the unit is enabled again but does not start"
  fi
  answer ok "the unit is as it was"
}
