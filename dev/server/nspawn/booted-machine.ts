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
/** Where a container can have its own cgroups: the single hierarchy, or one of each version. */
const cgroupRoots = ['/sys/fs/cgroup', '/sys/fs/cgroup/unified', '/sys/fs/cgroup/systemd']

/**
 * A server with a real systemd, in a systemd-nspawn container with its own network. Its files are an overlay, which survives a power
 * cut and is deleted after the test. Its processes end with the test, even if the test is killed.
 */
export class BootedMachine {
  readonly domain = 'ramal.example.com.br'
  readonly #name: string
  readonly #directory = mkdtempSync(join(tmpdir(), 'ramal-booted-'))
  readonly #tree: string
  readonly #network: MachineNetwork
  #container: ChildProcess | undefined
  /** The pid of the container's systemd, in the numbers of this machine. */
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

  /** A directory of this machine, which the container has at `/srv/<name>`. The test can change its files at any time. */
  share(name: string): string {
    const directory = join(this.#directory, 'srv', name)
    mkdirSync(directory, { recursive: true })
    return directory
  }

  /** Runs a command as root. Its environment has only what the network of this machine needs. */
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
    const nspawn = [
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
exec ${nspawn.join(' ')}`
    // A killed systemd-nspawn leaves its container running. So it runs in its own pid namespace, whose first process ends with this
    // process and takes all others with it.
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
        // The child of unshare is systemd-nspawn, and its child is systemd.
        this.#insidePid = childOf(childOf(pid ?? 0))
        return this.#insidePid > 0 && systemIsUp.test((await this.run('systemctl', 'is-system-running')).output)
      },
      30_000,
    )
  }

  /** Resolves when systemd has started every unit of the boot, or has failed to. */
  async booted(): Promise<void> {
    await this.run('systemctl', 'is-system-running', '--wait')
  }

  /** Kills all processes at once. */
  async powerCut(): Promise<void> {
    await this.#kill()
  }

  /** Shuts down with `systemctl poweroff`. */
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

  async #kill(): Promise<void> {
    if (!this.#container || this.#container.exitCode !== null || this.#container.signalCode !== null) return
    const ended = once(this.#container, 'exit')
    this.#container.kill('SIGKILL')
    await ended
    await until('the container to be gone', async () => !existsSync(`/proc/${this.#insidePid}`), 30_000)
  }

  async #remove(): Promise<void> {
    await this.#kill()
    this.#network.remove()
    for (const root of cgroupRoots) {
      const group = join(root, this.#name)
      // The group becomes empty a moment after its last process has ended.
      const removed = async () =>
        !existsSync(group) || (await runProgram('find', [group, '-depth', '-type', 'd', '-exec', 'rmdir', '{}', ';']), false)
      await until(`${group} to be empty`, removed)
    }
    rmSync(this.#directory, { recursive: true, force: true })
  }
}

/** The first child of a process; 0 if it has none. */
function childOf(pid: number): number {
  const file = `/proc/${pid}/task/${pid}/children`
  return pid === 0 || !existsSync(file) ? 0 : Number(readFileSync(file, 'utf8').split(' ')[0])
}
