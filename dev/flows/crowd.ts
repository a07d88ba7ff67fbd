import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from '../../domain/database/pool.ts'
import { issueDeskCredential, type SipCredential } from '../../domain/telephony/sip-credentials.ts'
import { checkout } from '../setup/cache.ts'
import { runCommand } from '../setup/run-command.ts'
import type { Stack } from '../stack/stack.ts'
import { listens } from './listens.ts'

export interface CrowdAgent {
  agentId: number
  phone: SipCredential
}

/** One call of a crowd. Its number must be unique (dev/carrier/etc/extensions.conf has the ranges), because it identifies the call. */
export interface CrowdCall {
  agent: CrowdAgent
  /** E.164. */
  number: string
  /** When the agent hangs up, counted from the answer; the lead may do so before. */
  talkMs: number
}

/** A call in the phone's log. */
export interface PlacedCall {
  /** E.164. */
  number: string
  at: Date
  /** SIP code of the final answer; null without one. */
  answer: number | null
}

/** Adds `size` agents with a browser phone and a desk phone each to a company. They cannot sign in. */
export async function hireCrowd(db: Database, tenantId: number, size: number, realm: string): Promise<CrowdAgent[]> {
  const names = Array.from({ length: size }, (_, n) => `crowd-${tenantId}-${n + 1}@crowd.example`)
  await db
    .insertInto('users')
    .values(names.map((email, n) => ({ tenant_id: tenantId, email, name: `Agente ${n + 1}`, role: 'agent' as const, password_hash: '!' })))
    .execute()
  const users = await db.selectFrom('users').select('id').where('email', 'in', names).orderBy('id').execute()
  await db
    .insertInto('agents')
    .values(users.map(({ id }, n) => ({ tenant_id: tenantId, user_id: id, extension: String(3001 + n) })))
    .execute()
  const agents = await db
    .selectFrom('agents')
    .select('id')
    .where(
      'user_id',
      'in',
      users.map(({ id }) => id),
    )
    .orderBy('id')
    .execute()
  const hired: CrowdAgent[] = []
  for (const { id } of agents) hired.push({ agentId: id, phone: await issueDeskCredential(db, tenantId, id, realm) })
  await db
    .insertInto('phones')
    .values(
      hired.map(({ agentId, phone }) => ({
        tenant_id: tenantId,
        agent_id: agentId,
        kind: 'browser' as const,
        endpoint: browserEndpoint(phone),
      })),
    )
    .execute()
  return hired
}

/** The endpoint of the browser phone of the agent with this desk phone. */
export function browserEndpoint({ endpoint }: SipCredential): string {
  return endpoint.replace(/-desk$/, '')
}

/** Desk phones that dial and speak, all played by one SIPp with real audio. */
export class Crowd {
  readonly #stack: Stack
  readonly #scratch: string
  readonly #running = new Set<ChildProcess>()

  private constructor(stack: Stack, scratch: string) {
    this.#stack = stack
    this.#scratch = scratch
  }

  /** Call `disband` at the end. */
  static async gather(stack: Stack): Promise<Crowd> {
    const scratch = await mkdtemp(join(tmpdir(), 'ramal-crowd-'))
    // Two seconds of a tone, in the codec of a phone.
    const tone = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=2:sample_rate=8000']
    await runCommand('ffmpeg', ['-v', 'error', ...tone, '-f', 'alaw', '-ac', '1', join(scratch, 'speech.alaw')])
    return new Crowd(stack, scratch)
  }

