# shellcheck shell=bash disable=SC2034,SC2154
# options.sh: the options of this run and of earlier ones (/etc/ramal/install.env).

usage() {
  cat <<'USAGE'
sudo systemd/install [options]      makes a Ramal server, or upgrades one to this checkout

  --domain NAME              the name of the site, such as ramal.example.com.br (needed the first time)
  --email ADDRESS            get the certificate by certbot from Let's Encrypt, which writes to this address
  --certificate FILE --key FILE   …or use this certificate (with its chain) and its key, both PEM. They are copied to /etc/ramal/tls
                             in this run only; a later run keeps them, and ramal-certificate replaces them
  --public-address IPV4      this server's address on the Internet; by default that of its default route
  --time-zone ZONE           such as America/Sao_Paulo; by default the machine's stays
  --no-firewall              do not touch nftables, if you have your own firewall (--firewall undoes this)
  --take-over asterisk       use this machine's Asterisk; replaces its files in /etc/asterisk and keeps the old ones
  --take-over mariadb        use this machine's MariaDB; adds settings to it
  --dry-run                  check, and print every step without changes
  --yes                      do not ask
  --no-start                 for images: start nothing, and prepare everything for the first boot
  --supervisor PROGRAM       for machines without systemd: called in place of systemctl, with the same arguments

The answers are kept in /etc/ramal/install.env, so that an upgrade is: sudo systemd/install
USAGE
}

remembered=(domain email public_address time_zone firewall asterisk)
domain='' email='' certificate='' key='' public_address='' time_zone='' firewall=yes asterisk=''
agreed=no start=yes supervisor=systemctl take_over=' '

read_options() {
  recall_answers
  while [ $# -gt 0 ]; do
    case $1 in
      --domain | --email | --certificate | --key | --public-address | --time-zone | --take-over | --supervisor)
        [ $# -ge 2 ] || fail "$1 needs a value (--help)"
        take_value "$1" "$2"
        shift 2
        ;;
      --firewall) firewall=yes && shift ;;
      --no-firewall) firewall=no && shift ;;
      --dry-run) dry=yes && shift ;;
      --yes) agreed=yes && shift ;;
      --no-start) start=no && shift ;;
      --help) usage && exit 0 ;;
      *) fail "unknown option: $1 (--help)" ;;
    esac
  done
  check_answers
}

take_value() {
  case $1 in
    --domain) domain=$2 ;;
    --email) email=$2 certificate='' key='' ;;
    --certificate) certificate=$(realpath -m -- "$2") email='' ;;
    --key) key=$(realpath -m -- "$2") email='' ;;
    --public-address) public_address=$2 ;;
    --time-zone) time_zone=$2 ;;
    --supervisor) supervisor=$2 ;;
    --take-over)
      [[ $2 == asterisk || $2 == mariadb ]] || fail '--take-over takes asterisk or mariadb'
      take_over+="$2 "
      ;;
  esac
}

recall_answers() {
  local name value
  [ -r "$settings/install.env" ] || return 0
  while IFS='=' read -r name value; do
    [[ " ${remembered[*]} " == *" $name "* ]] && printf -v "$name" '%s' "$value"
  done < <(grep -v '^#' "$settings/install.env")
  return 0
}

check_answers() {
  local label='[a-z0-9]([a-z0-9-]*[a-z0-9])?'
  [ -n "$domain" ] || fail 'the name of the site is missing: --domain ramal.example.com.br'
  [[ $domain =~ ^$label(\.$label)+$ && ${#domain} -le 253 ]] || fail "not a host name in lower case: $domain"
  [ -z "$email" ] || [[ $email =~ ^[^[:space:]@]+@[^[:space:]@]+\.[^[:space:]@]+$ ]] || fail "not an e-mail address: $email"
  [ -z "$certificate$key" ] || { [ -n "$certificate" ] && [ -n "$key" ]; } || fail '--certificate and --key go together'
  [ -n "$email$certificate" ] || [ -f "$settings/tls/certificate.pem" ] || fail "a certificate is missing: --email you@example.com.br (Let's Encrypt), or --certificate FILE --key FILE"
  [ -z "$public_address" ] || is_ipv4 "$public_address" || fail "not an IPv4 address: $public_address"
  [ -z "$time_zone" ] || [[ $time_zone =~ ^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$ ]] || fail "not a time zone: $time_zone"
  [ -z "$time_zone" ] || [ ! -d /usr/share/zoneinfo ] || [ -f "/usr/share/zoneinfo/$time_zone" ] || fail "this machine does not have the time zone $time_zone"
}

is_ipv4() {
  local part parts
  [[ $1 =~ ^[0-9]{1,3}(\.[0-9]{1,3}){3}$ ]] || return 1
  IFS=. read -ra parts <<<"$1"
  for part in "${parts[@]}"; do [ "$((10#$part))" -le 255 ] || return 1; done
}

remember_answers() {
  local name
  {
    say '# The options of systemd/install, for its next run. An option given then replaces the one here.'
    for name in "${remembered[@]}"; do say "$name=${!name}"; done
  } | put "$settings/install.env" 0644 root:root
}
