# shellcheck shell=bash disable=SC2034,SC2154
# common.sh: how every step of the installer says and does things. Nothing is written but through act, put and copy_to, so that a
# dry run writes nothing, and a second run finds nothing to do.

scratch=$(mktemp -d)
changes=0
dry=no
# Where things are, on every server.
opt=/opt/ramal
settings=/etc/ramal
state=/var/lib/ramal/install

say() { printf '%s\n' "$*"; }
warn() { printf 'warning: %s\n' "$*" >&2; }
fail() { printf 'install: %s\n' "$*" >&2; exit 1; }

# step NAME FUNCTION: runs it under its name, and says so when there was nothing to do.
step() {
  local before=$changes
  say "$1"
  "$2"
  [ "$changes" != "$before" ] || say '  unchanged'
}

did() {
  changes=$((changes + 1))
  if [ "$dry" = yes ]; then say "  would $1"; else say "  $1"; fi
}

# act WHAT COMMAND…: says WHAT, and does it unless this is a dry run.
act() {
  did "$1"
  shift
  [ "$dry" = yes ] || "$@"
}

# put FILE MODE OWNER:GROUP: its text comes by standard input.
put() {
  cat >"$scratch/new"
  copy_to "$scratch/new" "$@"
}

# copy_to SOURCE FILE MODE OWNER:GROUP: whole or not at all, and not when it is so already. What was there before Ramal is kept
# beside it, for uninstall.
copy_to() {
  local source=$1 to=$2 mode=$3 owner=$4 making
  if [ -f "$to" ] && [ ! -L "$to" ] && cmp -s "$source" "$to" && [ "$(stat -c '%04a %U:%G' "$to")" = "$mode $owner" ]; then
    remember_file "$to"
    return
  fi
  did "write $to"
  [ "$dry" = no ] || return 0
  [ -d "$(dirname "$to")" ] || install -d -m 0755 "$(dirname "$to")"
  if [ -e "$to" ] && ! known_file "$to" && [ ! -e "$to.before-ramal" ]; then cp -a "$to" "$to.before-ramal"; fi
  making=$(mktemp "$to.XXXXXX")
  cat "$source" >"$making"
  chown "$owner" "$making"
  chmod "$mode" "$making"
  mv -f "$making" "$to"
  remember_file "$to"
}

# The list of what the installer wrote: what uninstall removes.
known_file() { [ -f "$state/files" ] && grep -qxF "$1" "$state/files"; }
remember_file() {
  [ "$dry" = no ] || return 0
  ! known_file "$1" || return 0
  install -d -m 0700 "$state"
  printf '%s\n' "$1" >>"$state/files"
}

# remove_file FILE: one that the installer wrote before, and this version has not.
remove_file() {
  [ -e "$1" ] || return 0
  act "remove $1" rm -f "$1"
}

# link_to TARGET LINK, in one step.
link_to() {
  [ "$(readlink "$2" 2>/dev/null || true)" != "$1" ] || return 0
  did "link $2 to $1"
  [ "$dry" = no ] || return 0
  ln -sfn "$1" "$2.new"
  mv -fT "$2.new" "$2"
}

render() { "$checkout/systemd/render" "$@"; }

secret() { openssl rand -hex "$1"; }

has() { command -v "$1" >/dev/null 2>&1; }

# service WORD UNIT…: systemctl, or who stands in for it; nobody with --no-start.
service() {
  [ "$start" = yes ] || return 0
  "$supervisor" "$@"
}

active() { [ "$start" = yes ] && "$supervisor" is-active --quiet "$1"; }

# Units to be started anew, or told to read their files again, at the end.
declare -A stale=()
stale_since() {
  [ "$changes" = "$1" ] || stale[$2]=yes
}

leave() {
  local code=$?
  set +e
  [ -z "${policy_written:-}" ] || rm -f /usr/sbin/policy-rc.d
  if [ "$code" != 0 ] && [ "$dry" = no ] && [ -f "$state/unfinished" ]; then
    roll_back
  fi
  stop_own_database
  rm -rf "$scratch"
  exit "$code"
}
