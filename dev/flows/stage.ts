import { sql, type Selectable } from 'kysely'
import { chromium, type Browser } from 'playwright-core'
import type { Test } from 'tap'
import { correct } from '../../domain/balance/ledger.ts'
import { writeCallFile } from '../../domain/telephony/call-files.ts'
import { requestCall } from '../../domain/calls/outgoing/request.ts'
import { openDatabase, type Database } from '../../domain/database/pool.ts'
import type { CallsTable } from '../../domain/database/schema.ts'
import { lockTenant } from '../../domain/tenants/tenants.ts'
import { books, type Books } from '../../domain/testing/steps.ts'
import { seedDemo } from '../seed.ts'
import { terminalProgress } from '../setup/progress.ts'
import { startStack, type Part, type Stack } from '../stack/stack.ts'
import type { FarHost } from './far-host.ts'
import { Person } from './person.ts'
import { until } from './until.ts'

type Call = Selectable<CallsTable>

export interface StageAgent {
  id: number
  tenant_id: number
  /** Of the browser phone. */
  endpoint: string
}

/** A complete Ramal with the cast of dev/seed.ts, a carrier and a browser, for one file of flows. */
export class Stage {
  readonly stack: Stack
  readonly db: Database
  readonly #browser: Browser | null

  constructor(stack: Stack, db: Database, browser: Browser | null) {
    this.stack = stack
    this.db = db
    this.#browser = browser
  }

