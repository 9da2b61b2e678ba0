#!/bin/bash
# scripts/setup-debian.sh GROUP...: installs from the Debian archive what a bare machine lacks.
#   base     what `npm test` and `npm start` use beside Node
#   lab      what `npm run test:lab` and the benches use: real hosts in network namespaces
#   bench    what `npm run bench` compares the product with, beside the lab
#   browser  Chromium, for the tests of the console
#   java     JDK and Maven, for the time-skipping Temporal test server
# What is there is skipped; nothing is asked; no daemon is started or enabled that was not before.
set -euo pipefail

declare -A GROUPS_OF=(
  [base]="openssh-server openssh-client procps busybox git openssl ca-certificates"
  [lab]="openssh-server openssh-client procps openssl iproute2 util-linux tini mmdebstrap mktorrent transmission-cli jq libcap2-bin"
  [bench]="ansible openssh-client findutils"
  [browser]="chromium"
  [java]="default-jdk-headless maven"
)

usage() {
  sed -n '2,8s/^# \{0,1\}//p' "$0" >&2
  exit 2
}

[ $# -gt 0 ] || usage
wanted=()
for group in "$@"; do
  [ -n "${GROUPS_OF[$group]:-}" ] || { echo "There is no group \"$group\"." >&2; usage; }
  read -ra packages <<< "${GROUPS_OF[$group]}"
  wanted+=("${packages[@]}")
done

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2> /dev/null)" = installed ]; }

# A JDK or Maven that came another way is as good as Debian's.
present() {
  case $1 in
    default-jdk-headless) installed "$1" || command -v javac > /dev/null ;;
    maven) installed "$1" || command -v mvn > /dev/null ;;
    *) installed "$1" ;;
  esac
}

missing=()
for package in $(printf '%s\n' "${wanted[@]}" | sort -u); do
  if present "$package"; then echo "there already: $package"; else missing+=("$package"); fi
done

if [ "${#missing[@]}" -gt 0 ]; then
  [ "$(id -u)" = 0 ] || { echo "Run this as root to install: ${missing[*]}" >&2; exit 1; }
  echo "installing: ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive

  # Packages ask this script before they start a daemon. One that is there already is the machine's own: it is left alone.
  policy=/usr/sbin/policy-rc.d
  log=$(mktemp)
  made=()
  trap 'rm -f "$log" "${made[@]}"' EXIT
  if [ ! -e "$policy" ]; then
    made+=("$policy")
    printf '#!/bin/sh\nexit 101\n' > "$policy"
    chmod 755 "$policy"
  fi
  had_sshd=$(installed openssh-server && echo yes || echo no)

  install_missing() { apt-get install -y -q --no-install-recommends "${missing[@]}" > "$log" 2>&1 < /dev/null; }
  known() { apt-cache policy "${missing[@]}" 2> /dev/null | grep -c '^  Candidate: [^(]' || true; }
  # Empty lists on a fresh machine; old ones name files that the archive no longer has. One update mends both.
  if [ "$(known)" -lt "${#missing[@]}" ]; then
    apt-get update -qq
    install_missing || { tail -n 20 "$log" >&2; exit 1; }
  elif ! install_missing; then
    apt-get update -qq
    install_missing || { tail -n 20 "$log" >&2; exit 1; }
  fi

  # Where systemd runs the machine, a new sshd would start with the next boot.
  if [ "$had_sshd" = no ] && installed openssh-server && [ -d /run/systemd/system ]; then
    systemctl disable --quiet ssh.service ssh.socket 2> /dev/null || true
  fi
fi

case " $* " in *" base "*)
  go_version=$(go version 2> /dev/null | sed -n 's/.*go1\.\([0-9]*\).*/\1/p' || true)
  if [ -n "${TEMPORAL_CLI_PATH:-}" ] || command -v temporal > /dev/null; then
    echo "there already: a Temporal CLI"
  elif [ "${go_version:-0}" -ge 26 ]; then
    echo "there already: Go 1.$go_version, which builds the Temporal CLI of tools/temporal-cli at the first start"
  else
    echo "not installed here: a Temporal CLI. Put \`temporal\` on the PATH, or Go 1.26 or newer, which builds tools/temporal-cli" \
      "(the Go of Debian is too old), or set TEMPORAL_ADDRESS to a server."
  fi
  ;;
esac
