# shellcheck shell=bash disable=SC2154
# users.sh: the users of the processes and the owners of the directories (systemd/tmpfiles/ramal.conf).

make_users() {
  # The group of ramal.env, for the backups. The three processes have their own groups.
  make_group ramal
  make_group asterisk
  make_group ramal-recordings
  # The packages of Asterisk and coturn create their own users.
  make_user asterisk asterisk /var/lib/asterisk
  local process
  for process in "${processes[@]}"; do
    make_group "$process"
    make_user "$process" "$process" /nonexistent
    # In older versions they shared one group.
    [ "$(id -gn "$process" 2>/dev/null || say "$process")" = "$process" ] ||
      act "give $process its own group" usermod --gid "$process" "$process"
  done
  make_user ramal-backup ramal /nonexistent
  join_group ramal-backup asterisk
  join_group ramal-backup ramal-recordings
}

make_group() { getent group "$1" >/dev/null || act "make the group $1" groupadd --system "$1"; }

make_user() {
  getent passwd "$1" >/dev/null ||
    act "make the user $1" useradd --system --gid "$2" --home-dir "$3" --no-create-home --shell /usr/sbin/nologin "$1"
}

in_group() { [[ " $(id -nG "$1" 2>/dev/null) " == *" $2 "* ]]; }
join_group() { in_group "$1" "$2" || act "add $1 to the group $2" usermod --append --groups "$2" "$1"; }
leave_group() { ! in_group "$1" "$2" || act "remove $1 from the group $2" out_of_group "$@"; }
out_of_group() { gpasswd --delete "$1" "$2" >/dev/null; }

# On a new server. On others, take_charge sets the directories of the version in charge.
first_directories() { [ -e "$opt/current" ] || make_directories "$checkout"; }

# make_directories VERSION-DIRECTORY: the directories of that version.
make_directories() {
  local conf=/etc/tmpfiles.d/ramal.conf before=$changes
  copy_to "$1/systemd/tmpfiles/ramal.conf" "$conf" 0644 root:root
  [ -f "$conf" ] || return 0
  own_trees "$conf"
  if [ "$changes" != "$before" ] || ! directories_are_right "$conf"; then
    act "make the directories of $conf" systemd-tmpfiles --create "$conf"
  fi
}

# Changes the owner of directories from versions with other users. The directory itself comes last, so that an interrupted run starts
# again.
own_trees() {
  local path user group
  while read -r _ path _ user group _; do
    [[ " /var/lib/ramal/recordings /var/lib/ramal/backup /var/backups/ramal " == *" $path "* ]] || continue
    if [ -d "$path" ] && [ "$(stat -c '%U %G' "$path")" != "$user $group" ]; then
      act "give $path and its contents to $user:$group" chown --recursive --no-dereference "$user:$group" "$path"
    fi
  done < <(grep '^d' "$1")
}

directories_are_right() {
  local path mode user group entry
  while read -r _ path mode user group _; do
    [ "$(stat -c '%04a %U %G' "$path" 2>/dev/null)" = "$mode $user $group" ] || return 1
  done < <(grep '^[dz]' "$1")
  while read -r _ path _ _ _ _ entry; do
    for entry in ${entry//,/ }; do getfacl --absolute-names --omit-header --no-effective "$path" 2>/dev/null | grep -qxF "$entry" || return 1; done
  done < <(grep '^[aA]' "$1")
}
