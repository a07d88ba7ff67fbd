# shellcheck shell=bash disable=SC2154
# asterisk.sh: the distribution's Asterisk, or Debian's in its own tree; and this server's own files, in local/.

asterisk_tree=$opt/asterisk
# Debian 12 and 13 have no Asterisk; forky has (dev/setup/tree.ts makes such a tree for development).
tree_suite=forky
tree_packages=asterisk,asterisk-modules,asterisk-core-sounds-en,odbc-mariadb,ca-certificates
tree_mirror=http://deb.debian.org/debian
# Asterisk reads these at each start and warns when they are missing; Ramal needs no settings in them.
empty_files=(acl.conf ccss.conf pjproject.conf stasis.conf udptl.conf)

install_asterisk() {
  [ "$asterisk" = tree ] || return 0
  [ -x "$asterisk_tree/usr/sbin/asterisk" ] || act "make $asterisk_tree, a tree of Debian's packages with Asterisk (some minutes)" make_tree
}

make_tree() {
  rm -rf "$opt"/.tree-making.*
  local making
  making=$(mktemp -d "$opt/.tree-making.XXXXXX")
  chmod 0755 "$making"
  # An older debootstrap has no script named forky; all Debian suites share this one.
  debootstrap --variant=minbase --include="$tree_packages" --keyring=/usr/share/keyrings/debian-archive-keyring.gpg \
    "$tree_suite" "$making" "$tree_mirror" /usr/share/debootstrap/scripts/sid >"$scratch/debootstrap" 2>&1 ||
    { tail -n 20 "$scratch/debootstrap" >&2; fail 'debootstrap failed'; }
  chroot "$making" apt-get clean
  # The unit binds these directories to the machine's own (systemd/asterisk/asterisk.service).
  rm -rf "${making:?}"/var/spool/asterisk "${making:?}"/var/log/asterisk
  install -d "$making"/var/{spool,log}/asterisk
  mv "$making" "$asterisk_tree"
}

# The root of Asterisk's files, as this machine sees it.
asterisk_root() { if [ "$asterisk" = tree ]; then say "$asterisk_tree"; fi; }
# The first file that matches a pattern, as Asterisk sees it.
in_asterisk_root() {
  local root pattern found
  root=$(asterisk_root)
  for pattern in "$@"; do
    found=$(compgen -G "$root$pattern" | head -n 1 || true)
    [ -z "$found" ] || { say "${found#"$root"}"; return; }
  done
  fail "none of $* is in the packages of Asterisk"
}

# This server's own files: written once, then the sysadmin's.
write_asterisk_local() {
  local password=$1 driver url nat=()
  url=$(database_url)
  driver=$(in_asterisk_root '/usr/lib/*/odbc/libmaodbc.so' '/usr/lib/*/libmaodbc.so')
  local_file globals "[globals]" "RAMAL_AGI=127.0.0.1:4573" "RAMAL_MONITOR=/var/spool/asterisk/ramal"
  local_file global "default_realm = $domain"
  if [ "$behind_nat" = yes ]; then
    nat=("external_signaling_address = $address" "external_media_address = $address"
      "local_net = 10.0.0.0/8" "local_net = 172.16.0.0/12" "local_net = 192.168.0.0/16" "local_net = 127.0.0.0/8")
    local_file rtp "rtpstart = 10000" "rtpend = 20000" "" "[ice_host_candidates]" "$own => $address"
  else
    local_file rtp "rtpstart = 10000" "rtpend = 20000"
  fi
  local_file transports "[transport-udp]" "type = transport" "protocol = udp" "bind = 0.0.0.0:5060" "${nat[@]}"
  local_file phones "[transport-tcp]" "type = transport" "protocol = tcp" "bind = 0.0.0.0:5060" "${nat[@]}"
  local_file trunks "; Your carriers: docs/add-a-carrier.md shows what to write for each kind."
  local_file http "bindaddr = 127.0.0.1" "bindport = 8088"
  local_file odbc "dsn => ramal" "username => asterisk" "password => $password"
  local_ini odbc "[ramal]" "Driver = $driver" "Server = $(part 3 "$url")" "Port = $(part 4 "$url")" "Database = $(part 5 "$url")"
  add_data_source_of_phones /etc/asterisk/local/odbc.ini
}

# add_data_source_of_phones FILE: the same database, for the look-up of phones (pjsip/res_odbc.conf). Files of older versions lack it.
#   Option = 2   an update without a change counts the found row. Otherwise Asterisk believes that the row is missing, and removes a
#                phone that registers twice within a second.
add_data_source_of_phones() {
  local file=$1
  if [ ! -e "$file" ] || grep -q '^\[ramal-phones\]' "$file"; then return; fi
  {
    cat "$file"
    printf '%s\n' "" "[ramal-phones]"
    sed -n '/^\[ramal\]/,/^\[/{/^\[/!p}' "$file"
    printf '%s\n' "READ_TIMEOUT = 1" "WRITE_TIMEOUT = 1" "Option = 2"
  } | put "$file" 0640 root:asterisk
}

