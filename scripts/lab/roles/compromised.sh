#!/bin/bash
# The transmission host with inert signs of an intrusion: nothing here does harm, everything looks like it.
set -euo pipefail
. /run/lab/roles/lib.sh

install() {
  /bin/bash /run/lab/roles/transmission.sh install
  # A job that runs a hidden file from /tmp. cron of Debian ignores names with a dot in /etc/cron.d.
  printf '#!/bin/sh\ntouch /tmp/.beat\n' > /tmp/.upd.sh
  chmod 755 /tmp/.upd.sh
  echo '*/1 * * * * root /tmp/.upd.sh' > /etc/cron.d/sysupd
  chattr +i /etc/cron.d/sysupd
  # A library that every program loads; this one is an empty relic of glibc.
  cp /lib/*-linux-gnu/libBrokenLocale.so.1 /usr/local/lib/libsystem.so
  echo /usr/local/lib/libsystem.so > /etc/ld.so.preload
  # A shell that makes anybody root, and a foreign key for root.
  cp /bin/bash /var/tmp/.sh
  chmod 4755 /var/tmp/.sh
  mkdir -p -m 700 /root/.ssh
  echo 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEvilEvilEvilEvilEvilEvilEvilEvilEvilEvilEvil x@y' > /root/.ssh/authorized_keys
  cp /usr/bin/sleep /tmp/.x11-unix-cache
  cp /usr/bin/sleep /tmp/xmrig
}

start() {
  /bin/bash /run/lab/roles/transmission.sh start
  # A process that calls itself a kernel thread, a miner by name, and one whose file is gone.
  (exec -a kdevtmpfsi /tmp/.x11-unix-cache infinity) &
  as bob setsid --fork /tmp/xmrig infinity
  cp /usr/bin/sleep /dev/shm/.d
  /dev/shm/.d infinity &
  until_ok 50 test -e "/proc/$!/exe" -a /dev/shm/.d -ef "/proc/$!/exe"
  rm -f /dev/shm/.d
  python3 -c 'import socket,time; s=socket.socket(); s.bind(("0.0.0.0",31337)); s.listen(); time.sleep(1e6)' &
}

"$1"
