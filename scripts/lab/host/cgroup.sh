#!/bin/bash
# cgroup.sh DIRECTORY COMMAND...: runs the command in a cgroup of its own, which systemd needs as its root.
set -euo pipefail
mkdir -p "$1"
echo 0 > "$1/cgroup.procs"
shift
exec "$@"
