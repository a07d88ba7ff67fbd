# shellcheck shell=bash disable=SC2154
# packages.sh: packages of the distribution. None of them starts before its settings are written.

oldest_asterisk=20

install_packages() {
  local wanted=(mariadb-server nginx-light coturn nftables fail2ban python3-systemd restic ffmpeg espeak-ng openssl ca-certificates curl iproute2 xz-utils logrotate acl)
  local lists=/var/lib/apt/lists
  database_is_here || wanted=("${wanted[@]/mariadb-server/mariadb-client}")
  [ -z "$email" ] || wanted+=(certbot)
  has chronyd || [ -x /usr/sbin/ntpd ] || wanted+=(systemd-timesyncd)
  # Another variant of nginx works too.
  if has nginx; then wanted=("${wanted[@]/nginx-light/nginx-common}"); fi
  if [ -z "$asterisk" ]; then
    if [ -z "$(find "$lists" -name '*Packages*' -print -quit 2>/dev/null)" ]; then act 'fetch the package lists (apt-get update)' apt_get update; fi
    if distribution_has_asterisk; then asterisk=package; else asterisk=tree; fi
  fi
  if [ "$asterisk" = package ]; then
    wanted+=(asterisk asterisk-modules asterisk-core-sounds-en odbc-mariadb)
  else
    wanted+=(debootstrap)
    [ -f /usr/share/keyrings/debian-archive-keyring.gpg ] || wanted+=(debian-archive-keyring)
  fi
  local missing=() package
  for package in "${wanted[@]}"; do is_installed "$package" || missing+=("$package"); done
  if [ ${#missing[@]} -gt 0 ]; then act "install ${missing[*]}" fetch_packages "${missing[@]}"; fi
  remember_answers
}

distribution_has_asterisk() {
  local version
  version=$(apt-cache policy asterisk 2>/dev/null | sed -n 's/^ *Candidate: \([0-9]*:\)\?\([0-9]*\)\..*/\2/p')
  [ "${version:-0}" -ge "$oldest_asterisk" ]
}

is_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

fetch_packages() {
  apt_get update
  # Debian asks this program before it starts a new package, whose default settings would be open to the Internet.
  if [ ! -e /usr/sbin/policy-rc.d ]; then
    policy_written=yes
    printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
    chmod 0755 /usr/sbin/policy-rc.d
  fi
  apt_get install --no-install-recommends "$@"
  if [ -n "${policy_written:-}" ]; then rm -f /usr/sbin/policy-rc.d; policy_written=''; fi
}

apt_get() {
  DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 apt-get --quiet --yes \
    -o Dpkg::Options::=--force-confold -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 "$@" >"$scratch/apt" 2>&1 ||
    { tail -n 30 "$scratch/apt" >&2; fail "apt-get $1 failed"; }
}
