#!/bin/bash
# build.sh TARGET CODENAME: builds the golden root of the lab hosts in TARGET, all or nothing.
#   TARGET/base            a small Debian with sshd and the accounts alice, bob and swarmcase
#   TARGET/layers/<name>   what a client adds to it, as an overlay layer
#   TARGET/payload         a file and its torrent
# The packages come from the Debian archive that this machine's own apt uses.
set -euo pipefail
TARGET=$1 CODENAME=$2
HERE=$(cd "$(dirname "$0")" && pwd)
WORK=$TARGET.partial
packages_of() { sed -n "s/^$1: //p" "$HERE/layers.conf"; }

[ ! -d "$TARGET" ] || exit 0
rm -rf --one-file-system "$WORK"
mkdir -p "$WORK/layers" "$WORK/payload" "$WORK/cache/archives/partial"

archive_lines() {
  # shellcheck disable=SC2016  # apt, not the shell, fills these in
  apt-get indextargets --format '$(LABEL) $(CODENAME) $(RELEASE) $(REPO_URI) $(COMPONENT)' 'Created-By: Packages' |
    awk -v c="$CODENAME" '($1 == "Debian" || $1 == "Debian-Security") && index($2, c) == 1 {
      printf "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s %s\n", $4, $3, $5 }' | sort -u
}
[ -n "$(archive_lines)" ] || apt-get update -qq
mapfile -t LINES < <(archive_lines)
[ "${#LINES[@]}" -gt 0 ] || { echo "apt on this machine names no Debian archive for $CODENAME" >&2; exit 1; }
# Proxies and date checks of this machine hold for the root too.
apt-config dump --no-empty | grep -E '^Acquire::(http|https|Check|Max)' > "$WORK/apt.conf" || true

echo "base: $(packages_of base)"
mmdebstrap --quiet --variant=apt --skip=cleanup/apt/lists --aptopt="$WORK/apt.conf" \
  --include="$(packages_of base | tr ' ' ,)" "$CODENAME" "$WORK/base" "${LINES[@]}"
BASE=$WORK/base
install -m 755 "$HERE/utmp-login.py" "$BASE/usr/sbin/utmp-login"
for account in 2001:swarmcase 2002:alice 2003:bob; do
  chroot "$BASE" useradd --create-home --shell /bin/bash --uid "${account%:*}" "${account#*:}"
  # An account without a password is locked for sshd with UsePAM: `*` means "no password", not "locked".
  chroot "$BASE" usermod --password '*' "${account#*:}"
done
echo 'swarmcase ALL=(ALL) NOPASSWD:ALL' > "$BASE/etc/sudoers.d/swarmcase"
chmod 440 "$BASE/etc/sudoers.d/swarmcase"
printf 'UseDNS no\nPermitRootLogin prohibit-password\nPasswordAuthentication no\nPrintMotd no\n' > "$BASE/etc/ssh/sshd_config.d/lab.conf"
rm -f "$BASE"/etc/ssh/ssh_host_*
: > "$BASE/etc/machine-id"
touch "$BASE/etc/hosts" "$BASE/etc/resolv.conf"

for name in $(sed -n 's/^\([a-z0-9]*\): .*/\1/p' "$HERE/layers.conf" | grep -v '^base$'); do
  echo "layer $name: $(packages_of "$name")"
  mkdir -p "$WORK/layers/$name" "$WORK/work/$name" "$WORK/merged"
  # In its own mount and PID namespace: whatever a package's script mounts or starts ends with it.
  unshare --mount --pid --fork --kill-child=KILL --propagation private \
    "$HERE/add-layer.sh" "$WORK" "$name" "$(packages_of "$name")"
done

rm -rf "$BASE"/var/lib/apt/lists/* "$BASE/etc/apt/apt.conf.d/99mmdebstrap" "$BASE/etc/apt/sources.list" "$WORK/work" "$WORK/merged" "$WORK/cache"
: > "$BASE/etc/resolv.conf"

NAME=Example.Movie.2026.1080p
# Constant bytes, so that the info-hash is the same in every lab; openssl ends with a broken pipe when head has enough.
(set +o pipefail; openssl enc -aes-256-ctr -pass pass:swarmcase -nosalt -pbkdf2 -in /dev/zero 2> /dev/null | head -c 67108864) > "$WORK/payload/$NAME.mkv"
(cd "$WORK/payload" && mktorrent -d -l 18 -a http://203.0.113.10:6969/announce -n "$NAME.mkv" -o "$NAME.torrent" "$NAME.mkv" > /dev/null)
mv -T "$WORK" "$TARGET"
