# shellcheck shell=bash disable=SC2154
# checks.sh: checks before any change. It reports all faults at once.

faults=()
fault() { faults+=("$*"); }

look_first() {
  say "Looking at this machine"
  check_machine
  check_room
  check_address
  check_certificate_files
  check_ports
  check_strangers
  check_database_elsewhere
  [ ${#faults[@]} -eq 0 ] && return
  printf 'install: %s\n' "${faults[@]}" >&2
  fail "nothing was changed"
}

check_machine() {
  local ID='' VERSION_ID='' PRETTY_NAME='this system'
  [ "$(id -u)" = 0 ] || fault 'run it as root: sudo systemd/install …'
  # shellcheck source=/dev/null
  [ ! -r /etc/os-release ] || source /etc/os-release
  case $ID:$VERSION_ID in
    debian:12 | debian:13 | ubuntu:24.04) ;;
    *) fault "only Debian 12, Debian 13 and Ubuntu 24.04 are supported, not $PRETTY_NAME" ;;
  esac
  case $(uname -m) in
    x86_64 | aarch64) ;;
    *) fault "only x86_64 and aarch64 are supported, not $(uname -m)" ;;
  esac
  if [ "$start" = yes ] && [ "$supervisor" = systemctl ] && [ ! -d /run/systemd/system ]; then
    fault 'systemd does not run here: --no-start prepares an image, --supervisor PROGRAM names the program that starts services'
  fi
  has "$supervisor" || fault "program not found: $supervisor"
  if [ ! -d "$checkout/migrations" ] || [ ! -f "$checkout/package-lock.json" ]; then fault "$checkout is not a complete checkout of Ramal"; fi
}

memory_mib() { awk '$1 == "MemTotal:" { print int($2 / 1024) }' /proc/meminfo; }
free_mib() {
  local directory=$1
  while [ ! -d "$directory" ]; do directory=$(dirname "$directory"); done
  df -Pm "$directory" | awk 'NR == 2 { print $4 }'
}

check_room() {
  local memory needed=1500
  memory=$(memory_mib)
  [ "$memory" -ge 900 ] || fault "1 GiB of memory is needed (2 GiB are better); this machine has $memory MiB"
  [ -d "$opt/releases" ] || needed=4000
  [ "$(free_mib "$opt")" -ge "$needed" ] || fault "$needed MiB of free space are needed in $opt; it has $(free_mib "$opt")"
  [ "$(free_mib /var/lib)" -ge 1500 ] || fault "1500 MiB of free space are needed in /var/lib; it has $(free_mib /var/lib)"
}

# The address of this machine's default route; media uses it, unless the machine is behind NAT.
own_address() { ip -4 -o route get 192.0.2.255 2>/dev/null | sed -n 's/.* src \([0-9.]*\).*/\1/p'; }

# The public address; the address of the media on this machine.
address='' own='' behind_nat=no
check_address() {
  local found
  own=$(own_address)
  address=${public_address:-$own}
  if [ -z "$address" ]; then
    fault 'this machine has no IPv4 route to the Internet: give its address with --public-address'
    return
  fi
  if ip -4 -o address show 2>/dev/null | grep -qF " inet $address/"; then
    own=$address
  else
    behind_nat=yes
    [ -n "$own" ] || fault "no interface has the address $address, and no route leads to the Internet"
  fi
  found=$(getent ahostsv4 "$domain" | awk 'NR == 1 { print $1 }' || true)
  if [ -z "$found" ]; then
    fault "$domain has no address: add an A record with $address"
  elif [ "$found" != "$address" ]; then
    if [ -n "$email" ]; then
      fault "$domain points to $found, and this server is $address: certbot would fail. Correct the A record, or give --public-address"
    else
      warn "$domain points to $found, and this server is $address"
    fi
  fi
}

# Checks the given certificate, or else the one of nginx and coturn, before any change.
check_certificate_files() {
  local file
  if [ -z "$certificate" ]; then
    check_own_certificate
    return
  fi
  for file in "$certificate" "$key"; do
    [ -r "$file" ] || { fault "cannot read $file"; return 0; }
  done
  # A new system may not have openssl yet; ramal-certificate checks again.
  has openssl || return 0
  if [ "$(openssl x509 -in "$certificate" -noout -pubkey 2>/dev/null || echo none)" != "$(openssl pkey -in "$key" -pubout 2>/dev/null)" ]; then
    fault "$key is not the key of $certificate, or one of them is not PEM"
    return
  fi
  is_for_domain "$certificate" || fault "$certificate is not for $domain"
  openssl x509 -in "$certificate" -noout -checkend 0 >/dev/null || fault "$certificate has expired"
}

