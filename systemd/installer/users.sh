# shellcheck shell=bash disable=SC2154
# users.sh: who runs what, and whose the directories are (systemd/tmpfiles/ramal.conf).

make_users() {
  make_group ramal
  make_group asterisk
  # The packages of Asterisk and coturn bring theirs.
  make_user asterisk asterisk /var/lib/asterisk
  make_user ramal-fastagi ramal /nonexistent
  make_user ramal-web ramal /nonexistent
  make_user ramal-worker ramal /nonexistent
  join_group ramal-web asterisk
  join_group ramal-worker asterisk
}

make_group() { getent group "$1" >/dev/null || act "make the group $1" groupadd --system "$1"; }

make_user() {
  getent passwd "$1" >/dev/null ||
    act "make the user $1" useradd --system --gid "$2" --home-dir "$3" --no-create-home --shell /usr/sbin/nologin "$1"
}

join_group() {
  [[ " $(id -nG "$1" 2>/dev/null) " == *" $2 "* ]] || act "put $1 into the group $2" usermod --append --groups "$2" "$1"
}

make_directories() {
  local before=$changes
  copy_to "$checkout/systemd/tmpfiles/ramal.conf" /etc/tmpfiles.d/ramal.conf 0644 root:root
  if [ "$changes" != "$before" ] || ! directories_are_right; then
    act 'make the directories of /etc/tmpfiles.d/ramal.conf' systemd-tmpfiles --create /etc/tmpfiles.d/ramal.conf
  fi
}

directories_are_right() {
  local path mode user group
  while read -r _ path mode user group _; do
    [ "$(stat -c '%04a %U %G' "$path" 2>/dev/null)" = "$mode $user $group" ] || return 1
  done < <(grep '^[dz]' /etc/tmpfiles.d/ramal.conf)
}
