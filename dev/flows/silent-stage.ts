import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { registers } from '../../domain/testing/scene.ts'
import { AgiProxy, concerns, type Way } from './agi-proxy.ts'
import { browserEndpoint, Crowd, hireCrowd, type CrowdAgent } from './crowd.ts'
import { SipPhone } from './sip-phone.ts'
import { raiseStage, type Stage } from './stage.ts'
import { until } from './until.ts'

/** A stage whose Asterisk asks the AGI server through a proxy that can stay silent, with a crowd of agents. */
export async function raiseSilentStage(t: Test, name: string, { agents: size, records = false }: { agents: number; records?: boolean }) {
  const stage = await raiseStage(t, name, { browser: false })
  const { db, stack } = stage
  await stage.takesSippForBrowsers()
  const tenantId = await stage.tenantId()
  await db
    .updateTable('tenants')
    .set({ max_calls: 100, max_calls_per_second: 100, spend_alarm_factor: 0, records_calls: records })
    .execute()
  const agents = await hireCrowd(db, tenantId, size, stack.env.RAMAL_SIP_DOMAIN)
  const crowd = await Crowd.gather(stack)
  t.teardown(() => crowd.disband())
  const proxy = await AgiProxy.start(t, stack.ports.agi)
  const scene = new SilentStage(t, stage, tenantId, agents, crowd, await crowd.answers(), proxy)
  await stack.asterisk.cli('logger add channel story.log verbose(3)')
  await scene.asks(proxy.address)
  return scene
}

export class SilentStage {
  readonly stage: Stage
  readonly tenantId: number
  readonly crowd: Crowd
  readonly proxy: AgiProxy
  readonly #agents: CrowdAgent[]
  readonly #answering: string
  readonly #test: Test
  #numbers = 0

  constructor(t: Test, stage: Stage, tenantId: number, agents: CrowdAgent[], crowd: Crowd, answering: string, proxy: AgiProxy) {
    this.#test = t
    this.stage = stage
    this.tenantId = tenantId
    this.crowd = crowd
    this.proxy = proxy
    this.#agents = agents
    this.#answering = answering
  }

  /** Sets the AGI server that Asterisk asks: host:port. */
  async asks(address: string): Promise<void> {
    await this.stage.stack.asterisk.cli(`dialplan set global RAMAL_AGI ${address}`)
  }

  /** An agent without calls. */
  agent(): CrowdAgent {
    const agent = this.#agents.shift()
    if (!agent) throw new Error('hire more agents')
    return agent
  }

  /** Sets a rule for this question about an agent's calls. */
  rule(script: string, agent: CrowdAgent, way: Way | ((nth: number) => Way)): void {
    this.proxy.rule((question, nth) => {
      if (question.script !== script || !concerns(question, `${browserEndpoint(agent.phone)}-`)) return null
      return typeof way === 'function' ? way(nth) : way
    })
  }

  /** An agent dials a number on their desk phone, silently, and waits to be released. */
  async dials(agent: CrowdAgent, number: string) {
    const phone = await SipPhone.of(this.#test, this.stage, { id: agent.agentId, tenant_id: this.tenantId })
    const startedAt = performance.now()
    const released = await phone.dials(number)
    return { endpoint: phone.credential.endpoint, released, endedAt: Date.now(), tookMs: performance.now() - startedAt }
  }

  /** Registers an agent's browser phone, which answers every call. */
  async registers(agent: CrowdAgent): Promise<string> {
    const endpoint = browserEndpoint(agent.phone)
    await registers(this.stage.db, { endpoint }, new Date(), `sip:${endpoint}@${this.#answering};transport=tcp`)
    return endpoint
  }

  /** An agent clicks Maria, and waits to be released. */
  async clicks(agent: CrowdAgent) {
    const endpoint = await this.registers(agent)
    const startedAt = performance.now()
    const callId = await this.stage.clicksElsewhere({ id: agent.agentId, tenant_id: this.tenantId, endpoint })
    await until('the phone to have been rung', () => this.story().includes(`PJSIP/${endpoint}-`))
    await until('the phone to be released', async () => (await this.channels(`PJSIP/${endpoint}-`)).length === 0)
    return { endpoint, callId, tookMs: performance.now() - startedAt }
  }

  /** The dialplan's steps in Asterisk's log. */
  story(): string {
    return readFileSync(join(this.stage.stack.asterisk.directory, 'log/story.log'), 'utf8')
  }

  /** Whether Asterisk played a prompt to an endpoint. */
  heard(prompt: string, by: string): boolean {
    return new RegExp(`<PJSIP/${by}-\\w+> Playing 'ramal/${prompt}\\.`).test(this.story())
  }

  /** The open channels, one line each, whose names start with `named`. */
  async channels(named = ''): Promise<string[]> {
    const lines = (await this.stage.stack.asterisk.cli('core show channels concise')).split('\n')
    return lines.filter((line) => line.includes('!') && line.startsWith(named))
  }

  /** A new number of a lead who talks, and hangs up after some seconds; 0 = never. */
  number(seconds: number): string {
    return `11970${String(seconds).padStart(2, '0')}${String(++this.#numbers).padStart(4, '0')}`
  }

  invitesTo(number: string): number {
    return this.stage.invitesTo(`+55${number}`).length
  }

  /** The call to a number, once it exists. */
  async callTo(number: string) {
    const find = () => this.stage.db.selectFrom('calls').selectAll().where('e164', '=', `+55${number}`).executeTakeFirst()
    return until(`a call to ${number}`, find)
  }

  /** The carrier's record of the call to a number, once it has ended. */
  async carried(number: string) {
    const closed = () => this.stage.stack.carrier.calls().find((call) => call.number === `55${number}`)
    return until('the carrier’s record of the call', closed)
  }

  async chargesOf(callId: string): Promise<number[]> {
    const rows = await this.stage.db.selectFrom('ledger_entries').select('seconds').where('call_id', '=', callId).execute()
    return rows.map(({ seconds }) => seconds)
  }
}
