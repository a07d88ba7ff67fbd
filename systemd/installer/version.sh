# shellcheck shell=bash disable=SC2154
# version.sh: puts a release in charge: its tables, its files of Asterisk, its units, and then its processes. The processes are stopped
# while the tables change, so that going back to the old database loses no data.

upgrades=/var/lib/ramal/upgrades
processes=(ramal-fastagi ramal-web ramal-worker)
watches=(ramal-watch ramal-door)
programs=(ramal ramal-certificate ramal-await-database ramal-firewall ramal-watch ramal-door)
sockets=(ramal-fastagi.socket ramal-web.socket)

bring_to_version() {
  local before pending at=$changes
  before=$(readlink "$opt/current" 2>/dev/null || true)
  before=${before:+$opt/$before}
  if [ "$dry" = yes ]; then
    [ "$before" = "$release" ] || did "migrate the tables, link $opt/current to $release, restart ${processes[*]}"
    return
  fi
  have_database
  pending=$(pending_migrations)
  if [ -n "$pending" ] || [ "$before" != "$release" ]; then begin_upgrade "$before" "$pending"; fi
  if [ -n "$pending" ]; then act "change the tables: $(tr '\n' ' ' <<<"$pending")" migrate; fi
  settle_rights "$release" grant || fail 'the rights of the database users could not be granted'
  take_charge "$release"
  [ "$changes" = "$at" ] || healthy || fail "$(basename "$release") does not answer: journalctl -u ramal-web -u ramal-fastagi"
  rm -f "$state/unfinished"
  # Only now, because the old version would need them.
  settle_rights "$release" all || fail 'unneeded rights of the database users could not be revoked'
  move_session_secret
}

# Migrations of this release that the database lacks.
pending_migrations() {
  comm -23 <(cd "$release/migrations" && printf '%s\n' *.ts | sed 's/\.ts$//' | sort) \
    <(sql -e "select name from $(database_name).kysely_migration" 2>/dev/null | sort)
}

begin_upgrade() {
  local before=$1 pending=$2 dump='' stamp
  install -d -m 0700 "$state"
  if [ -n "$before" ] && [ -n "$pending" ]; then
    stamp=$(date -u +%Y%m%dT%H%M%SZ)
    dump=$upgrades/$stamp-before-$(basename "$release").sql.gz
    room_for_dump
    printf '%s\n' "$before" '' >"$state/unfinished"
    act "stop ${processes[*]} while the tables change" service stop "${sockets[@]}" "${processes[@]}"
    act "dump the database into $dump" dump_database "$dump"
  fi
  # From here on a failure, or a power cut, leads to roll_back.
  [ -z "$before" ] || printf '%s\n' "$before" "$dump" >"$state/unfinished"
}

room_for_dump() {
  local size
  size=$(sql -e "select coalesce(ceil(sum(data_length + index_length) / 1048576), 0) from information_schema.tables where table_schema = '$(database_name)'")
  [ "$(free_mib "$upgrades")" -gt "$size" ] || fail "the database has $size MiB, and $upgrades has no space for its dump"
}

dump_database() {
  (umask 077 && by_owner mariadb-dump --single-transaction --routines --triggers "$(database_name)" | gzip -1 >"$1.new") || fail 'the database could not be dumped'
  mv "$1.new" "$1"
}

migrate() {
  as_owner "$node_home/bin/node" "--env-file=$environment_file" "$release/domain/database/migrate.ts" >"$scratch/migrate" 2>&1 ||
    { tail -n 25 "$scratch/migrate" >&2; fail 'the migrations failed'; }
}

# Runs a command as the user of ramal.env, who owns the database.
as_owner() { setpriv --reuid ramal-backup --regid ramal --init-groups --inh-caps=-all -- env -i PATH="$PATH" "$@"; }

# take_charge DIRECTORY: makes Asterisk, systemd and the command line use this release.
take_charge() {
  local from=$1 before name
  own_files "$from"
  before=$changes
  asterisk_files "$from"
  for name in "${programs[@]}"; do
    # An older version has fewer programs.
    [ ! -f "$from/systemd/programs/$name" ] || copy_to "$from/systemd/programs/$name" "/usr/local/sbin/$name" 0755 root:root
  done
  install_units "$from"
  link_to "nodes/$(cat "$from/node-version")" "$opt/node"
  link_to "releases/$(basename "$from")" "$opt/current"
  if [ "$changes" != "$before" ]; then
    service daemon-reload
    [ "$start" = no ] || did "restart ${processes[*]}"
    # The sockets hold the ports during the restart, so that no connection is refused.
    service start "${sockets[@]}"
    service restart "${processes[@]}"
    for name in "${watches[@]}"; do
      [ ! -f "$from/systemd/$name.service" ] || service restart "$name"
    done
  fi
  # Also start units that were stopped by hand, for example to move the database.
  for name in "${sockets[@]}" "${processes[@]}"; do
    if [ "$start" = yes ] && ! active "$name"; then act "start $name" service start "$name"; fi
  done
  # The dialplan must match the processes that it asks. Calls in progress continue.
  if [ -n "${stale[asterisk]:-}" ] && active asterisk; then
    # ramal-watch restarts an Asterisk that hangs, which then reads its files.
    act 'let Asterisk reload its files' service reload asterisk || warn 'Asterisk does not answer: journalctl -u ramal-watch -u asterisk'
    load_modules "$from"
  fi
  # The event log reads its table's columns when it loads, and may have had no right to it then, for example after a move of the database.
  if active asterisk; then asterisk_console 'module reload cel_odbc.so'; fi
}

