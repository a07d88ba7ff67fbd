# shellcheck shell=bash disable=SC2154
# database.sh: MariaDB with our settings, the database `ramal`, and its users. If RAMAL_DATABASE_URL points to another machine, only the
# users there. Statements go through standard input, because they contain passwords.

prepare_database() {
  local before=$changes
  if database_is_here; then
    "$checkout/systemd/render" "$checkout/systemd/mariadb/ramal.cnf" BUFFER_POOL="$(buffer_pool)M" |
      put /etc/mysql/mariadb.conf.d/90-ramal.cnf 0644 root:root
  fi
  if [ "$dry" = yes ]; then
    [ -f "$settings/web.env" ] || did 'create the database users'
    return
  fi
  if [ "$changes" != "$before" ] && active mariadb; then act 'restart mariadb' service restart mariadb; fi
  have_database
  make_accounts
}

# A quarter of the memory, in steps of 64 MiB.
buffer_pool() {
  local size=$(($(memory_mib) / 4 / 64 * 64))
  [ "$size" -ge 128 ] || size=128
  [ "$size" -le 4096 ] || size=4096
  echo "$size"
}

# RAMAL_DATABASE_URL; this machine while ramal.env does not exist.
database_url() {
  local url=''
  [ ! -f "$environment_file" ] || url=$(setting RAMAL_DATABASE_URL)
  say "${url:-mysql://ramal:@127.0.0.1:3306/ramal}"
}

