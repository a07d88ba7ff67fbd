import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { issueDeskCredential } from '../../domain/telephony/sip-credentials.ts'
import type { SipCall } from '../carrier/sip/sip-call.ts'
import type { Account } from '../carrier/sip/digest.ts'
import { SipPeer, type Placing } from '../carrier/sip/sip-peer.ts'
import { raiseStage, type Stage } from './stage.ts'
import { until } from './until.ts'

/** The odd carriers, in the order in which calls try them, and their addresses. */
const addresses = { 'odd-a': '127.0.0.5', 'odd-b': '127.0.0.6' } as const
type Trunk = keyof typeof addresses

/** A stage whose calls go over two odd carriers. `templates`: those of each trunk's section in local/trunks.conf. */
export async function raiseOddStage(t: Test, name: string, templates: Partial<Record<Trunk, string>> = {}): Promise<OddStage> {
  const stage = await raiseStage(t, name, { browser: false })
  const { db, stack } = stage
  const port = stack.ports.carrierSip
  const start = (host: string) => SipPeer.carrier(t, { host, port, asteriskPort: stack.ports.sip })
  const carriers = { 'odd-a': await start(addresses['odd-a']), 'odd-b': await start(addresses['odd-b']) }
  const sections = Object.entries(addresses).map(
    ([trunk, host]) => `
[${trunk}](${templates[trunk as Trunk] ?? 'trunk'})
aors = ${trunk}

[${trunk}](trunk-aor)
contact = sip:${host}:${port}

[${trunk}](trunk-identify)
endpoint = ${trunk}
match = ${host}
`,
  )
  appendFileSync(join(stack.asterisk.directory, 'etc/local/trunks.conf'), sections.join(''))
  await stack.asterisk.cli('core reload')
  await db.deleteFrom('trunk_rates').execute()
  await db.deleteFrom('trunks').execute()
  await db
    .insertInto('trunks')
    .values(Object.keys(addresses).map((endpoint, n) => ({ tenant_id: null, endpoint, priority: n + 1 })))
    .execute()
  await stack.fastagi.restart()
  await until('both carriers to answer', async () => /odd-a.*Avail[^]*odd-b.*Avail/.test(await stack.asterisk.cli('pjsip show contacts')))
  return new OddStage(t, stage, carriers)
}

export class OddStage {
  readonly stage: Stage
  readonly a: SipPeer
  readonly b: SipPeer
  readonly #test: Test
  #phones = 0

  constructor(t: Test, stage: Stage, carriers: Record<Trunk, SipPeer>) {
    this.#test = t
    this.stage = stage
    this.a = carriers['odd-a']
    this.b = carriers['odd-b']
  }

  /** Gives an agent of the cast a desk phone, which registers. */
  async phoneOf(name: string): Promise<DeskPhone> {
    const { db, stack } = this.stage
    const agent = await this.stage.agent(name)
    const account = await issueDeskCredential(db, agent.tenant_id, agent.id, stack.env.RAMAL_SIP_DOMAIN)
    const host = `127.0.0.${50 + (this.#phones += 1)}`
    return new DeskPhone(await SipPeer.phone(this.#test, { host, asteriskPort: stack.ports.sip, account }), account)
  }

  /** A call of an outside caller. */
  async callsIn(placing: Partial<Placing>, over = this.a): Promise<SipCall> {
    return over.calls({ uri: 'sip:551132104000@ramal', from: '<sip:11987654301@odd.example>', ...placing })
  }

  /** The newest call with a number, E.164, once its row exists. */
  async callWith(e164: string) {
    const find = () =>
      this.stage.db
        .selectFrom('calls')
        .selectAll()
        .where('e164', '=', e164)
        .orderBy('requested_at', 'desc')
        .orderBy('id')
        .executeTakeFirst()
    return until(`a call with ${e164}`, find)
  }
}

export class DeskPhone {
  readonly endpoint: string
  readonly #peer: SipPeer

  constructor(peer: SipPeer, { endpoint }: Account) {
    this.#peer = peer
    this.endpoint = endpoint
  }

  async dials(number: string): Promise<SipCall> {
    return this.#peer.calls({ uri: `sip:${number}@ramal.local`, from: `<sip:${this.endpoint}@ramal.local>` })
  }

  /** Waits for a call to this phone, and lets it ring. */
  async rings(): Promise<SipCall> {
    const call = await this.#peer.invited(this.endpoint)
    call.answers(180)
    return call
  }
}
