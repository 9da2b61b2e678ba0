#!/bin/bash
# The internet side: tracker and seeder at 203.0.113.10, a plain web server on a BitTorrent port at 203.0.113.11.
set -euo pipefail
. /run/lab/roles/lib.sh
C=/home/bob/.config/transmission-daemon

install() {
  # Debian's opentracker refuses every torrent that is not listed.
  python3 - "$TORRENT" > /srv/whitelist << 'PY'
import hashlib, sys
data = open(sys.argv[1], "rb").read()
print(hashlib.sha1(data[data.index(b"4:info") + 6 : -1]).hexdigest())
PY
  cp "$TORRENT" /srv/
  mkdir -p "$C"
  cat > "$C/settings.json" << 'J'
{"download-dir": "/srv/seed", "rpc-bind-address": "127.0.0.1", "peer-port": 51413, "bind-address-ipv4": "203.0.113.10",
 "encryption": 0, "utp-enabled": false, "speed-limit-up": 800, "speed-limit-up-enabled": true,
 "port-forwarding-enabled": false, "ratio-limit-enabled": false}
J
  chown -R bob:bob /home/bob /srv/seed
}

start() {
  cd /srv
  opentracker -i 203.0.113.10 -p 6969 -P 6969 -d /srv -w whitelist > /srv/opentracker.log 2>&1 &
  as bob transmission-daemon -g "$C" --logfile "$C/log"
  until_ok 100 transmission-remote 127.0.0.1:9091 --list
  transmission-remote 127.0.0.1:9091 --add /srv/*.torrent --download-dir /srv/seed
  as bob setsid --fork python3 -m http.server --directory /srv/seed --bind 203.0.113.11 6881 > /srv/http.log 2>&1
}

"$1"
