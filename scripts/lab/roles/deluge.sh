#!/bin/bash
# bob runs deluged.
set -euo pipefail
. /run/lab/roles/lib.sh
C=/home/bob/.config/deluge
D=/home/bob/dl

install() {
  mkdir -p "$C" "$D"
  echo 'localclient:a0b1c2:10' > "$C/auth"
  chmod 600 "$C/auth"
  cat > "$C/core.conf" << J
{"file":1,"format":1}{"download_location":"$D","listen_ports":[6891,6891],"random_port":false,"max_download_speed":80.0,"enc_in_policy":2,"enc_out_policy":2,"upnp":false,"natpmp":false,"dht":true,"lsd":true,"new_release_check":false,"allow_remote":false}
J
  cp "$TORRENT" "$D/"
  chown -R bob:bob /home/bob
}

start() {
  desktop_session bob
  # Its logging throws with this Python, again and again, onto standard error.
  as bob deluged -c "$C" -l /home/bob/deluged.log -L info > /dev/null 2>&1
  until_ok 300 port_open 127.0.0.1 58846
  # deluge-console prints a traceback of its own logging with this Python and does its work all the same.
  as bob deluge-console -c "$C" "add -p $D $(ls "$D"/*.torrent)" > /dev/null 2>&1 || true
  until_ok 100 compgen -G "$C/state/*.torrent"
}

"$1"
