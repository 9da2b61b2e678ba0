#!/bin/bash
# bob runs aria2c, and cron starts it again after a restart of the host.
set -euo pipefail
. /run/lab/roles/lib.sh
D=/home/bob/dl

install() {
  mkdir -p "$D"
  cp "$TORRENT" "$D/"
  chown -R bob:bob /home/bob
  # A seed ratio of 0 means: share without end.
  echo "@reboot aria2c -D --dir=$D --max-download-limit=80K --listen-port=6882 --dht-listen-port=6882 --enable-dht=true" \
    "--bt-enable-lpd=true --bt-min-crypto-level=plain --seed-ratio=0 --log=/home/bob/aria2.log --log-level=notice" \
    "$D/$(basename "$TORRENT")" | crontab -u bob -
}

# cron, started after this, runs bob's @reboot line: that is the start.
start() { desktop_session bob; }

"$1"
