# Sourced by the roles. A role has two verbs: `install` once, with all rights, before the first start of the host;
# `start` at every start, with the rights a host has.
# They have HOST_ADDRESS and TORRENT, the path of the torrent file.
. /run/lab/host
TORRENT=$(ls /run/lab/*.torrent)

# as USER COMMAND...: runs a program as that user, with that user's home.
as() {
  local user=$1
  shift
  (cd "/home/$user" && exec setpriv --reuid "$user" --regid "$user" --init-groups \
    env -i HOME="/home/$user" USER="$user" LOGNAME="$user" PATH=/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8 \
    XDG_RUNTIME_DIR="/run/user/$(id -u "$user")" TERM=xterm "$@")
}

# desktop_session USER: a logged-in user, as `who` and the process list show one.
desktop_session() {
  as "$1" dbus-daemon --session --fork --nopidfile "--address=unix:path=/run/user/$(id -u "$1")/bus" --print-pid > /run/lab/session.pid
  utmp-login "$1" tty7 :0 "$(cat /run/lab/session.pid)"
}

# until_ok TRIES COMMAND...: repeats every 0.1 s until the command succeeds.
until_ok() {
  local tries=$1 n
  shift
  for ((n = 0; n < tries; n++)); do
    if "$@" > /dev/null 2>&1; then return 0; fi
    sleep 0.1
  done
  echo "gave up after $tries tries: $*" >&2
  return 1
}

# port_open ADDRESS PORT: somebody accepts TCP connections there.
port_open() { (exec 3<> "/dev/tcp/$1/$2") 2> /dev/null; }
