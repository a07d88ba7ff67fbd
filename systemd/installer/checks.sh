# shellcheck shell=bash disable=SC2154
# checks.sh: what must be so before anything is touched. All faults are told at once.

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
    *) fault "it knows Debian 12, Debian 13 and Ubuntu 24.04, and not $PRETTY_NAME" ;;
  esac
  case $(uname -m) in
    x86_64 | aarch64) ;;
    *) fault "it knows x86_64 and aarch64, and not $(uname -m)" ;;
  esac
  if [ "$start" = yes ] && [ "$supervisor" = systemctl ] && [ ! -d /run/systemd/system ]; then
    fault 'systemd does not run here: --no-start prepares an image, --supervisor PROGRAM names who starts services instead'
  fi
  has "$supervisor" || fault "there is no program $supervisor"
  if [ ! -d "$checkout/migrations" ] || [ ! -f "$checkout/package-lock.json" ]; then fault "$checkout is not a whole checkout of Ramal"; fi
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
  [ "$memory" -ge 900 ] || fault "it needs 1 GiB of memory (2 GiB are better), and this machine has $memory MiB"
  [ -d "$opt/releases" ] || needed=4000
  [ "$(free_mib "$opt")" -ge "$needed" ] || fault "it needs $needed MiB of room in $opt, and there are $(free_mib "$opt")"
  [ "$(free_mib /var/lib)" -ge 1500 ] || fault "it needs 1500 MiB of room in /var/lib, and there are $(free_mib /var/lib)"
}

# Where this machine's way out begins; where media is, unless a NAT is in front of it.
own_address() { ip -4 -o route get 192.0.2.255 2>/dev/null | sed -n 's/.* src \([0-9.]*\).*/\1/p'; }

# Where it is reached; where this machine itself has its media.
address='' own='' behind_nat=no
check_address() {
  local found
  own=$(own_address)
  address=${public_address:-$own}
  if [ -z "$address" ]; then
    fault 'this machine has no IPv4 way out: --public-address says where it is reached'
    return
  fi
  if ip -4 -o address show 2>/dev/null | grep -qF " inet $address/"; then
    own=$address
  else
    behind_nat=yes
    [ -n "$own" ] || fault "no interface has the address $address, and there is no way out"
  fi
  found=$(getent ahostsv4 "$domain" | awk 'NR == 1 { print $1 }' || true)
  if [ -z "$found" ]; then
    fault "$domain leads nowhere: give it an A record of $address"
  elif [ "$found" != "$address" ]; then
    if [ -n "$email" ]; then
      fault "$domain leads to $found, and this server is $address: certbot would fail. Mend the A record, or give --public-address"
    else
      warn "$domain leads to $found, and this server is $address"
    fi
  fi
}

# The certificate that was given, or else the one that nginx and coturn have: a fault of it is said before anything is touched.
check_certificate_files() {
  local file
  if [ -z "$certificate" ]; then
    check_own_certificate
    return
  fi
  for file in "$certificate" "$key"; do
    [ -r "$file" ] || { fault "cannot read $file"; return 0; }
  done
  # A bare system may have none yet; ramal-certificate looks again.
  has openssl || return 0
  if [ "$(openssl x509 -in "$certificate" -noout -pubkey 2>/dev/null || echo none)" != "$(openssl pkey -in "$key" -pubout 2>/dev/null)" ]; then
    fault "$key is not the key of $certificate, or one of them is not PEM"
    return
  fi
  is_for_domain "$certificate" || fault "$certificate is not for $domain"
  openssl x509 -in "$certificate" -noout -checkend 0 >/dev/null || fault "$certificate has ended"
}

check_own_certificate() {
  local file=$settings/tls/certificate.pem
  [ -f "$file" ] && has openssl || return 0
  is_for_domain "$file" || warn "$file is not for $domain: ramal-certificate FILE KEY gives nginx and coturn another"
  openssl x509 -in "$file" -noout -checkend 0 >/dev/null || warn "$file has ended: ramal-certificate FILE KEY gives nginx and coturn another"
}

is_for_domain() { openssl x509 -in "$1" -noout -checkhost "$domain" 2>/dev/null | grep -q 'does match'; }

# port PROTOCOL NUMBER PROGRAM…: fault when somebody else listens there.
check_port() {
  local protocol=$1 number=$2 line holder
  shift 2
  while read -r line; do
    holder=$(sed -n 's/.*users:(("\([^"]*\)".*/\1/p' <<<"$line")
    [[ " $* " == *" ${holder:-?} "* ]] || fault "port $number ($protocol) is taken by ${holder:-somebody}, and Ramal needs it"
  done < <(ss -Hlnp"${protocol:0:1}" "sport = :$number" 2>/dev/null)
}

check_ports() {
  has ss || { fault 'there is no ss: apt-get install iproute2'; return; }
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
  # Whose it is was decided in the first run.
  [ ! -f "$settings/install.env" ] || return 0
  if [ -x /usr/sbin/asterisk ] || [ -x /usr/local/sbin/asterisk ]; then
    [[ $take_over == *' asterisk '* ]] ||
      fault "there is an Asterisk here already. With --take-over asterisk its files in /etc/asterisk are replaced by Ramal's (the old ones are kept as *.before-ramal), and it runs nothing but Ramal; without that word it stays as it is, and Ramal is not installed"
  fi
  if [ -x /usr/sbin/mariadbd ] || [ -x /usr/sbin/mysqld ]; then
    [[ $take_over == *' mariadb '* ]] ||
      fault "there is a MariaDB or MySQL here already. With --take-over mariadb it gets a database ramal, five users, and /etc/mysql/mariadb.conf.d/90-ramal.cnf (this machine only, UTC, strict), and is restarted once; without that word it stays as it is, and Ramal is not installed"
  fi
  if [ "$firewall" = yes ] && has ufw && ufw status 2>/dev/null | grep -q '^Status: active'; then
    fault 'ufw is active: --no-firewall leaves it in charge (open 80, 443, 3478, 5349, 10000-20000/udp, and 5060/udp for your carriers), or: ufw disable'
  fi
}

say_what_comes() {
  local version_now
  version_now=$(readlink "$opt/current" 2>/dev/null || true)
  say "Ramal $(release_name) for https://$domain, at $address$([ "$behind_nat" = no ] || say " (behind NAT: here $own)")"
  if [ -n "$version_now" ]; then say "  upgrades ${version_now#releases/}; the database is dumped before its tables change, and everything goes back when something fails"; fi
  say "  by apt: MariaDB, nginx, coturn, nftables, fail2ban, ffmpeg, espeak-ng$([ -z "$email" ] || say ', certbot')"
  say "  in $opt: Node $node_version, the releases, and Debian's Asterisk where the distribution has none that is new enough"
  say "  in $settings: settings and secrets; the database ramal; recordings in /var/lib/ramal"
  [ "$firewall" = no ] || say "  a firewall that lets in SSH, 80, 443, TURN, sound, and SIP of carriers that you name"
}

agree() {
  [ "$agreed" = no ] || return 0
  [ -t 0 ] || fail 'nobody is there to be asked: --yes goes on without asking, --dry-run says every step'
  local answer
  read -rp 'Go on? [y/N] ' answer
  [[ $answer == [yY]* ]] || fail 'nothing was changed'
}
