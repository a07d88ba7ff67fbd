import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import type { PartFinding } from '../../../domain/operations/checks/check-server.ts'
import { until } from '../../flows/until.ts'
import { checkout } from '../../setup/cache.ts'
import { selfMadeCertificate } from '../edge-files.ts'
import type { ProgramResult } from '../run-program.ts'
import { BootedMachine } from './booted-machine.ts'
import type { Suite } from './server-tree.ts'

/** A booted machine with this checkout at /srv/ramal, and certificates for it in /srv/certificates. */
export class NspawnServer {
  readonly machine: BootedMachine
  readonly #certificates: string

  private constructor(machine: BootedMachine) {
    this.machine = machine
    this.#certificates = machine.share('certificates')
    execFileSync('tar', ['-x', '-C', machine.share('ramal')], { input: workingCopy() })
  }

  static async raise(t: Test, suite: Suite): Promise<NspawnServer> {
    return new NspawnServer(await BootedMachine.raise(t, suite))
  }

  /** Makes a certificate that the machine trusts, as one of the company's own CA. Returns its path inside the machine. */
  async makeCertificate(name: string, domain = this.machine.domain): Promise<{ certificate: string; key: string }> {
    const folder = this.machine.share(`certificates/${name}`)
    selfMadeCertificate(folder, domain)
    const inside = `/srv/certificates/${name}`
    await this.machine.shell(
      `cp ${inside}/certificate.pem /usr/local/share/ca-certificates/${name}.crt && update-ca-certificates && cat ${inside}/certificate.pem >>/usr/local/share/authorities.pem`,
    )
    return { certificate: `${inside}/certificate.pem`, key: `${inside}/key.pem` }
  }

  forget(certificate: string): void {
    rmSync(join(this.#certificates, certificate), { recursive: true, force: true })
  }

  install(...options: string[]): Promise<ProgramResult> {
    return this.machine.run('/srv/ramal/systemd/install', '--yes', ...options)
  }

  async check(...parts: string[]): Promise<PartFinding[]> {
    const { output } = await this.machine.run('ramal', 'check', '--json', ...parts)
    // A line with the number of faults follows the list.
    return JSON.parse(output.slice(output.indexOf('['), output.lastIndexOf(']') + 1)) as PartFinding[]
  }

  /** The faults as `part: says`, without those of trunks: this server has no carrier. */
  async faults(...parts: string[]): Promise<string[]> {
    const findings = await this.check(...parts)
    return findings.filter(({ part, level }) => level === 'fault' && part !== 'trunks').map(({ part, says }) => `${part}: ${says}`)
  }

  async hasNoFault(t: Test, ...parts: string[]): Promise<void> {
    t.same(await this.faults(...parts), [], `ramal check ${parts.join(' ')} finds no fault`)
  }

  async mainPid(unit: string): Promise<number> {
    return Number((await this.machine.run('systemctl', 'show', '--property=MainPID', '--value', unit)).output)
  }

  /** Resolves when a process other than `before` runs and systemd reports it as active. */
  async restarts(unit: string, before: number, withinMs = 30_000): Promise<number> {
    return until(
      `${unit} to restart`,
      async () => {
        const pid = await this.mainPid(unit)
        return pid !== 0 && pid !== before && (await this.machine.run('systemctl', 'is-active', unit)).code === 0 && pid
      },
      withinMs,
    )
  }
}

/** A tar file of this checkout as it is now, committed or not. */
function workingCopy(): Buffer {
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: checkout })
  return execFileSync('tar', ['-c', '-C', checkout, '--null', '--ignore-failed-read', '-T', '-'], { input: files, maxBuffer: 2 ** 30 })
}
