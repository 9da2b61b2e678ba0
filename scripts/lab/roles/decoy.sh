#!/bin/bash
# BitTorrent by port number only: alice downloads over plain HTTP from port 6881, slowly, a bounded number of times.
set -euo pipefail
. /run/lab/roles/lib.sh

install() {
  mkdir -p /home/alice/Downloads
  chown -R alice:alice /home/alice
}

start() {
  desktop_session alice
  # shellcheck disable=SC2016  # expanded by the inner shell
  as alice setsid --fork bash -c 'for n in $(seq 20); do curl -s --limit-rate 80k -o Downloads/video.mkv "$1"; done' download \
    "http://203.0.113.11:6881/$(basename "$TORRENT" .torrent).mkv" > /dev/null 2>&1
}

"$1"
