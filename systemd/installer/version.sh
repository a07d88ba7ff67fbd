# shellcheck shell=bash disable=SC2154
# version.sh: puts a release in charge: its tables, its files of Asterisk, its units, and then the processes. While the tables change our
# processes stand still, so that nothing is lost when the database goes back to what it was.

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
    [ "$before" = "$release" ] || did "bring the tables up to date, link $opt/current to $release, restart ${processes[*]}"
    return
  fi
  have_database
  pending=$(pending_migrations)
  if [ -n "$pending" ] || [ "$before" != "$release" ]; then begin_upgrade "$before" "$pending"; fi
  if [ -n "$pending" ]; then act "change the tables: $(tr '\n' ' ' <<<"$pending")" migrate; fi
  settle_rights "$release" grant || fail 'the users of the database could not be given their rights'
  take_charge "$release"
  [ "$changes" = "$at" ] || healthy || fail "$(basename "$release") does not serve: journalctl -u ramal-web -u ramal-fastagi"
  rm -f "$state/unfinished"
  # Only now: the version before would need them.
  settle_rights "$release" all || fail 'the users of the database keep rights that they do not need'
  move_session_secret
}

# Migrations of this release that the database has not seen.
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
  # From here on until the end, what fails goes back (roll_back), after a power cut as well.
  [ -z "$before" ] || printf '%s\n' "$before" "$dump" >"$state/unfinished"
}

room_for_dump() {
  local size
  size=$(sql -e "select coalesce(ceil(sum(data_length + index_length) / 1048576), 0) from information_schema.tables where table_schema = '$(database_name)'")
  [ "$(free_mib "$upgrades")" -gt "$size" ] || fail "the database has $size MiB, and there is no room in $upgrades to keep it aside"
}

dump_database() {
  (umask 077 && by_owner mariadb-dump --single-transaction --routines --triggers "$(database_name)" | gzip -1 >"$1.new") || fail 'the database could not be dumped'
  mv "$1.new" "$1"
}

migrate() {
  as_owner "$node_home/bin/node" "--env-file=$environment_file" "$release/domain/database/migrate.ts" >"$scratch/migrate" 2>&1 ||
    { tail -n 25 "$scratch/migrate" >&2; fail 'the tables could not be changed'; }
}

# Whoever has ramal.env, and with it the whole database.
as_owner() { setpriv --reuid ramal-backup --regid ramal --init-groups --inh-caps=-all -- env -i PATH="$PATH" "$@"; }

# take_charge DIRECTORY: this release, and no other, is what Asterisk, systemd and people have.
take_charge() {
  local from=$1 before name
  own_files "$from"
  before=$changes
  asterisk_files "$from"
  for name in "${programs[@]}"; do
    # An older version has fewer.
    [ ! -f "$from/systemd/programs/$name" ] || copy_to "$from/systemd/programs/$name" "/usr/local/sbin/$name" 0755 root:root
  done
  install_units "$from"
  link_to "nodes/$(cat "$from/node-version")" "$opt/node"
  link_to "releases/$(basename "$from")" "$opt/current"
  if [ "$changes" != "$before" ]; then
    service daemon-reload
    [ "$start" = no ] || did "restart ${processes[*]}"
    # The sockets hold the ports meanwhile: nobody is refused.
    service start "${sockets[@]}"
    service restart "${processes[@]}"
    for name in "${watches[@]}"; do
      [ ! -f "$from/systemd/$name.service" ] || service restart "$name"
    done
  fi
  # Those too that were stopped by hand, such as for a move of the database.
  for name in "${sockets[@]}" "${processes[@]}"; do
    if [ "$start" = yes ] && ! active "$name"; then act "start $name" service start "$name"; fi
  done
  # The dialplan goes with the processes that it asks. Calls that are up go on.
  if [ -n "${stale[asterisk]:-}" ] && active asterisk; then
    # One that hangs is restarted by ramal-watch, and reads them then.
    act 'let Asterisk read its files again' service reload asterisk || warn 'Asterisk does not answer: journalctl -u ramal-watch -u asterisk'
    load_modules "$from"
  fi
  # The event log looks for its table when it is loaded, and may have had no right to it then, as after a move of the database.
  if active asterisk; then asterisk_console 'module reload cel_odbc.so'; fi
}

# own_files DIRECTORY: directories, groups and the key of the backups belong to whoever they belong to in that version.
own_files() {
  local from=$1 process file user
  # Those of before kept_apart ran in the group asterisk, and made the backups as the worker.
  for process in ramal-web ramal-worker; do
    if kept_apart "$from"; then leave_group "$process" asterisk; else join_group "$process" asterisk; fi
  done
  make_directories "$from"
  user=$(sed -n 's/^User=//p' "$from/systemd/ramal-backup.service")
  for file in "$settings"/backup.{key,env}; do
    if [ -f "$file" ] && [ "$(stat -c %U "$file")" != "$user" ]; then act "give $file to $user" chown "$user:" "$file"; fi
  done
}

# Has that version a user of the database and a file of settings for each process?
kept_apart() { [ -f "$1/systemd/web.env" ]; }

move_session_secret() {
  if grep -q '^RAMAL_SESSION_SECRET=' "$environment_file"; then
    act "take the session secret out of $environment_file: it is in web.env" \
      sed -i -e '/^RAMAL_SESSION_SECRET=/d' -e '/^# Signs the cookies of people who are signed in\./d' "$environment_file"
  fi
}

# A reload loads no module that this version is the first to want.
load_modules() {
  local module running
  running=$(ask_asterisk 'module show') || return 0
  while read -r module; do
    grep -q "^$module " <<<"$running" || act "load Asterisk's $module" asterisk_console "module load $module"
  done < <(sed -n 's/^\(pre\)\{0,1\}load *= *//p' "$1/pjsip/modules.conf")
}

# It says what it could not do, and ramal check says it again.
asterisk_console() { ask_asterisk "$1" >/dev/null || true; }

# The console of an Asterisk that hangs waits without end, and ignores SIGTERM.
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

# Do they answer, and reach the database? systemd has waited until they were ready; this asks themselves.
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
  say 'The last upgrade was cut short.'
  [ "$dry" = no ] || { did "go back to $(head -n 1 "$state/unfinished") first"; return 0; }
  have_database
  roll_back || fail 'going back did not succeed; see above'
}

# Back to the version of before, with its database. Called when something failed, so it goes on past what fails here.
roll_back() {
  local before dump failed
  { read -r before; read -r dump; } <"$state/unfinished"
  say "Going back to $(basename "$before")"
  service stop "${sockets[@]}" "${processes[@]}"
  if [ -n "$dump" ] && [ -f "$dump" ]; then
    failed=${dump/-before-/-failed-}
    have_database
    # Whatever the new version wrote is not lost: it is looked at by hand.
    dump_database "$failed" && say "  the database as the failed version left it is in $failed"
    if ! restore_database "$dump"; then
      warn "the database could not be restored from $dump. Our processes stay stopped; once it is mended: systemd/install from the old version"
      return 1
    fi
    say "  the database is as it was before, from $dump"
  fi
  { settle_rights "$before" grant && take_charge "$before"; } || warn "not everything of $(basename "$before") could be put back"
  service start "${sockets[@]}" "${processes[@]}"
  if healthy; then
    rm -f "$state/unfinished"
    say "$(basename "$before") serves again"
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
