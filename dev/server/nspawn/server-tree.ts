import { copyFileSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { cache, checkout, makeCache, shortHash } from '../../setup/cache.ts'
import { madeOnce } from '../../setup/made-once.ts'
import { installHostPrograms } from '../../setup/packages.ts'
import { terminalProgress } from '../../setup/progress.ts'
import { runCommand } from '../../setup/run-command.ts'

export type Suite = 'bookworm' | 'trixie'

const mirror = process.env['RAMAL_DEBIAN_MIRROR'] ?? 'http://deb.debian.org/debian'
/** Packages of a usual server that debootstrap does not install. */
const systemPackages = ['systemd-sysv', 'dbus', 'iproute2', 'ca-certificates', 'procps', 'nftables', 'curl', 'openssl']
/** Steps of the installer that download, and that need no other state of the machine. */
const parts = ['common', 'options', 'packages', 'node', 'asterisk']
const steps = ['install_packages', 'install_node', 'install_asterisk']

/** The path of this machine's CA certificates in the container: a network that inspects TLS has its own CA. */
export const authorities = '/usr/local/share/authorities.pem'

/**
 * A Debian with systemd and everything that the installer downloads for a server: packages, Node, and the tree with Asterisk. No program
 * in it has settings or has ever run. The installer's own steps make it once, and again when one of them changes.
 */
export async function serverTree(suite: Suite): Promise<string> {
  makeCache()
  const progress = terminalProgress()
  const read = (part: string) => readFileSync(join(checkout, `systemd/installer/${part}.sh`), 'utf8')
  const sources = [read('packages'), read('node'), ...(read('asterisk').match(/^tree_.*$/gm) ?? [])]
  const tree = join(cache, `server-${suite}-${shortHash([...sources, ...systemPackages, ...steps].join(' '))}`)
  const onWait = () => progress.note('Another run makes the Debian of a server; waiting for it')
  await madeOnce(tree, onWait, async (making) => {
    await installHostPrograms(['debootstrap'], progress)
    progress.note(`Making a Debian ${suite} with all packages of a server in ${tree} (two to four minutes, once)`)
    const onLine = (line: string) => progress.step(`${suite}: ${line}`)
    await runCommand('debootstrap', [`--include=${systemPackages.join(',')}`, suite, making, mirror], { onLine })
    mkdirSync(join(making, 'srv/checkout'))
    copyFileSync('/etc/ssl/certs/ca-certificates.crt', join(making, authorities))
    copyFileSync('/etc/resolv.conf', join(making, 'etc/resolv.conf'))
    await runCommand(
      'setpriv',
      ['--pdeathsig', 'KILL', 'unshare', '--mount', '--pid', '--fork', '--kill-child', 'bash', '-c', downloadScript(making)],
      { onLine },
    )
  })
  return tree
}

function downloadScript(tree: string): string {
  const env = `env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 CURL_CA_BUNDLE=${authorities}`
  const inside = `set -euo pipefail
checkout=/srv/checkout
for part in ${parts.join(' ')}; do . $checkout/systemd/installer/$part.sh; done
remember_answers() { :; }
read_options --yes --no-start --domain server.example --email ana@server.example
for each in ${steps.join(' ')}; do step $each $each; done
rm -rf "$scratch"
apt-get clean`
  return `set -e
mount --make-rprivate /
mount --bind ${checkout} ${tree}/srv/checkout
mount -t proc proc ${tree}/proc
mount --rbind /dev ${tree}/dev
exec chroot ${tree} ${env} bash -c '${inside}'`
}
