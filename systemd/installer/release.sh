# shellcheck shell=bash disable=SC2154
# release.sh: copies this checkout to its own directory in /opt/ramal/releases, with libraries, browser files and prompts. Its name has the
# version and a checksum of its files: a changed checkout is a new release, and an existing release never changes.

left_out=(--exclude=./.git --exclude=./node_modules --exclude=./.tap --exclude=./web/public/build --exclude=./dev --exclude=./docs/screenshots
  --exclude='*.test.ts' --exclude='*.log')

name_of_release=''
release_name() {
  if [ -z "$name_of_release" ]; then
    local version sum
    version=$(sed -n 's/^  "version": "\(.*\)",$/\1/p' "$checkout/package.json")
    sum=$(packed | sha256sum)
    name_of_release=$version-${sum:0:10}
  fi
  say "$name_of_release"
}

packed() {
  tar --create --directory "$checkout" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --mode='u=rwX,go=rX' "${left_out[@]}" .
}

release=''
make_release() {
  release=$opt/releases/$(release_name)
  [ -d "$release" ] || act "make $release (npm ci, browser files, prompts)" build_release
}

build_release() {
  local making=$opt/releases/.making path="$node_home/bin:$PATH"
  install -d -m 0755 "$opt/releases"
  rm -rf "$making"
  mkdir -m 0755 "$making"
  packed | tar --extract --directory "$making" --no-same-owner --touch
  echo "$node_version" >"$making/node-version"
  # Only changed sentences need new prompts.
  [ ! -d "$opt/current/sounds" ] || cp -a "$opt/current/sounds" "$making/sounds"
  (
    cd "$making"
    export PATH=$path HOME=$scratch npm_config_cache=$scratch/npm npm_config_update_notifier=false
    # No library needs an install script.
    npm ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error
    node web/build.ts
    node dialplan/prompts/build.ts "$making/sounds"
    node dialplan/prompts/hold-music.ts "$making/sounds/moh"
  ) >"$scratch/build" 2>&1 || { tail -n 30 "$scratch/build" >&2; fail "$release could not be built"; }
  chown -R root:root "$making"
  chmod -R u=rwX,go=rX "$making"
  mv "$making" "$release"
}

# Keeps the three newest, and the running one.
remove_old_releases() {
  local old running version
  running=$(readlink -f "$opt/current" || true)
  while read -r old; do
    [ "$old" = "$running" ] || act "remove $old" rm -rf "$old"
  done < <(find "$opt/releases" -mindepth 1 -maxdepth 1 -type d -not -name '.*' -printf '%T@ %p\n' 2>/dev/null | sort -rn | tail -n +4 | cut -d' ' -f2-)
  for old in "$opt"/nodes/*/; do
    version=$(basename "$old")
    [ ! -d "$old" ] || grep -qsx "$version" "$opt"/releases/*/node-version || [ "$version" = "$node_version" ] || act "remove $old" rm -rf "$old"
  done
}