check_own_certificate() {
  local file=$settings/tls/certificate.pem
  [ -f "$file" ] && has openssl || return 0
  is_for_domain "$file" || warn "$file is not for $domain: ramal-certificate FILE KEY gives nginx and coturn another"
  openssl x509 -in "$file" -noout -checkend 0 >/dev/null || warn "$file has expired: ramal-certificate FILE KEY gives nginx and coturn another"
}

is_for_domain() { openssl x509 -in "$1" -noout -checkhost "$domain" 2>/dev/null | grep -q 'does match'; }

# check_port PROTOCOL NUMBER PROGRAM…: fault when another program listens on the port.
check_port() {
  local protocol=$1 number=$2 line holder
  shift 2
  while read -r line; do
    holder=$(sed -n 's/.*users:(("\([^"]*\)".*/\1/p' <<<"$line")
    [[ " $* " == *" ${holder:-?} "* ]] || fault "port $number ($protocol) is used by ${holder:-another program}, and Ramal needs it"
  done < <(ss -Hlnp"${protocol:0:1}" "sport = :$number" 2>/dev/null)
}

check_ports() {
  has ss || { fault 'ss is missing: apt-get install iproute2'; return; }
  local port
  for port in 80 443; do check_port tcp "$port" nginx; done
  check_port udp 5060 asterisk
  ! database_is_here || check_port tcp 3306 mariadbd
  check_port tcp 8088 asterisk
  check_port tcp 3478 turnserver
  check_port udp 3478 turnserver
  for port in 4573 8080; do check_port tcp "$port" systemd node node-MainThread MainThread; done
}

check_strangers() {
  # The first run decided this.
  [ ! -f "$settings/install.env" ] || return 0
  if [ -x /usr/sbin/asterisk ] || [ -x /usr/local/sbin/asterisk ]; then
    [[ $take_over == *' asterisk '* ]] ||
      fault "this machine already has an Asterisk. With --take-over asterisk, Ramal replaces its files in /etc/asterisk (and keeps the old ones as *.before-ramal), and it serves only Ramal. Without this option, Ramal is not installed"
  fi
  if [ -x /usr/sbin/mariadbd ] || [ -x /usr/sbin/mysqld ]; then
    [[ $take_over == *' mariadb '* ]] ||
      fault "this machine already has a MariaDB or MySQL. With --take-over mariadb, it gets a database ramal, five users, and /etc/mysql/mariadb.conf.d/90-ramal.cnf (this machine only, UTC, strict), and restarts once. Without this option, Ramal is not installed"
  fi
  if [ "$firewall" = yes ] && has ufw && ufw status 2>/dev/null | grep -q '^Status: active'; then
    fault 'ufw is active: keep it with --no-firewall (open 80, 443, 3478, 5349, 10000-20000/udp, and 5060/udp for your carriers), or run: ufw disable'
  fi
}

say_what_comes() {
  local version_now
  version_now=$(readlink "$opt/current" 2>/dev/null || true)
  say "Ramal $(release_name) for https://$domain, at $address$([ "$behind_nat" = no ] || say " (behind NAT: here $own)")"
  if [ -n "$version_now" ]; then say "  upgrades ${version_now#releases/}; dumps the database before its tables change, and goes back if a step fails"; fi
  say "  by apt: MariaDB, nginx, coturn, nftables, fail2ban, ffmpeg, espeak-ng$([ -z "$email" ] || say ', certbot')"
  say "  in $opt: Node $node_version, the releases, and Debian's Asterisk if the distribution's is too old"
  say "  in $settings: settings and secrets; the database ramal; recordings in /var/lib/ramal"
  [ "$firewall" = no ] || say "  a firewall that opens SSH, 80, 443, TURN, media, and SIP from your carriers"
}

agree() {
  [ "$agreed" = no ] || return 0
  [ -t 0 ] || fail 'standard input is not a terminal: --yes continues without asking, --dry-run prints every step'
  local answer
  read -rp 'Go on? [y/N] ' answer
  [[ $answer == [yY]* ]] || fail 'nothing was changed'
}
