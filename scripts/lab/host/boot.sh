#!/bin/bash
# boot.sh NAME ROLE ADDRESS: turns a set of fresh namespaces into one lab host and becomes its PID 1.
# Called inside new mount, UTS, IPC, PID and cgroup namespaces and the host's network namespace, with
#   LAB_ROOT   golden root (base, layers, payload)        LAB_LAYER  layer of this role, empty for none
#   LAB_DISK   this host's disk, a private tmpfs: it outlives a power cycle
#   LAB_FILES  directory with host/ and roles/            LAB_KEY    public key of the investigator
set -euo pipefail
NAME=$1 ROLE=$2 ADDRESS=$3
R=$LAB_DISK/root
first_boot=0
if [ ! -d "$LAB_DISK/upper" ]; then first_boot=1; fi
mkdir -p "$LAB_DISK/upper" "$LAB_DISK/work" "$R"
lower=$LAB_ROOT/base
if [ -n "$LAB_LAYER" ]; then lower=$LAB_ROOT/layers/$LAB_LAYER:$lower; fi
mount -t overlay overlay -o "lowerdir=$lower,upperdir=$LAB_DISK/upper,workdir=$LAB_DISK/work" "$R"
cd "$R"

mount -t proc -o nosuid,nodev,noexec proc proc
mount -t sysfs -o ro,nosuid,nodev,noexec sysfs sys
# Device nodes of our own: with a bind of the machine's, a `chmod -R` in the host would change the machine's inode.
mount -t tmpfs -o mode=755,size=64k,nosuid dev dev
for node in null:3 zero:5 full:7 random:8 urandom:9; do mknod -m 666 "dev/${node%:*}" c 1 "${node#*:}"; done
mknod -m 666 dev/tty c 5 0
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts dev/pts
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
for n in 0:stdin 1:stdout 2:stderr; do ln -s "fd/${n%:*}" "dev/${n#*:}"; done
mount -t tmpfs -o mode=1777,size=16m,nosuid,nodev shm dev/shm
# Below 64 MB systemd refuses every daemon-reload.
mount -t tmpfs -o mode=755,size=64m,nosuid,nodev run run
mkdir -p run/sshd run/lock run/lab run/user/2002 run/user/2003
chown 2002:2002 run/user/2002
chown 2003:2003 run/user/2003
: > run/utmp

# What the role needs, in memory only and removed when the host is up: evidence collected from it shows no laboratory.
cp -r "$LAB_FILES/roles" run/lab/
cp "$LAB_ROOT"/payload/*.torrent run/lab/
printf 'ROLE=%s\nHOST_ADDRESS=%s\n' "$ROLE" "$ADDRESS" > run/lab/host
if [ "$ROLE" = seed ] && [ "$first_boot" = 1 ]; then mkdir -p srv/seed; cp "$LAB_ROOT"/payload/*.mkv srv/seed/; fi
install -m 755 "$LAB_FILES/host/init.sh" usr/sbin/host-init
install -d -m 700 -o 2001 -g 2001 home/swarmcase/.ssh
[ "$first_boot" = 0 ] || printf '%s\n' "$LAB_KEY" > home/swarmcase/.ssh/authorized_keys
chown 2001:2001 home/swarmcase/.ssh/authorized_keys

mkdir -p .old
pivot_root . .old
cd /
umount -l /.old
rmdir /.old

hostname "$NAME"
if [ "$first_boot" = 1 ]; then
  echo "$NAME" > /etc/hostname
  tr -d - < /proc/sys/kernel/random/uuid > /etc/machine-id
  printf '127.0.0.1 localhost\n127.0.1.1 %s\n203.0.113.10 tracker.example.test\n' "$NAME" > /etc/hosts
  : > /etc/resolv.conf
  ssh-keygen -q -t ed25519 -N '' -C "$NAME" -f /etc/ssh/ssh_host_ed25519_key
  /bin/bash "/run/lab/roles/$ROLE.sh" install
fi

init=(tini -g -- /usr/sbin/host-init)
if [ "$ROLE" = systemd ]; then
  /bin/bash /run/lab/roles/systemd.sh mounts
  rm -rf /run/lab
  # `container` tells systemd not to touch hardware; where it may not mount, it makes do without.
  init=(env container=lxc /lib/systemd/systemd)
fi

# uid 0 passes plain file permissions in /proc without any capability.
mount --bind /proc/sys /proc/sys
mount -o remount,bind,ro /proc/sys
for d in bus fs irq acpi; do
  if [ -d "/proc/$d" ]; then mount --bind "/proc/$d" "/proc/$d"; mount -o remount,bind,ro "/proc/$d"; fi
done
for f in sysrq-trigger kcore keys timer_list kmsg; do
  if [ -e "/proc/$f" ]; then mount --bind /dev/null "/proc/$f"; fi
done
# No sys_admin, mknod, sys_module, sys_rawio, sys_boot, sys_time, bpf, perfmon: root in the host can ruin the host only.
keep=+chown,+dac_override,+dac_read_search,+fowner,+fsetid,+kill,+setgid,+setuid,+setpcap,+linux_immutable,+net_bind_service
keep+=,+net_broadcast,+net_admin,+net_raw,+ipc_lock,+ipc_owner,+sys_chroot,+sys_ptrace,+sys_nice,+sys_resource,+audit_write,+setfcap
exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
  setpriv --bounding-set="-all,$keep" --inh-caps=-all "${init[@]}"
