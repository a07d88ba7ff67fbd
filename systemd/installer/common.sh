# shellcheck shell=bash disable=SC2034,SC2154
# common.sh: what every step of the installer uses. Every change goes through act, put or copy_to, so that a dry run changes
# nothing, and a second run finds nothing to do.

scratch=$(mktemp -d)
changes=0
dry=no
# The same on every server.
opt=/opt/ramal
settings=/etc/ramal
state=/var/lib/ramal/install

say() { printf '%s\n' "$*"; }
warn() { printf 'warning: %s\n' "$*" >&2; }
fail() { printf 'install: %s\n' "$*" >&2; exit 1; }

# step NAME FUNCTION: prints NAME, runs FUNCTION, and prints `unchanged` if it changed nothing.
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

# act WHAT COMMAND…: prints WHAT, and runs COMMAND unless this is a dry run.
act() {
  did "$1"
  shift
  [ "$dry" = yes ] || "$@"
}

# put FILE MODE OWNER:GROUP: writes standard input to FILE.
put() {
  cat >"$scratch/new"
  copy_to "$scratch/new" "$@"
}

# copy_to SOURCE FILE MODE OWNER:GROUP: replaces FILE atomically, if it differs. It keeps a file from before Ramal beside FILE, for
# uninstall.
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

# The list of files that the installer wrote, for uninstall.
known_file() { [ -f "$state/files" ] && grep -qxF "$1" "$state/files"; }
remember_file() {
  [ "$dry" = no ] || return 0
  ! known_file "$1" || return 0
  install -d -m 0700 "$state"
  printf '%s\n' "$1" >>"$state/files"
}

# remove_file FILE: removes a file of an older version.
remove_file() {
  [ -e "$1" ] || return 0
  act "remove $1" rm -f "$1"
}

# link_to TARGET LINK: atomically.
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

# service VERB UNIT…: runs systemctl or its substitute; does nothing with --no-start.
service() {
  [ "$start" = yes ] || return 0
  "$supervisor" "$@"
}

active() { [ "$start" = yes ] && "$supervisor" is-active --quiet "$1"; }

# Units to restart or reload at the end.
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
