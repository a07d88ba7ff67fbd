import { randomInt } from 'node:crypto'
import t from 'tap'
import { addCallList } from '../domain/call-lists/lists.ts'
import { stageImport } from '../domain/contacts/imports/imports.ts'
import { inTransaction } from '../domain/database/transaction.ts'
import { systemClock } from '../domain/runtime/clock.ts'
import { createLog } from '../domain/runtime/log.ts'
import { addOperator } from '../domain/accounts/operators.ts'
import { addTask } from '../domain/tasks/tasks.ts'
import { Random } from '../domain/testing/random.ts'
import { registers, scene, scenePassword, type Scene } from '../domain/testing/scene.ts'
import { createApp } from './app.ts'
import { clicks, talks } from './testing/calls.ts'
import { body, headers, pathPart, someFields, type Body } from './testing/fuzz/nonsense.ts'
import { namesInSources, routesOf, type Route } from './testing/fuzz/routes.ts'
import { site } from './testing/site.ts'
import type { Visitor } from './testing/visitor.ts'

const budgetMs = Number(process.env['RAMAL_FUZZ_MS'] ?? 20_000)
const leastRounds = 2
const abreast = 4
/** After sixty failures the site accepts no sign-in from an address. */
const mostSignIns = 40
const seed = Number(process.env['RAMAL_FUZZ_SEED'] ?? randomInt(1e9))

const web = await site(t, { env: { RAMAL_AGI_LISTEN: '127.0.0.1:1', RAMAL_WEB_LISTEN: '127.0.0.1:1' } })
const routes = routesOf(createApp({ db: web.db, config: web.config, clock: systemClock, log: createLog('web', 'silent') }))
const names = namesInSources()

/** Ids of one object of each kind that an address or a field may name. */
async function idsOf(company: Scene): Promise<string[]> {
  const { db } = web
  const { tenantId, ana, bruno, marcia, maria } = company
  await registers(db, ana)
  const over = await clicks(db, company, bruno)
  await talks(db, bruno, over)
  const open = await clicks(db, company, ana)
  await talks(db, ana, open, 'answered')
  const task = await inTransaction(db, (trx) =>
    addTask(
      trx,
      tenantId,
      { kind: 'callback', e164: maria.e164, agentId: ana.agentId, dueAt: new Date(), createdBy: marcia.userId },
      new Date(),
    ),
  )
  const rules = { name: 'Lista', mostAttempts: 3, waitMinutes: 60 }
  const list = await addCallList(db, tenantId, {}, rules, marcia.userId, new Date())
  const entry = await db
    .selectFrom('call_list_entries')
    .select('id')
    .where('list_id', '=', list?.id ?? 0)
    .executeTakeFirst()
  const content = 'Nome;Telefone\nRui;11987650001\n"'
  const staged = await stageImport(db, tenantId, { userId: marcia.userId, fileName: 'leads.csv', content }, new Date())
  const disposition = await db.selectFrom('dispositions').select('id').where('tenant_id', '=', tenantId).executeTakeFirst()
  const ids = [task.id, list?.id, entry?.id, staged, disposition?.id, maria.id, ana.agentId, bruno.agentId]
  return [...ids.map(String), over, open, maria.e164.slice(1)]
}

const [sol, lua] = [await scene(web.db), await scene(web.db)]
const olga = { email: 'olga@server.example', name: 'Olga' }
await inTransaction(web.db, (trx) => addOperator(trx, { ...olga, password: scenePassword }))
const known = [...(await idsOf(sol)), ...(await idsOf(lua)), 'new', '0', '4294967295']

const people = { visitor: null, agent: sol.ana, manager: sol.marcia, operator: olga }
const browsers = new Map<string, Visitor>()

async function browserOf(name: keyof typeof people): Promise<Visitor> {
  const person = people[name]
  const known = browsers.get(name)
  if (known) return known
  const browser = person ? await web.signedIn(person) : web.visitor()
  if (!person) await browser.get('/sign-in')
  browsers.set(name, browser)
  return browser
}

