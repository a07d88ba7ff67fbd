import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { issueDeskCredential, type SipCredential } from '../../domain/telephony/sip-credentials.ts'
import { checkout } from '../setup/cache.ts'
import { listens } from './listens.ts'
import type { Stage } from './stage.ts'
import { patienceMs } from './until.ts'

const address = '127.0.0.9'

/** A desk phone, played by SIPp: it dials, stays silent, and waits for the other side to hang up. */
export class SipPhone {
  readonly credential: SipCredential
  readonly #stage: Stage
  readonly #scratch: string

  private constructor(stage: Stage, credential: SipCredential, scratch: string) {
    this.#stage = stage
    this.credential = credential
    this.#scratch = scratch
  }

  /** Gives an agent of the cast a desk phone. */
  static async of(t: Pick<Test, 'teardown'>, stage: Stage, agent: { id: number; tenant_id: number }): Promise<SipPhone> {
    const credential = await issueDeskCredential(stage.db, agent.tenant_id, agent.id, stage.stack.env.RAMAL_SIP_DOMAIN)
    const scratch = await mkdtemp(join(tmpdir(), 'ramal-sipp-'))
    t.teardown(() => rm(scratch, { recursive: true }))
    return new SipPhone(stage, credential, scratch)
  }

  /** Dials, talks, puts the lead on hold, and hangs up, each after `everyMs`. True on success. */
  async holds(number: string, { everyMs }: { everyMs: number }): Promise<boolean> {
    return this.runs('holding-phone.xml', ['-s', number, '-d', String(everyMs), ...this.#who(this.credential.password), ...this.#where()])
  }

  /** Dials and waits for the end. True when the call was answered and the other side hung up. */
  async dials(
    number: string,
    { password = this.credential.password, diversion = 'sip:1@x', withinMs = 3 * patienceMs } = {},
  ): Promise<boolean> {
    return this.runs('desk-phone.xml', ['-s', number, '-key', 'diversion', diversion, ...this.#who(password), ...this.#where()], withinMs)
  }

  #who(password: string): string[] {
    const { endpoint } = this.credential
    return ['-key', 'endpoint', endpoint, '-au', endpoint, '-ap', password]
  }

  #where(): string[] {
    return ['-i', address, `127.0.0.1:${this.#stage.stack.ports.sip}`]
  }

  /** Plays a scenario that waits for a call over TCP, and returns once it listens at 127.0.0.8. `ended`: true if it succeeded. */
  async awaits(
    scenario: string,
    port: number,
    { args = [] as string[], withinMs = 3 * patienceMs } = {},
  ): Promise<{ ended: Promise<boolean> }> {
    const ended = this.runs(scenario, [...args, '-t', 't1', '-i', '127.0.0.8', '-p', String(port)], withinMs)
    await listens('127.0.0.8', port)
    return { ended }
  }

  /** Plays a scenario of dev/flows/sipp once. True if it succeeded; `withinMs` limits the wait. */
  async runs(scenario: string, args: string[], withinMs = 3 * patienceMs): Promise<boolean> {
    const sipp = spawn('sipp', ['-sf', join(checkout, 'dev/flows/sipp', scenario), '-m', '1', '-nostdin', ...args], {
      cwd: this.#scratch,
      stdio: 'ignore',
      timeout: withinMs,
      killSignal: 'SIGKILL',
    })
    return new Promise((resolve) => sipp.once('exit', (code) => resolve(code === 0)))
  }
}
