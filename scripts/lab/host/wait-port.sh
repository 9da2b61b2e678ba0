#!/bin/bash
# wait-port.sh SECONDS ADDRESS PORT: succeeds as soon as the port accepts a connection, fails after SECONDS.
deadline=$((SECONDS + $1))
while [ "$SECONDS" -lt "$deadline" ]; do
  if timeout 1 bash -c "exec 3<>/dev/tcp/$2/$3" 2> /dev/null; then exit 0; fi
  sleep 0.05
done
exit 1
