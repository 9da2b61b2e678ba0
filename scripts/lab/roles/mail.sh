#!/bin/bash
# A real mail server: STARTTLS and AUTH on port 2525, every message into the Maildir /srv/mail/box.
set -euo pipefail
. /run/lab/roles/lib.sh

install() {
  mkdir -p /srv/mail/spool /srv/mail/box
  cd /srv/mail
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out cert.pem -days 30 \
    -subj /CN=mail.lab.test -addext "subjectAltName=DNS:mail.lab.test,IP:$HOST_ADDRESS" 2> /dev/null
  cp /run/lab/roles/exim.conf .
  # exim refuses a configuration that its own account could change.
  chown -R Debian-exim: spool box key.pem
  chown Debian-exim: .
}

start() {
  exim4 -C /srv/mail/exim.conf -bdf &
  until_ok 100 port_open "$HOST_ADDRESS" 2525
}

"$1"
