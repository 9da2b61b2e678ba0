#!/bin/bash
# bob runs aria2c, and cron starts it again after a restart of the host.
set -euo pipefail
. /run/lab/roles/lib.sh
D=/home/bob/dl

install() {
  mkdir -p "$D"
  cp "$TORRENT" "$D/"
  chown -R bob:bob /home/bob
  cat > /home/bob/.aria2-run << 'S'
#!/bin/sh
exec aria2c -D --dir="$HOME/dl" --max-download-limit=80K --listen-port=6882 --dht-listen-port=6882 --enable-dht=true \
  --bt-enable-lpd=true --bt-min-crypto-level=plain --seed-ratio=0 --enable-rpc --rpc-listen-port=6800 --log="$HOME/aria2.log" --log-level=notice "$HOME"/dl/*.torrent
S
  chmod 755 /home/bob/.aria2-run
  chown bob:bob /home/bob/.aria2-run
  echo '@reboot /home/bob/.aria2-run' | crontab -u bob -
}

# cron, started after this, runs bob's @reboot line: that is the start.
start() { desktop_session bob; }

"$1"
