import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { issueDeskCredential, type SipCredential } from '../../domain/sip-credentials.ts'
import { checkout } from '../setup/cache.ts'
import type { Stage } from './stage.ts'
import { patienceMs } from './until.ts'

/** A desk phone, played by SIPp: it dials, says nothing, and waits for the other side to hang up. */
export class SipPhone {
  readonly credential: SipCredential
  readonly #stage: Stage
  readonly #scratch: string

  private constructor(stage: Stage, credential: SipCredential, scratch: string) {
    this.#stage = stage
    this.credential = credential
    this.#scratch = scratch
  }

  /** Gives somebody of the cast a desk phone. */
  static async of(t: Test, stage: Stage, agent: { id: number; tenant_id: number }): Promise<SipPhone> {
    const credential = await issueDeskCredential(stage.db, agent.tenant_id, agent.id, stage.stack.env.RAMAL_SIP_DOMAIN)
    const scratch = await mkdtemp(join(tmpdir(), 'ramal-sipp-'))
    t.teardown(() => rm(scratch, { recursive: true }))
    return new SipPhone(stage, credential, scratch)
  }

  /** Dials and waits for the end. True when the call was answered and the other side hung up. */
  async dials(number: string, { password = this.credential.password, diversion = 'sip:1@x' } = {}): Promise<boolean> {
    const { endpoint } = this.credential
    const who = ['-key', 'endpoint', endpoint, '-key', 'diversion', diversion, '-au', endpoint, '-ap', password]
    return this.runs('desk-phone.xml', ['-s', number, ...who, '-i', '127.0.0.9', `127.0.0.1:${this.#stage.stack.ports.sip}`])
  }

  /** Plays a scenario of dev/flows/sipp once. True when it went as written. */
  async runs(scenario: string, args: string[]): Promise<boolean> {
    const sipp = spawn('sipp', ['-sf', join(checkout, 'dev/flows/sipp', scenario), '-m', '1', '-nostdin', ...args], {
      cwd: this.#scratch,
      stdio: 'ignore',
      timeout: 3 * patienceMs,
      killSignal: 'SIGKILL',
    })
    return new Promise((resolve) => sipp.once('exit', (code) => resolve(code === 0)))
  }
}
