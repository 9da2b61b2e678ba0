#!/bin/bash
# alice works; no P2P program was ever here.
set -euo pipefail
. /run/lab/roles/lib.sh

install() {
  mkdir -p /home/alice/Documents
  echo 'quarterly report' > /home/alice/Documents/report.txt
  chown -R alice:alice /home/alice
}

start() { desktop_session alice; }

"$1"
