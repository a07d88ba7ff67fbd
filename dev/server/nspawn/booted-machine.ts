import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { until } from '../../flows/until.ts'
import { installHostPrograms } from '../../setup/packages.ts'
import { terminalProgress } from '../../setup/progress.ts'
import { UnpackedPrograms } from '../../setup/unpacked-programs.ts'
import { MachineNetwork } from '../install/machine-network.ts'
import { runProgram, type ProgramResult } from '../run-program.ts'
import { authorities, serverTree, type Suite } from './server-tree.ts'

const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
const systemIsUp = /^(initializing|starting|running|degraded)$/m
/** Where a container may have cgroups of its own: one hierarchy, or those of both kinds. */
const cgroupRoots = ['/sys/fs/cgroup', '/sys/fs/cgroup/unified', '/sys/fs/cgroup/systemd']

/**
 * A server with a real systemd, in a container of systemd-nspawn with a network of its own. Its files are an overlay that outlives a
 * power cut and goes away with the test; its processes end with the test, however that ends.
 */
export class BootedMachine {
  readonly domain = 'ramal.example.com.br'
  readonly #name: string
  readonly #directory = mkdtempSync(join(tmpdir(), 'ramal-booted-'))
  readonly #tree: string
  readonly #network: MachineNetwork
  #container: ChildProcess | undefined
  /** Of systemd inside, as this machine counts. */
  #insidePid = 0

  private constructor(tree: string, programs: UnpackedPrograms) {
    this.#tree = tree
    this.#name = `ramaln${process.pid}`
    this.#network = new MachineNetwork(this.#name, `198.18.${process.pid % 250}`, programs)
  }

  static async raise(t: Test, suite: Suite): Promise<BootedMachine> {
    await installHostPrograms(['systemd-nspawn', 'setpriv'], terminalProgress())
    const machine = new BootedMachine(await serverTree(suite), await UnpackedPrograms.ensure(terminalProgress()))
    t.teardown(() => machine.#remove())
    machine.#network.connect(machine.#directory)
    machine.#prepare()
    await machine.boot()
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

  /** As root, with nothing in the environment but what the network of this machine needs. */
  async run(...command: string[]): Promise<ProgramResult> {
    const env = [`PATH=${path}`, 'HOME=/root', 'LANG=C.UTF-8', `CURL_CA_BUNDLE=${authorities}`, `npm_config_cafile=${authorities}`]
    return runProgram('nsenter', ['-t', String(this.#insidePid), '-a', '-r', '-w', 'env', '-i', ...env, ...command])
  }

  async shell(script: string): Promise<ProgramResult> {
    return this.run('bash', '-c', script)
  }

  async boot(): Promise<void> {
    this.#network.forgetFirewall()
    const at = (part: string) => join(this.#directory, part)
    const container = [
      'systemd-nspawn',
      '--quiet',
      '--register=no',
      '--keep-unit',
      '--link-journal=no',
      '--resolv-conf=off',
      '--timezone=off',
      '--console=pipe',
      `--machine=${this.#name}`,
      `--directory=${at('root')}`,
      `--bind=${at('srv')}:/srv`,
      `--network-namespace-path=/run/netns/${this.#name}`,
      '--capability=CAP_NET_ADMIN,CAP_NET_RAW',
      '--boot',
    ]
    const script = `set -e
for root in ${cgroupRoots.join(' ')}; do
  [ ! -f $root/cgroup.procs ] || { mkdir -p $root/${this.#name}; echo $$ > $root/${this.#name}/cgroup.procs; }
done
mount --make-rprivate /
mount -t proc proc /proc
mount -t overlay overlay -o lowerdir=${this.#tree},upperdir=${at('upper')},workdir=${at('work')} ${at('root')}
exec ${container.join(' ')}`
    // In a namespace of processes of its own, which ends with its first process, which ends with this one: systemd-nspawn alone leaves the
    // container running when it is killed.
    const ownNamespaces = ['unshare', '--mount', '--pid', '--fork', '--kill-child', 'bash', '-c', script]
    this.#container = spawn('setpriv', ['--pdeathsig', 'KILL', ...ownNamespaces], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: '1' },
    })
    const output: string[] = []
    for (const stream of [this.#container.stdout, this.#container.stderr])
      stream?.on('data', (text: Buffer) => output.push(text.toString()))
    const { pid } = this.#container
    await until(
      'systemd to run inside',
      async () => {
        if (this.#container?.exitCode !== null) throw new Error(`the container did not start: ${output.join('')}`)
        // Of unshare systemd-nspawn, of that systemd.
        this.#insidePid = childOf(childOf(pid ?? 0))
        return this.#insidePid > 0 && systemIsUp.test((await this.run('systemctl', 'is-system-running')).output)
      },
      30_000,
    )
  }

  /** Until everything that is started at a boot has been, or could not be. */
  async booted(): Promise<void> {
    await this.run('systemctl', 'is-system-running', '--wait')
  }

  /** Everything ends at once, as when the power goes. */
  async powerCut(): Promise<void> {
    await this.#ends('SIGKILL')
  }

  /** As `poweroff`. */
  async shutDown(): Promise<void> {
    const ended = this.#container && once(this.#container, 'exit')
    await this.run('systemctl', 'poweroff')
    await ended
  }

  #prepare(): void {
    const at = (part: string) => join(this.#directory, part)
    for (const part of ['upper/etc', 'upper/usr/local/share', 'work', 'root', 'srv']) mkdirSync(at(part), { recursive: true })
    copyFileSync('/etc/resolv.conf', at('upper/etc/resolv.conf'))
    copyFileSync('/etc/ssl/certs/ca-certificates.crt', at(`upper${authorities}`))
    writeFileSync(at('upper/etc/hosts'), `127.0.0.1 localhost\n${this.address} ${this.domain} machine\n`)
    writeFileSync(at('upper/etc/hostname'), 'machine\n')
  }

  async #ends(signal: NodeJS.Signals): Promise<void> {
    if (!this.#container || this.#container.exitCode !== null || this.#container.signalCode !== null) return
    const ended = once(this.#container, 'exit')
    this.#container.kill(signal)
    await ended
    await until('the container to be gone', async () => !existsSync(`/proc/${this.#insidePid}`), 30_000)
  }

  async #remove(): Promise<void> {
    await this.#ends('SIGKILL')
    this.#network.remove()
    for (const root of cgroupRoots) {
      const group = join(root, this.#name)
      // It is empty a moment after its last process has ended.
      const removed = async () =>
        !existsSync(group) || (await runProgram('find', [group, '-depth', '-type', 'd', '-exec', 'rmdir', '{}', ';']), false)
      await until(`${group} to be empty`, removed)
    }
    rmSync(this.#directory, { recursive: true, force: true })
  }
}

/** 0 when it has none. */
function childOf(pid: number): number {
  const file = `/proc/${pid}/task/${pid}/children`
  return pid === 0 || !existsSync(file) ? 0 : Number(readFileSync(file, 'utf8').split(' ')[0])
}
