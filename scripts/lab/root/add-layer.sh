#!/bin/bash
# add-layer.sh WORK NAME PACKAGES: installs packages over WORK/base and keeps the difference in WORK/layers/NAME.
# Runs in a mount namespace of its own.
set -euo pipefail
WORK=$1 NAME=$2 PACKAGES=$3
ROOT=$WORK/merged
mount -t overlay overlay -o "lowerdir=$WORK/base,upperdir=$WORK/layers/$NAME,workdir=$WORK/work/$NAME" "$ROOT"
mount -t proc proc "$ROOT/proc"
mount -t tmpfs -o mode=755,size=1m dev "$ROOT/dev"
mknod -m 666 "$ROOT/dev/null" c 1 3
mknod -m 666 "$ROOT/dev/urandom" c 1 9
mount -t tmpfs -o mode=755 run "$ROOT/run"
mount -t tmpfs -o mode=1777 tmp "$ROOT/tmp"
mount --bind "$WORK/cache" "$ROOT/mnt"
mount --bind /etc/resolv.conf "$ROOT/etc/resolv.conf"
mount --bind /etc/hosts "$ROOT/etc/hosts"
printf '#!/bin/sh\nexit 101\n' > "$ROOT/usr/sbin/policy-rc.d"
chmod 755 "$ROOT/usr/sbin/policy-rc.d"
# shellcheck disable=SC2086  # a list of packages
chroot "$ROOT" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive LANG=C.UTF-8 \
  apt-get install -y -qq --no-install-recommends -o Dir::Cache=/mnt -o APT::Sandbox::User=root $PACKAGES > "$WORK/cache/$NAME.log" 2>&1 ||
  { tail -n 30 "$WORK/cache/$NAME.log" >&2; exit 1; }
rm "$ROOT/usr/sbin/policy-rc.d"
