#!/bin/bash
# cgroup.sh NAME COMMAND...: runs the command in a cgroup of its own, which systemd needs as its root.
set -euo pipefail
# The unified hierarchy: the whole of cgroup v2, or its corner beside v1.
for root in /sys/fs/cgroup /sys/fs/cgroup/unified none; do
  if [ -e "$root/cgroup.controllers" ]; then break; fi
done
if [ "$root" = none ]; then echo "a systemd host needs cgroup v2, and none is mounted" >&2; exit 1; fi
mkdir -p "$root/$1"
echo 0 > "$root/$1/cgroup.procs"
shift
exec "$@"
