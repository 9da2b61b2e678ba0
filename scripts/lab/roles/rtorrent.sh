#!/bin/bash
# bob runs rtorrent under screen: without a terminal this version stays in "hashing" for ever.
set -euo pipefail
. /run/lab/roles/lib.sh
D=/home/bob/dl

install() {
  mkdir -p "$D" /home/bob/.session
  cp "$TORRENT" "$D/"
  cat > /home/bob/.rtorrent.rc << J
session.path.set = /home/bob/.session
directory.default.set = $D
network.port_range.set = 6901-6901
protocol.encryption.set = none
throttle.global_down.max_rate.set_kb = 80
dht.mode.set = disable
pieces.hash.on_completion.set = no
schedule2 = load,1,0,"load.start=$(echo "$D"/*.torrent)"
J
  chown -R bob:bob /home/bob
}

start() {
  desktop_session bob
  mkdir -p -m 777 /run/screen
  chmod 777 /run/screen
  as bob screen -dmS rt rtorrent
}

"$1"