# own_files DIRECTORY: sets the owners of directories, groups and the backup key as in that version.
own_files() {
  local from=$1 process file user
  # Versions before kept_apart ran in the group asterisk, and made backups as the worker.
  for process in ramal-web ramal-worker; do
    if kept_apart "$from"; then leave_group "$process" asterisk; else join_group "$process" asterisk; fi
  done
  make_directories "$from"
  user=$(sed -n 's/^User=//p' "$from/systemd/ramal-backup.service")
  for file in "$settings"/backup.{key,env}; do
    if [ -f "$file" ] && [ "$(stat -c %U "$file")" != "$user" ]; then act "give $file to $user" chown "$user:" "$file"; fi
  done
}

# True if that version has a database user and a settings file for each process.
kept_apart() { [ -f "$1/systemd/web.env" ]; }

move_session_secret() {
  if grep -q '^RAMAL_SESSION_SECRET=' "$environment_file"; then
    act "remove the session secret from $environment_file: it is in web.env" \
      sed -i -e '/^RAMAL_SESSION_SECRET=/d' -e '/^# Signs the cookies of people who are signed in\./d' "$environment_file"
  fi
}

# A reload does not load the modules that are new in this version.
load_modules() {
  local module running
  running=$(ask_asterisk 'module show') || return 0
  while read -r module; do
    grep -q "^$module " <<<"$running" || act "load Asterisk's $module" asterisk_console "module load $module"
  done < <(sed -n 's/^\(pre\)\{0,1\}load *= *//p' "$1/pjsip/modules.conf")
}

# Prints its errors; ramal check reports them too.
asterisk_console() { ask_asterisk "$1" >/dev/null || true; }

# The console of an Asterisk that hangs waits forever, and ignores SIGTERM.
ask_asterisk() { timeout --signal=KILL 10 asterisk -rx "$1" </dev/null; }

install_units() {
  local from=$1 unit
  for unit in "$from"/systemd/*.{service,socket,timer,target} "$from"/systemd/*.service.d/*.conf; do
    [ ! -f "$unit" ] || copy_to "$unit" "/etc/systemd/system/${unit#"$from/systemd/"}" 0644 root:root
  done
  for unit in /etc/systemd/system/ramal*; do
    if [ -f "$unit" ] && known_file "$unit" && [ ! -f "$from/systemd/$(basename "$unit")" ]; then remove_unit "$unit"; fi
  done
}

remove_unit() {
  local name
  name=$(basename "$1")
  if active "$name"; then act "stop $name" service stop "$name"; fi
  systemctl --quiet disable "$name" 2>/dev/null || true
  remove_file "$1"
}

# True when the processes answer and reach the database. systemd has waited for them; this asks them.
healthy() {
  [ "$start" = yes ] || return 0
  local tries=0
  until "$opt/node/bin/node" "$opt/current/fastagi/health-check.ts" >/dev/null 2>&1 &&
    curl --fail --silent --max-time 5 --output /dev/null http://127.0.0.1:8080/health && active ramal-worker; do
    tries=$((tries + 1))
    [ "$tries" -lt 30 ] || return 1
    sleep 1
  done
}

mend_unfinished_upgrade() {
  [ -f "$state/unfinished" ] || return 0
  say 'The last upgrade was interrupted.'
  [ "$dry" = no ] || { did "go back to $(head -n 1 "$state/unfinished") first"; return 0; }
  have_database
  roll_back || fail 'going back did not succeed; see above'
}

# Goes back to the old version with its database. It runs after a failure, so it continues past further failures.
roll_back() {
  local before dump failed
  { read -r before; read -r dump; } <"$state/unfinished"
  say "Going back to $(basename "$before")"
  service stop "${sockets[@]}" "${processes[@]}"
  if [ -n "$dump" ] && [ -f "$dump" ]; then
    failed=${dump/-before-/-failed-}
    have_database
    # Keep what the new version wrote, for inspection by hand.
    dump_database "$failed" && say "  the database of the failed version is in $failed"
    if ! restore_database "$dump"; then
      warn "the database could not be restored from $dump. Our processes stay stopped. After the repair, run systemd/install from the old version"
      return 1
    fi
    say "  the old database is restored from $dump"
  fi
  { settle_rights "$before" grant && take_charge "$before"; } || warn "some parts of $(basename "$before") could not be restored"
  service start "${sockets[@]}" "${processes[@]}"
  if healthy; then
    rm -f "$state/unfinished"
    say "$(basename "$before") works again"
  else
    warn "$(basename "$before") does not answer: journalctl -u ramal-web -u ramal-fastagi"
    return 1
  fi
}

restore_database() {
  local name
  name=$(database_name)
  sql <<<"drop database $name" && make_database && gunzip -c "$1" | by_owner mariadb "$name"
}
