#!/bin/bash
# A host whose PID 1 is systemd, with transmission as the enabled and running service of the Debian package.
# Its second verb is `mounts`, not `start`: here units start things.
set -euo pipefail
. /run/lab/roles/lib.sh
D=/var/lib/transmission-daemon

install() {
  mkdir -p "$D/watch" "$D/downloads"
  cp "$TORRENT" "$D/watch/"
  cat > /etc/transmission-daemon/settings.json << J
{"download-dir": "$D/downloads", "watch-dir": "$D/watch", "watch-dir-enabled": true, "rpc-bind-address": "127.0.0.1",
 "peer-port": 51413, "encryption": 0, "utp-enabled": false, "cache-size-mb": 0, "speed-limit-down": 80, "speed-limit-down-enabled": true,
 "port-forwarding-enabled": false}
J
  chown -R debian-transmission:debian-transmission "$D" /etc/transmission-daemon
  # alice at the console, as a display manager would leave her.
  cat > /etc/systemd/system/desktop-session.service << 'U'
[Unit]
Description=Desktop session of alice
After=systemd-tmpfiles-setup.service

[Service]
User=alice
RuntimeDirectory=desktop-session
ExecStart=/usr/bin/dbus-daemon --session --nofork --nopidfile --address=unix:path=/run/desktop-session/bus
ExecStartPost=+/bin/sh -c 'exec /usr/sbin/utmp-login alice tty7 :0 $MAINPID'

[Install]
WantedBy=multi-user.target
U
  systemctl --quiet enable desktop-session.service ssh.service transmission-daemon.service
  # They need hardware, a seat or a mirror, none of which is here.
  systemctl --quiet mask apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer systemd-logind.service getty.target \
    console-getty.service systemd-udevd.service systemd-modules-load.service
}

# Mounted here, before the rights are dropped: then systemd needs no right to mount anything, and root in the host gets none.
mounts() {
  mount -t tmpfs -o nosuid,nodev,noexec,mode=1777,size=5m lock /run/lock
  mount -t cgroup2 -o nosuid,nodev,noexec cgroup2 /sys/fs/cgroup
}

"$1"