  get browser(): Browser {
    if (!this.#browser) throw new Error('this stage was started without a browser')
    return this.#browser
  }

  /** Signs a user of the cast in, in a new browser context. `ana` is ana@padaria-sol.example. */
  async signsIn(name: string, company = 'padaria-sol', options: { language?: string } = {}): Promise<Person> {
    return Person.signIn({ browser: this.browser, url: this.stack.url }, `${name}@${company}.example`, options)
  }

  /** An agent of the cast, with the endpoint of the browser phone. */
  async agent(name: string, company = 'padaria-sol'): Promise<StageAgent> {
    return this.db
      .selectFrom('agents')
      .innerJoin('users', 'users.id', 'agents.user_id')
      .innerJoin('phones', 'phones.agent_id', 'agents.id')
      .select(['agents.id', 'agents.tenant_id', 'phones.endpoint'])
      .where('users.email', '=', `${name}@${company}.example`)
      .where('phones.kind', '=', 'browser')
      .executeTakeFirstOrThrow()
  }

  /** Calls Maria as the site does after a click, but without a page. `phone` rings in place of the browser phone. */
  async clicksElsewhere(agent: StageAgent, phone?: { endpoint: string }): Promise<string> {
    const maria = await this.db
      .selectFrom('contacts')
      .selectAll()
      .where('tenant_id', '=', agent.tenant_id)
      .where('name', '=', 'Maria Souza')
      .executeTakeFirstOrThrow()
    const click = await requestCall(this.db, agent.tenant_id, agent.id, maria, new Date())
    if (click.outcome === 'refused') throw new Error(click.reason)
    await writeCallFile(this.stack.env.RAMAL_SPOOL_DIR, click.callId, phone?.endpoint ?? click.endpoint)
    return click.callId
  }

  /** The newest call of all companies. */
  async newestCall(): Promise<Call> {
    return this.db.selectFrom('calls').selectAll().orderBy('requested_at', 'desc').limit(1).executeTakeFirstOrThrow()
  }

  async call(id: string): Promise<Call> {
    return this.db.selectFrom('calls').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  }

  /** Waits until a call is in one of `states`. */
  async callIs(id: string, states: Call['state'][], withinMs?: number): Promise<Call> {
    const look = async () => {
      const call = await this.call(id)
      return states.includes(call.state) && call
    }
    return until(`call ${id} to be ${states.join(' or ')}`, look, withinMs)
  }

  /** Lets SIPp play a browser phone: from now on the table of registrations accepts phones without a WebSocket. */
  async takesSippForBrowsers(): Promise<void> {
    await sql`alter table ps_contacts drop constraint phone_is_where_it_registered_from`.execute(this.db)
  }

  async tenantId(slug = 'padaria-sol'): Promise<number> {
    return (await this.db.selectFrom('tenants').select('id').where('slug', '=', slug).executeTakeFirstOrThrow()).id
  }

  /** Sets a company's balance by a correction on its statement. */
  async hasMinutes(seconds: number, slug = 'padaria-sol'): Promise<void> {
    await this.db.transaction().execute(async (trx) => {
      const tenant = await lockTenant(trx, await this.tenantId(slug))
      await correct(trx, tenant.id, seconds - tenant.balance_seconds, { reason: 'the minutes of this test', author: 'test' }, new Date())
    })
  }

  async books(slug = 'padaria-sol'): Promise<Books> {
    return books(this.db, await this.tenantId(slug))
  }

  /** INVITEs that the carrier received for a number, `+55…`. */
  invitesTo(e164: string) {
    return this.stack.carrier.invites().filter((invite) => `+${invite.number}` === e164)
  }
}

/** The parts that a flow without a browser needs. */
const withoutSite: Part[] = ['mariadb', 'fastagi', 'asterisk', 'carrier', 'worker']

interface StageOptions {
  browser?: boolean
  /** Opens the browser, Chromium by default. */
  open?: (far?: FarHost) => Promise<Browser>
  site?: boolean
  far?: FarHost
}

/** Starts a stage, and stops it when the test file ends. */
export async function raiseStage(
  t: Test,
  name: string,
  { browser: wanted = true, open = openBrowser, site = wanted, far }: StageOptions = {},
): Promise<Stage> {
  const stack = await startStack({
    name: `flow-${name}`,
    fresh: true,
    temporary: true,
    ...(site ? {} : { parts: withoutSite }),
    ...(far ? { hostAddress: far.gateway } : {}),
    seed: (env) => seedDemo(env.RAMAL_DATABASE_URL),
    progress: terminalProgress(),
  })
  t.teardown(async () => {
    if (!t.passing()) printLogs(stack)
    await stack.stop()
  })
  far?.forward(stack.ports.web, stack.ports.webSocket)
  const db = openDatabase(stack.env.RAMAL_DATABASE_URL, { connections: 3, connectTimeoutMs: 10_000 })
  t.teardown(() => db.destroy())
  const browser = wanted ? await open(far) : null
  t.teardown(() => browser?.close())
  return new Stage(stack, db, browser)
}

/** A temporary stack deletes its logs when it stops, so a failed test prints them first. */
function printLogs({ web, fastagi, worker, asterisk }: Stack): void {
  for (const process of [web, fastagi, worker, asterisk]) console.error(`log of ${process.name}, last lines:\n${process.logTail(40)}`)
}

/**
 * Chromium with a fake microphone that beeps once a second, and without connections to the internet. Runs on this host, or on `far`.
 * `trustedKey` is the base64 SHA-256 of the public key of a self-signed certificate that Chromium accepts.
 */
export async function openBrowser(far?: FarHost, { trustedKey }: { trustedKey?: string } = {}): Promise<Browser> {
  return chromium.launch({
    executablePath: far?.program('/usr/bin/chromium') ?? '/usr/bin/chromium',
    args: [
      ...(far && far.origins.length > 0 ? [`--unsafely-treat-insecure-origin-as-secure=${far.origins.join(',')}`] : []),
      ...(trustedKey === undefined ? [] : [`--ignore-certificate-errors-spki-list=${trustedKey}`]),
      ...['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-quic', '--disable-sync'],
      ...['--disable-background-networking', '--disable-component-update'],
      ...['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', '--autoplay-policy=no-user-gesture-required'],
    ],
  })
}
