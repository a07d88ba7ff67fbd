import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { cache, makeCache } from '../../setup/cache.ts'
import { madeOnce } from '../../setup/made-once.ts'
import { installHostPrograms } from '../../setup/packages.ts'
import { terminalProgress } from '../../setup/progress.ts'
import { runCommand } from '../../setup/run-command.ts'
import { UnpackedPrograms } from '../../setup/unpacked-programs.ts'
import { selfMadeCertificate } from '../edge-files.ts'
import { runProgram, type ProgramResult } from '../run-program.ts'
import { MachineNetwork } from './machine-network.ts'

const suite = process.env['RAMAL_INSTALL_SUITE'] ?? 'bookworm'
const mirror = process.env['RAMAL_DEBIAN_MIRROR'] ?? 'http://deb.debian.org/debian'
const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
/** Where this machine's authorities are inside; a network that inspects TLS has one of its own. */
const authorities = '/usr/local/share/authorities.pem'

/**
 * A Debian as debootstrap leaves it, in namespaces of its own: its files are an overlay that goes away, its processes end with it, and its ports
 * are its own. It reaches the Internet by this machine.
 */
export class FreshMachine {
  readonly domain = 'ramal.example.com.br'
  readonly certificate = '/root/certificate.pem'
  readonly key = '/root/key.pem'
  readonly #directory = mkdtempSync(join(tmpdir(), 'ramal-machine-'))
  readonly #network: MachineNetwork
  #first: ChildProcess | undefined
  /** Of the first process inside, as this machine counts. */
  #insidePid = 0

  private constructor(programs: UnpackedPrograms) {
    this.#network = new MachineNetwork(`ramali${process.pid}`, `198.19.${process.pid % 250}`, programs)
  }

  static async raise(t: Test): Promise<FreshMachine> {
    const base = await baseTree()
    const machine = new FreshMachine(await UnpackedPrograms.ensure(terminalProgress()))
    t.teardown(() => machine.#remove())
    machine.#network.connect(machine.#directory)
    await machine.#boot(base)
    return machine
  }

  get address(): string {
    return this.#network.address
  }

  /** A directory of this machine that is at `/srv/<name>` inside, and may change meanwhile. */
  share(name: string): string {
    const directory = join(this.#directory, 'srv', name)
    mkdirSync(directory, { recursive: true })
    return directory
  }

  async run(...command: string[]): Promise<ProgramResult> {
    return this.runWith('', ...command)
  }

  /** As root, with `input` for whatever it asks. */
  async runWith(input: string, ...command: string[]): Promise<ProgramResult> {
    const root = join(this.#directory, 'root')
    const env = [`PATH=${path}`, 'HOME=/root', 'LANG=C.UTF-8', `CURL_CA_BUNDLE=${authorities}`, `NODE_EXTRA_CA_CERTS=${authorities}`]
    const args = ['-t', String(this.#insidePid), '-m', '-n', '-p', 'chroot', root, 'env', '-i', ...env, ...command]
    return runProgram('nsenter', args, {}, input)
  }

  async read(file: string): Promise<string> {
    return (await this.run('cat', file)).output
  }

  async #boot(base: string): Promise<void> {
    const at = (part: string) => join(this.#directory, part)
    for (const part of ['upper/root', 'upper/etc', 'upper/usr/local/share', 'upper/srv', 'work', 'root', 'srv', 'certificate'])
      mkdirSync(at(part), { recursive: true })
    const { certificate, key } = selfMadeCertificate(at('certificate'), this.domain)
    copyFileSync(certificate, at(`upper${this.certificate}`))
    copyFileSync(key, at(`upper${this.key}`))
    copyFileSync('/etc/ssl/certs/ca-certificates.crt', at(`upper${authorities}`))
    appendFileSync(at(`upper${authorities}`), readFileSync(certificate))
    copyFileSync('/etc/resolv.conf', at('upper/etc/resolv.conf'))
    writeFileSync(at('upper/etc/hosts'), `127.0.0.1 localhost\n${this.address} ${this.domain} machine\n`)
    const downloads = join(cache, `apt-${suite}`)
    mkdirSync(join(downloads, 'archives/partial'), { recursive: true })
    const mounts = `
set -e
mount --make-rprivate /
mount -t overlay overlay -o lowerdir=${base},upperdir=${at('upper')},workdir=${at('work')} ${at('root')}
cd ${at('root')}
mount -t proc proc proc
mount --rbind /dev dev
mount -t tmpfs -o mode=0755 tmpfs run
mount --bind ${downloads} var/cache/apt
mount --bind ${at('srv')} srv
echo ready
exec perl -e '$SIG{CHLD} = "IGNORE"; sleep while 1'`
    const child = spawn(
      'ip',
      ['netns', 'exec', this.#network.name, 'unshare', '--mount', '--pid', '--fork', '--kill-child', 'bash', '-c', mounts],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    this.#first = child
    const [output] = (await once(child.stdout, 'data')) as [Buffer]
    if (!output.includes('ready')) throw new Error(`the machine did not start: ${output.toString()}`)
    // `unshare` waits outside for the first process inside, whose namespaces are meant.
    const [inside = ''] = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').split(' ')
    this.#insidePid = Number(inside)
  }

  async #remove(): Promise<void> {
    if (this.#first && this.#first.exitCode === null) {
      const ended = once(this.#first, 'exit')
      this.#first.kill('SIGKILL')
      await ended
    }
    this.#network.remove()
    rmSync(this.#directory, { recursive: true, force: true })
  }
}

/** debootstrap's Debian, made once. */
async function baseTree(): Promise<string> {
  makeCache()
  const progress = terminalProgress()
  const tree = join(cache, `machine-${suite}`)
  const onWait = () => progress.note('Another run makes the Debian of the installer’s test; waiting for it')
  await madeOnce(tree, onWait, async (making) => {
    await installHostPrograms(['debootstrap'], progress)
    progress.note(`Making a Debian ${suite} in ${tree} (about a minute, once)`)
    await runCommand('debootstrap', [suite, making, mirror], { onLine: (line) => progress.step(`debootstrap: ${line}`) })
  })
  return tree
}
