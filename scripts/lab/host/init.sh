#!/bin/bash
# First child of PID 1 in a lab host. sshd comes last: a host that answers on port 22 is ready.
set -euo pipefail
# In a shell of its own: what is started here must not inherit the name of its role.
(. /run/lab/host && exec /bin/bash "/run/lab/roles/$ROLE.sh" start)
rm -rf /run/lab
/usr/sbin/cron
/usr/sbin/sshd
exec sleep infinity
