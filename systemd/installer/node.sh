# shellcheck shell=bash disable=SC2154
# node.sh: Node and npm from the npm registry, verified by the checksums below: the same on every distribution, without another package
# repository. A version stays as long as a release that uses it.

node_version=24.21.0
npm_version=11.19.1
declare -A checksum=(
  [x64]='3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q=='
  [arm64]='FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g=='
  [npm]='ztsxKxt/kkIaAs+2i0GU6I+DRmUdrNasxTZKJe9TCdSjKxlhah/4r/hl5ygMD6XAg1qZ9c2TNomR4qgOydp10g=='
)
node_home=$opt/nodes/$node_version

install_node() {
  [ -x "$node_home/bin/node" ] || act "fetch Node $node_version into $node_home" fetch_node
}

fetch_node() {
  local machine=x64 making
  [ "$(uname -m)" = x86_64 ] || machine=arm64
  install -d -m 0755 "$opt" "$opt/nodes"
  rm -rf "$opt/nodes"/.making.*
  making=$(mktemp -d "$opt/nodes/.making.XXXXXX")
  chmod 0755 "$making"
  mkdir -p "$making/lib/node_modules/npm"
  fetch_from_npm "node-linux-$machine" "$node_version" "${checksum[$machine]}"
  tar -xzf "$scratch/package.tgz" --no-same-owner --strip-components=1 -C "$making" package/bin/node
  fetch_from_npm npm "$npm_version" "${checksum[npm]}"
  tar -xzf "$scratch/package.tgz" --no-same-owner --strip-components=1 -C "$making/lib/node_modules/npm"
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$making/bin/npm"
  chmod -R go=rX "$making"
  mv "$making" "$node_home"
}

fetch_from_npm() {
  local found
  curl --fail --silent --show-error --location --retry 3 -o "$scratch/package.tgz" "https://registry.npmjs.org/$1/-/$1-$2.tgz"
  found=$(openssl dgst -sha512 -binary "$scratch/package.tgz" | openssl base64 -A)
  [ "$found" = "$3" ] || fail "$1 $2 from the npm registry has the wrong SHA-512"
}