# part NUMBER URL: 1 user, 2 password, 3 host, 4 port, 5 database, percent-decoded.
url_pattern='^mysql://([^:/@]+):([^/@]*)@([A-Za-z0-9._-]+)(:[0-9]+)?/([A-Za-z0-9_]+)'
part() {
  [[ $2 =~ $url_pattern ]] || fail "RAMAL_DATABASE_URL in $environment_file is not mysql://user:password@host:port/database"
  local text=${BASH_REMATCH[$1]}
  [ "$1" != 4 ] || text=${text#:} text=${text:-3306}
  printf '%b\n' "${text//%/\\x}"
}
database_is_here() { [[ $(part 3 "$(database_url)") == 127.0.0.1 || $(part 3 "$(database_url)") == localhost ]]; }

# Makes MariaDB answer: the machine's own, or with --no-start a temporary one for this run.
own_database=''
have_database() {
  ! database_answers || return 0
  database_is_here || fail "the database at $(part 3 "$(database_url)") does not answer, or rejects the user of RAMAL_DATABASE_URL"
  if [ "$start" = yes ]; then
    act 'start mariadb' service start mariadb
  else
    install -d -m 0755 -o mysql -g mysql /run/mysqld
    mariadbd --user=mysql >"$scratch/mariadbd" 2>&1 &
    own_database=$!
  fi
  local tries=0
  until database_answers; do
    tries=$((tries + 1))
    [ "$tries" -lt 240 ] || fail "MariaDB does not answer: journalctl -u mariadb"
    sleep 0.25
  done
}

stop_own_database() {
  [ -n "$own_database" ] || return 0
  kill "$own_database" 2>/dev/null
  wait "$own_database"
  own_database=''
}

# by_owner PROGRAM ARGUMENT…: as root of this machine's database; on another machine as the user of RAMAL_DATABASE_URL, with the password
# in a file instead of an argument.
by_owner() {
  local program=$1
  shift
  if database_is_here; then "$program" "$@"; else "$program" --defaults-file=<(login "$(database_url)") "$@"; fi
}
login() {
  local password
  password=$(part 2 "$1")
  password=${password//\\/\\\\}
  printf '[client]\nprotocol=tcp\nhost=%s\nport=%s\nuser=%s\npassword="%s"\n' "$(part 3 "$1")" "$(part 4 "$1")" "$(part 1 "$1")" "${password//\"/\\\"}"
}

database_answers() { by_owner mariadb --connect-timeout=2 -e 'select 1' >/dev/null 2>&1; }
sql() { by_owner mariadb --batch --skip-column-names "$@"; }
database_name() { part 5 "$(database_url)"; }
may_enter() { mariadb --defaults-file=<(login "$1") -e 'select 1' >/dev/null 2>&1; }

# A database on another machine must let its user create the others. Reported with all other faults, before any change.
check_database_elsewhere() {
  local name host user grants
  if [ ! -f "$environment_file" ] || database_is_here || ! has mariadb; then return 0; fi
  name=$(database_name) host=$(part 3 "$(database_url)")
  if ! database_answers; then
    fault "the database at $host does not answer, or rejects the user of RAMAL_DATABASE_URL"
    return
  fi
  user=$(sql -e "select concat(quote(substring_index(current_user(), '@', 1)), '@', quote(substring_index(current_user(), '@', -1)))")
  grants=$(sql -e 'show grants')
  [[ $grants =~ (CREATE\ USER|ALL\ PRIVILEGES\ ON\ \*\.\*).*$ && $grants == *'WITH GRANT OPTION'* ]] ||
    fault "the database at $host needs a user for each process, and $user cannot create users there. As its root: grant create user, process on *.* to $user; grant all privileges on $name.* to $user with grant option"
}

make_accounts() {
  local url process
  url=$(database_url)
  if database_is_here; then
    [[ $url =~ ^mysql://ramal:([A-Za-z0-9]+)@127\.0\.0\.1:3306/ramal$ ]] ||
      fail "RAMAL_DATABASE_URL in $environment_file names this machine's database, but on this machine the installer supports only the user and database ramal at 127.0.0.1:3306"
    [ -n "$(sql -e "show databases like 'ramal'")" ] || act 'create the database ramal' make_database
    may_enter "$url" || act 'give the database user ramal its password and rights' make_owner "$url"
    # A restore needs it to see other connections.
    [[ $(sql -e "show grants for 'ramal'@'127.0.0.1'") =~ PROCESS|ALL\ PRIVILEGES\ ON\ \*\.\* ]] ||
      act 'let the database user ramal see all connections' grant "grant process on *.* to 'ramal'@'127.0.0.1'"
  fi
  for process in "${own_settings[@]}"; do
    url=$(setting RAMAL_DATABASE_URL "$settings/$process.env")
    may_enter "$url" || act "give the database user $(part 1 "$url") its password" make_account "$url"
  done
  install_directory /etc/asterisk 0750 root:asterisk
  install_directory /etc/asterisk/local 0750 root:asterisk
  write_asterisk_local "$(secret 24)"
  may_enter "$(asterisk_url)" || act 'give the database user asterisk its password' make_account "$(asterisk_url)"
}

# The URL of Asterisk's connection, from its own files.
asterisk_url() {
  local conf=/etc/asterisk/local/odbc.conf ini=/etc/asterisk/local/odbc.ini
  of() { sed -n "s/^$1 *=>\{0,1\} *//p" "$2" | tail -n 1; }
  say "mysql://$(of username $conf):$(of password $conf)@$(of Server $ini):$(of Port $ini)/$(of Database $ini)"
}

make_database() { sql <<<"create database $(database_name) character set utf8mb4 collate utf8mb4_unicode_ci"; }

# The host part of the database users: this machine, as the database sees it.
account_host() {
  if database_is_here; then say 127.0.0.1; else sql -e "select substring_index(current_user(), '@', -1)"; fi
}

# make_account URL: creates its user with its password, without rights.
make_account() {
  local name password
  name="'$(part 1 "$1")'@'$(account_host)'" password=$(part 2 "$1")
  [[ $password =~ ^[^\'\\]*$ ]] || fail "the password of $name has a quote or a backslash"
  sql <<<"create user if not exists $name; alter user $name identified by '$password';"
}

make_owner() {
  make_account "$1"
  sql <<<"grant all privileges on ramal.* to 'ramal'@'127.0.0.1';"
}

# settle_rights VERSION-DIRECTORY grant|all: gives each user the rights of that version (domain/database/grants.ts). Needs the tables.
# `grant` only adds rights, because processes of the old version may still run; `all` also revokes. Versions without that file have one
# user for all processes, whose rights stay.
settle_rights() {
  local program=$1/domain/database/rights.ts statements process
  [ -f "$program" ] || return 0
  statements=$({
    for process in "${own_settings[@]}"; do say "$process $(setting RAMAL_DATABASE_URL "$settings/$process.env")"; done
    say "asterisk $(asterisk_url)"
  } | as_owner "$opt/nodes/$(cat "$1/node-version")/bin/node" "$program") || return 1
  if [ "$2" = grant ]; then
    statements=$(grep '^grant ' <<<"$statements" || true)
    [ -z "$statements" ] || act 'grant the database users the rights of this version' grant "$statements"
  else
    [ -z "$statements" ] || act 'revoke database rights that this version does not need' grant "$statements"
  fi
}
grant() { sql <<<"$1"; }