  /** Starts phones that answer any call, speak, and wait for the other side to hang up. Returns their host:port once they listen. */
  async answers(): Promise<string> {
    const address = crowdAddress(this.#stack.ports.sip)
    const port = 5080
    this.#sipp('speaking-phone.xml', ['-t', 't1', '-i', address, '-mi', address, '-p', String(port)])
    await listens(address, port)
    return `${address}:${port}`
  }

  /**
   * Dials the calls in order, `perSecond` and at most `atOnce` at a time, until the last or until `enough` resolves. Waits for the
   * end of the placed calls, and returns them. `logFile` gets SIPp's log, for dev/chaos/phone-log.ts.
   */
  async dials(
    calls: readonly CrowdCall[],
    {
      perSecond,
      atOnce = calls.length,
      enough,
      logFile,
    }: { perSecond: number; atOnce?: number; enough?: Promise<unknown>; logFile?: string },
  ): Promise<PlacedCall[]> {
    const run = join(this.#scratch, String(process.hrtime.bigint()))
    const [injection, log] = [`${run}.csv`, logFile ?? `${run}.log`]
    await writeFile(injection, ['SEQUENTIAL', ...calls.map(injectionLine), ''].join('\n'))
    const address = crowdAddress(this.#stack.ports.sip)
    const { sipp, ended } = this.#sipp('crowd-phone.xml', [
      ...['-inf', injection, '-m', String(calls.length), '-r', String(perSecond), '-l', String(atOnce)],
      ...['-trace_logs', '-log_file', log],
      // Do not wait long for a killed server.
      ...['-max_invite_retrans', '3', '-max_non_invite_retrans', '4', '-recv_timeout', '45000'],
      ...['-i', address, '-mi', address, `127.0.0.1:${this.#stack.ports.sip}`],
    ])
    // SIGUSR1: place no more calls, and exit after the last one.
    const stop = () => sipp.kill('SIGUSR1')
    void enough?.then(stop, stop)
    const { code, errorOutput } = await ended
    if (code === 'SIGKILL') return []
    // 1: some calls did not follow the scenario, for example because a server was killed. The database shows their results.
    if (code !== 0 && code !== 1) throw new Error(`SIPp exited with ${code}: ${errorOutput}`)
    return parsePlaced(await readFile(log, 'utf8'))
  }

  /** Ends all calls like a power cut at the office, and removes the files. */
  async disband(): Promise<void> {
    for (const sipp of this.#running) sipp.kill('SIGKILL')
    await rm(this.#scratch, { recursive: true })
  }

  #sipp(scenario: string, args: string[]): { sipp: ChildProcess; ended: Promise<{ code: number | string; errorOutput: string }> } {
    const sipp = spawn('sipp', ['-sf', join(checkout, 'dev/flows/sipp', scenario), '-nostdin', ...args], {
      cwd: this.#scratch,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    this.#running.add(sipp)
    let errorOutput = ''
    sipp.stderr.on('data', (chunk: Buffer) => (errorOutput = (errorOutput + chunk.toString()).slice(-2000)))
    const ended = new Promise<{ code: number | string; errorOutput: string }>((resolve) => {
      sipp.once('close', (code: number | null, signal: string | null) => {
        this.#running.delete(sipp)
        resolve({ code: code ?? signal ?? 'no reason', errorOutput })
      })
    })
    return { sipp, ended }
  }
}

/** Reads the log of sipp/crowd-phone.xml. */
function parsePlaced(log: string): PlacedCall[] {
  const calls = new Map<string, PlacedCall>()
  for (const [, digits = '', seconds] of log.matchAll(/^(\d+) placed .*\t(\d+\.\d+)$/gm))
    calls.set(digits, { number: `+${digits}`, at: new Date(Number(seconds) * 1000), answer: null })
  for (const [, digits = '', code] of log.matchAll(/^(\d+) (\d{3}) /gm)) {
    const call = calls.get(digits)
    if (call) call.answer = Number(code)
  }
  return [...calls.values()]
}

/** SIPp cannot put a field inside another keyword, so the field is the whole keyword. */
function injectionLine({ agent: { phone }, number, talkMs }: CrowdCall): string {
  return [phone.endpoint, `[authentication username=${phone.endpoint} password=${phone.password}]`, number.slice(1), talkMs].join(';')
}

/** Each stack's crowd has its own loopback address, made from the stack's SIP port. Asterisk identifies phones by name. */
function crowdAddress(sipPort: number): string {
  return `127.1.${sipPort >> 8}.${sipPort & 255}`
}
