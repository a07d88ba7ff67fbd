# shellcheck shell=bash disable=SC2154
# database.sh: MariaDB with our settings, the database `ramal`, and its two users. Statements go by standard input: they hold passwords.

prepare_database() {
  local before=$changes
  "$checkout/systemd/render" "$checkout/systemd/mariadb/ramal.cnf" BUFFER_POOL="$(buffer_pool)M" |
    put /etc/mysql/mariadb.conf.d/90-ramal.cnf 0644 root:root
  if [ "$dry" = yes ]; then
    [ -f "$environment_file" ] || did 'make the database ramal and its users ramal and asterisk'
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

# MariaDB answers: that of this machine, or, where nothing is to be started, one for as long as this run takes.
own_database=''
have_database() {
  ! database_answers || return 0
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

database_answers() { mariadb --connect-timeout=2 -e 'select 1' >/dev/null 2>&1; }
sql() { mariadb --batch --skip-column-names "$@"; }

# may_enter USER PASSWORD
may_enter() {
  mariadb --defaults-file=<(printf '[client]\nhost=127.0.0.1\nport=3306\nuser=%s\npassword=%s\n' "$1" "$2") -e 'select 1' >/dev/null 2>&1
}

make_accounts() {
  local url own_password asterisk_password
  url=$(setting RAMAL_DATABASE_URL)
  [[ $url =~ ^mysql://ramal:([A-Za-z0-9]+)@127\.0\.0\.1:3306/ramal$ ]] ||
    fail "RAMAL_DATABASE_URL in $environment_file leads elsewhere than to the user and database ramal on this machine; the installer knows no other"
  own_password=${BASH_REMATCH[1]}
  [ -n "$(sql -e "show databases like 'ramal'")" ] || act 'make the database ramal' make_database
  may_enter ramal "$own_password" || act 'give the database user ramal its password and rights' make_account ramal "$own_password"
  asterisk_password=$(sed -n 's/^password => //p' /etc/asterisk/local/odbc.conf 2>/dev/null || true)
  asterisk_password=${asterisk_password:-$(secret 24)}
  may_enter asterisk "$asterisk_password" || act 'give the database user asterisk its password' make_account asterisk "$asterisk_password"
  install_directory /etc/asterisk 0750 root:asterisk
  install_directory /etc/asterisk/local 0750 root:asterisk
  write_asterisk_local "$asterisk_password"
}

make_database() { sql <<<'create database ramal character set utf8mb4 collate utf8mb4_unicode_ci'; }

make_account() {
  {
    printf "create user if not exists '%s'@'127.0.0.1';\nalter user '%s'@'127.0.0.1' identified by '%s';\n" "$1" "$1" "$2"
    [ "$1" != ramal ] || say "grant all privileges on ramal.* to 'ramal'@'127.0.0.1';"
  } | sql
}

# What Asterisk may do; possible only when the tables are there. A grant that stands is left alone.
grant_asterisk() {
  local wanted view
  wanted=$(
    for view in ps_endpoints ps_auths ps_aors; do echo "GRANT SELECT ON \`ramal\`.\`$view\` TO \`asterisk\`@\`127.0.0.1\`"; done
    echo "GRANT SELECT, INSERT, UPDATE, DELETE ON \`ramal\`.\`ps_contacts\` TO \`asterisk\`@\`127.0.0.1\`"
    echo "GRANT INSERT ON \`ramal\`.\`cel\` TO \`asterisk\`@\`127.0.0.1\`"
  )
  [ "$(sql -e "show grants for 'asterisk'@'127.0.0.1'" | grep -v ' ON \*\.\*' | sort)" != "$(sort <<<"$wanted")" ] || return 0
  act 'let the database user asterisk read the phones, and write who is registered and the event log' grant "$wanted"
}
grant() { sql <<<"${1//$'\n'/$';\n'};"; }
