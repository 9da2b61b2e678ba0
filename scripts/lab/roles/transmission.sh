#!/bin/bash
# alice runs transmission-daemon from her session, with an autostart entry of her own.
set -euo pipefail
. /run/lab/roles/lib.sh
C=/home/alice/.config/transmission-daemon
D=/home/alice/Downloads

install() {
  # The package enables a system service; here the user starts it.
  systemctl disable --quiet transmission-daemon.service
  mkdir -p "$C" "$D" /home/alice/.config/autostart
  cat > "$C/settings.json" << J
{"download-dir": "$D", "rpc-bind-address": "127.0.0.1", "peer-port": 51413, "encryption": 0, "utp-enabled": false, "cache-size-mb": 0,
 "speed-limit-down": 80, "speed-limit-down-enabled": true, "port-forwarding-enabled": false}
J
  cp "$TORRENT" "$D/"
  printf '[Desktop Entry]\nType=Application\nName=Transmission\nExec=transmission-daemon\n' > /home/alice/.config/autostart/transmission.desktop
  chown -R alice:alice /home/alice
}

start() {
  desktop_session alice
  as alice transmission-daemon -g "$C" --logfile "$C/log"
  until_ok 100 transmission-remote 127.0.0.1:9091 --list
  transmission-remote 127.0.0.1:9091 --add "$D"/*.torrent
}

"$1"
