#!/bin/bash
# alice runs qbittorrent-nox from her session.
set -euo pipefail
. /run/lab/roles/lib.sh
D=/home/alice/Downloads

install() {
  mkdir -p /home/alice/.config/qBittorrent "$D" /home/alice/.config/autostart
  cat > /home/alice/.config/qBittorrent/qBittorrent.conf << 'J'
[LegalNotice]
Accepted=true
[BitTorrent]
Session\Port=6881
Session\Encryption=2
Session\GlobalDLSpeedLimit=80
Session\QueueingSystemEnabled=false
Session\AddTorrentPaused=false
Session\BTProtocol=TCP
[Preferences]
WebUI\Address=127.0.0.1
WebUI\Port=8080
WebUI\LocalHostAuth=false
Connection\UPnP=false
Connection\PortRangeMin=6881
J
  cp "$TORRENT" "$D/"
  printf '[Desktop Entry]\nType=Application\nName=qBittorrent\nExec=qbittorrent-nox\n' > /home/alice/.config/autostart/qbittorrent.desktop
  chown -R alice:alice /home/alice
}

start() {
  desktop_session alice
  as alice qbittorrent-nox --daemon --skip-dialog=true --save-path="$D" "$D"/*.torrent
  until_ok 200 curl -sf http://127.0.0.1:8080/api/v2/app/version
}

"$1"