interface Question {
  who: keyof typeof people
  route: Route
  address: string
  headers: Record<string, string>
  body: Body
}

function questionOf(random: Random, who: keyof typeof people, route: Route, token: string): Question {
  const path = route.path.replace(/:\w+/g, () => pathPart(random, known))
  const some = () => someFields(random, names.of(route), names.fields, known)
  const query = new URLSearchParams(some().map(([name, text]): [string, string] => [name, text.slice(0, 1500)]))
  const more = random.percent(5) ? '&a[b]=1&a=2&__proto__=3&%=%ED%A0%80' : ''
  const hasBody = !['GET', 'HEAD'].includes(route.method)
  const sent: Body = hasBody ? body(random, some(), token) : { type: null, content: null }
  const forged = random.percent(5) ? { 'x-csrf-token': random.pick(['', 'x', 'f'.repeat(64)]) } : {}
  return {
    who,
    route,
    address: `${path}?${query.toString()}${more}`,
    headers: { ...headers(random, names.targets), 'x-csrf-token': token, ...forged },
    body: sent,
  }
}

/** The status, and what was said if it is a fault of ours. */
async function ask(browser: Visitor, { route, address, headers, body }: Question): Promise<{ status: number; text: string }> {
  const cookies = [...browser.cookies].map((pair) => pair.join('=')).join('; ')
  const response = await fetch(web.origin + address, {
    method: route.method,
    redirect: 'manual',
    signal: AbortSignal.timeout(30_000),
    headers: {
      ...headers,
      Cookie: cookies,
      ...(body.type === null ? {} : { 'Content-Type': body.type }),
      ...(body.encoding === undefined ? {} : { 'Content-Encoding': body.encoding }),
    },
    ...(body.content === null ? {} : { body: body.content }),
  })
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream')
  if (isStream) await response.body?.cancel()
  return { status: response.status, text: isStream ? '' : await response.text() }
}

t.test(`the site answers any request to any route by any user: seed ${seed}`, async (t) => {
  console.log(`${routes.length} routes, ${names.fields.length} names of fields, from seed ${seed} (RAMAL_FUZZ_SEED)`)
  t.ok(routes.length > 70, 'the routes are found')
  for (const name of ['renews', 'column-0', 'number', 'before', 'when', 'disposition']) t.ok(names.fields.includes(name), name)
  const random = new Random(seed)
  const faults: string[] = []
  const statuses: Record<number, number> = {}
  const startedAt = performance.now()
  let [rounds, signIns] = [0, 0]
  const round = async (): Promise<void> => {
    // Strangers and operators meet the same few answers everywhere.
    const some = rounds < leastRounds ? Object.keys(people) : ['agent', 'manager']
    const turns = some.flatMap((who) => routes.map((route) => ({ who: who as keyof typeof people, route })))
    const worker = async () => {
      for (let turn = turns.pop(); turn; turn = turns.pop()) {
        if (rounds >= leastRounds && performance.now() - startedAt > budgetMs) return
        if (turn.route.path === '/sessions' && turn.route.method === 'POST' && signIns++ > mostSignIns) continue
        const browser = await browserOf(turn.who)
        const question = questionOf(random, turn.who, turn.route, browser.token)
        const { status, text } = await ask(browser, question).catch((error: unknown) => ({
          status: 599,
          text: String((error as Error).cause ?? error),
        }))
        if (turn.route.path === '/sign-out' || (turn.route.path === '/sessions' && status === 303)) browsers.delete(turn.who)
        statuses[status] = (statuses[status] ?? 0) + 1
        if (status >= 500) faults.push(`${status} ${JSON.stringify(question).slice(0, 1500)} ${text.slice(0, 200)}`)
      }
    }
    await Promise.all(Array.from({ length: abreast }, worker))
  }
  for (; rounds < leastRounds || performance.now() - startedAt < budgetMs; rounds++) await round()
  console.log(`${rounds} rounds, answers by status: ${JSON.stringify(statuses)}`)
  t.same(faults.slice(0, 10), [], 'no 500')
  t.equal((await web.visitor().get('/health')).status, 200)
})