local_file() { local name=$1; shift; write_local "$name.conf" "$@"; }
local_ini() { local name=$1; shift; write_local "$name.ini" "$@"; }
write_local() {
  local file=/etc/asterisk/local/$1
  shift
  [ -e "$file" ] || printf '%s\n' "$@" | put "$file" 0640 root:asterisk
}

system_of_sip() { sed -n '/^\[system\]/,/^\[/{/^[a-z]/p}' /etc/asterisk/pjsip.conf 2>/dev/null || true; }

# asterisk_files VERSION-DIRECTORY: installs the files of that version.
asterisk_files() {
  local from=$1 file name modules system before=$changes
  system=$(system_of_sip)
  install_directory /etc/asterisk 0750 root:asterisk
  install_directory /etc/asterisk/local 0750 root:asterisk
  for file in "$from"/pjsip/*.conf "$from"/dialplan/*.conf; do
    name=$(basename "$file")
    copy_to "$file" "/etc/asterisk/$name" 0640 root:asterisk
  done
  for name in "${empty_files[@]}"; do
    [ -e "/etc/asterisk/$name" ] || say '; empty: Ramal needs no settings here' | put "/etc/asterisk/$name" 0640 root:asterisk
  done
  remove_gone /etc/asterisk "$from/pjsip" "$from/dialplan"
  [ "$changes" = "$before" ] || stale[asterisk]=${stale[asterisk]:-reload}
  # A reload does not apply the number of SIP threads.
  [ "$(system_of_sip)" = "$system" ] || stale[asterisk]=restart

  before=$changes
  modules=$(in_asterisk_root '/usr/lib/*/asterisk/modules')
  "$from/systemd/render" "$from/systemd/asterisk/asterisk.conf" MODULES="$modules" | put /etc/asterisk/asterisk.conf 0640 root:asterisk
  if [ "$asterisk" = tree ]; then
    copy_to "$from/systemd/asterisk/asterisk.service" /etc/systemd/system/asterisk.service 0644 root:root
    copy_to "$from/systemd/asterisk/console" /usr/local/sbin/asterisk 0755 root:root
    copy_to "$from/systemd/logrotate/ramal-asterisk" /etc/logrotate.d/ramal-asterisk 0644 root:root
    # fail2ban reads Asterisk's log, so it must have the machine's time.
    copy_to /etc/localtime "$asterisk_tree/etc/localtime" 0644 root:root
  fi
  [ "$changes" = "$before" ] || stale[asterisk]=restart
  make_sounds "$from"
}

install_directory() {
  [ "$(stat -c '%04a %U:%G' "$1" 2>/dev/null)" = "$2 $3" ] || act "make $1" install -d -m "$2" -o "${3%:*}" -g "${3#*:}" "$1"
}

# remove_gone DIRECTORY FOLDER…: removes files of an older version that no folder has.
remove_gone() {
  local directory=$1 file name folder
  shift
  for file in "$directory"/*.conf; do
    if [ ! -f "$file" ] || ! known_file "$file"; then continue; fi
    name=$(basename "$file")
    [[ " ${empty_files[*]} asterisk.conf " != *" $name "* ]] || continue
    for folder in "$@"; do [ ! -e "$folder/$name" ] || continue 2; done
    remove_file "$file"
  done
}

# make_sounds VERSION-DIRECTORY: copies its prompts (built with the release) to Asterisk's sounds.
make_sounds() {
  local from=$1/sounds root language directory
  root=$(asterisk_root)
  for language in pt_BR en; do
    directory=/usr/share/asterisk/sounds/$language/ramal
    # In the tree, `en` is a link whose path is valid only inside the tree.
    [ "$asterisk" = package ] || directory=$(chroot "$root" realpath -m "$directory")
    same_sounds "$from/$language/ramal" "$root$directory"
  done
  same_sounds "$from/moh" "$root/usr/share/asterisk/moh"
}

same_sounds() {
  diff -rq "$1" "$2" >/dev/null 2>&1 || act "write the sounds in $2" copy_sounds "$1" "$2"
}

copy_sounds() {
  install -d -m 0755 "$2"
  # Asterisk must not find a renamed prompt under its old name.
  find "$2" -type f -delete
  cp "$1"/* "$2/"
  chmod 0644 "$2"/*
}
