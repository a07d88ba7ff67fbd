import t from 'tap'
import type { User } from '../../accounts/users.ts'
import { inTransaction } from '../../database/transaction.ts'
import { recordEvent } from '../../events.ts'
import { listTasks, addTask } from '../../tasks/tasks.ts'
import { addAgents } from '../../testing/agents.ts'
import { testDatabase } from '../../testing/database.ts'
import { scene } from '../../testing/scene.ts'
import { second } from '../../testing/steps.ts'
import { replayFeed } from '../event-feed.ts'
import { findWrapUp } from '../wrap-up/wrap-up.ts'
import { listContactCalls } from './contact-history.ts'
import { findCall, findMatchingCall, hasCalls, listCalls } from './history.ts'
import { findRecording } from './recording.ts'
import { maySeeEvent, panelPerspectiveOf, perspectiveOf, viewerOf, type Viewer } from './visibility.ts'

const db = await testDatabase(t)
const sol = await scene(db)
const lua = await scene(db)
const [rung, colleague] = await addAgents(db, sol, 2)
if (!rung || !colleague) throw new Error('two agents were added')

const { id: dispositionId } = await db
  .selectFrom('dispositions')
  .select('id')
  .where('tenant_id', '=', sol.tenantId)
  .limit(1)
  .executeTakeFirstOrThrow()
// Ana made this call and transferred it to Bruno.
const outgoing = await addCall('a'.repeat(32), 'click', sol.bruno.agentId)
// This call rang two agents, and Ana answered it.
const incoming = await addCall('b'.repeat(32), 'incoming', null)
const rungAgents = { [outgoing.id]: new Set<number>(), [incoming.id]: new Set([sol.ana.agentId, rung.agentId]) }
await db
  .insertInto('transfers')
  .values({
    tenant_id: sol.tenantId,
    call_id: outgoing.id,
    open_call_id: null,
    from_agent_id: sol.ana.agentId,
    to_agent_id: sol.bruno.agentId,
    kind: 'blind',
    state: 'answered',
    ringing_agent_id: null,
    rings_until: null,
    requested_at: second(2),
  })
  .execute()
await db
  .insertInto('call_rings')
  .values([...(rungAgents[incoming.id] ?? [])].map((agent_id) => ({ call_id: incoming.id, agent_id, tenant_id: sol.tenantId })))
  .execute()
await inTransaction(db, (trx) =>
  addTask(trx, sol.tenantId, { kind: 'callback', e164: sol.maria.e164, agentId: sol.ana.agentId, dueAt: second(60) }, second(0)),
)

const person = { id: 1, name: 'Person', email: 'person@example.test', locale: null, timeZone: 'America/Sao_Paulo' }
const manager = (tenantId: number, agentId: number | null = null): User => {
  return { ...person, role: 'manager', tenantId, tenantName: '', agentId, extension: null }
}
const agent = (tenantId: number, agentId: number): User => ({
  ...person,
  role: 'agent',
  tenantId,
  tenantName: '',
  agentId,
  extension: '101',
})

const allOfIt = 'list exists page match lead feed live | note wrap-up disposition found-by-it recording'
const onlySeesIt = 'list exists page match lead feed live |'
const table: { viewer: string; user: User; outgoing: string; incoming: string; tasks: number }[] = [
  {
    viewer: 'a manager',
    user: manager(sol.tenantId),
    outgoing: `${allOfIt} | manager manager`,
    incoming: `${allOfIt} | manager rung`,
    tasks: 1,
  },
  {
    viewer: 'a manager whose phone rang',
    user: manager(sol.tenantId, rung.agentId),
    outgoing: `${allOfIt} | manager manager`,
    incoming: `${allOfIt} | manager rung`,
    tasks: 1,
  },
  {
    viewer: 'the agent of both calls, who transferred one',
    user: agent(sol.tenantId, sol.ana.agentId),
    outgoing: `${allOfIt} | manager manager`,
    incoming: `${allOfIt} | own own`,
    tasks: 1,
  },
  {
    viewer: 'the agent who took one over',
    user: agent(sol.tenantId, sol.bruno.agentId),
    outgoing: `${allOfIt} | own own`,
    incoming: 'nothing',
    tasks: 0,
  },
  {
    viewer: 'an agent whose phone rang',
    user: agent(sol.tenantId, rung.agentId),
    outgoing: 'nothing',
    incoming: `${onlySeesIt} | rung rung`,
    tasks: 0,
  },
  { viewer: 'a colleague', user: agent(sol.tenantId, colleague.agentId), outgoing: 'nothing', incoming: 'nothing', tasks: 0 },
  { viewer: 'a manager of another tenant', user: manager(lua.tenantId), outgoing: 'nothing', incoming: 'nothing', tasks: 0 },
  { viewer: 'an agent of another tenant', user: agent(lua.tenantId, lua.ana.agentId), outgoing: 'nothing', incoming: 'nothing', tasks: 0 },
]

for (const { viewer: name, user, outgoing: seesOutgoing, incoming: seesIncoming, tasks } of table)
  t.test(`every form agrees on what ${name} sees`, async (t) => {
    const viewer = viewerOf(user)
    if (!viewer) return t.fail('without a viewer')
    t.equal(await sees(viewer, outgoing), seesOutgoing, 'the outgoing call')
    t.equal(await sees(viewer, incoming), seesIncoming, 'the incoming call')
    t.equal((await listTasks(db, viewer)).length, tasks, 'the tasks')
  })

t.test('the filter for calls without a disposition leaves out calls that only rang the agent', async (t) => {
  const viewer = viewerOf(agent(sol.tenantId, rung.agentId)) as Viewer
  const other = await addCall('c'.repeat(32), 'incoming', null)
  await db.updateTable('calls').set({ disposition_id: null }).where('id', '=', other.id).execute()
  await db.insertInto('call_rings').values({ call_id: other.id, agent_id: rung.agentId, tenant_id: sol.tenantId }).execute()
  const found = async (reader: Viewer) => (await listCalls(db, reader, { filter: { dispositionId: null } })).map(({ id }) => id)
  t.same(await found(viewer), [], 'the agent may not give it one')
  t.same(await found(viewerOf(agent(sol.tenantId, sol.ana.agentId)) as Viewer), [other.id], 'the agent who answered it may')
})

t.test('an operator cannot see calls', (t) => {
  t.equal(viewerOf({ ...person, role: 'operator', agentId: null }), null)
  t.end()
})

type TestCall = Awaited<ReturnType<typeof addCall>>

/** What a viewer gets of a call: the forms that show it, what they show of its content, and how the viewer reads it. */
async function sees(viewer: Viewer, call: TestCall): Promise<string> {
  const direction = call.origin === 'incoming' ? ('incoming' as const) : ('outgoing' as const)
  const listed = (await listCalls(db, viewer)).find(({ id }) => id === call.id)
  const lead = (await listContactCalls(db, viewer, { numbers: [sol.maria.e164], contactId: sol.maria.id })).find(({ id }) => id === call.id)
  const events = await replayFeed(db, viewer, second(0))
  const forms = {
    list: listed,
    exists: await hasCalls(db, viewer, { direction }),
    page: await findCall(db, viewer, call.id),
    match: await findMatchingCall(db, viewer, { direction }, call.id),
    lead,
    feed: events.some(({ call_id }) => call_id === call.id),
    live: feedAgents(call).some((agent_id) =>
      maySeeEvent(viewer, { tenant_id: call.tenant_id, agent_id }, rungAgents[call.id] ?? new Set()),
    ),
  }
  const content = {
    note: lead?.note,
    'wrap-up': await findWrapUp(db, viewer, call.id),
    disposition: listed?.disposition,
    'found-by-it': await isFoundByDisposition(viewer, call.id),
    recording: await findRecording(db, viewer, call.id),
  }
  const words = (facts: Record<string, unknown>) => Object.keys(facts).filter((key) => Boolean(facts[key]))
  if (words({ ...forms, ...content }).length === 0) return 'nothing'
  return [...words(forms), '|', ...words(content), '|', perspectiveOf(viewer, call), panelPerspectiveOf(viewer, call)].join(' ')
}

/** Every form of the history agrees whether its filter by disposition finds a call. */
async function isFoundByDisposition(viewer: Viewer, callId: string): Promise<boolean> {
  const filter = { dispositionId }
  const calls = await listCalls(db, viewer, { filter })
  const isListed = calls.some(({ id }) => id === callId)
  const isMatch = (await findMatchingCall(db, viewer, filter, callId)) !== null
  const hasAny = await hasCalls(db, viewer, filter)
  if (isListed !== isMatch || hasAny !== calls.length > 0) throw new Error(`the forms disagree on ${callId}`)
  return isListed
}

/** The agents that the events of a call are for. */
function feedAgents({ agent_id, transferred_to_agent_id }: TestCall): number[] {
  return transferred_to_agent_id === null ? [agent_id] : [agent_id, transferred_to_agent_id]
}

async function addCall(id: string, origin: 'click' | 'incoming', transferredTo: number | null) {
  const call = {
    id,
    tenant_id: sol.tenantId,
    agent_id: sol.ana.agentId,
    transferred_to_agent_id: transferredTo,
    origin,
    e164: sol.maria.e164,
    state: 'ended' as const,
    outcome: 'answered',
    requested_at: second(0),
    ended_at: second(9),
    first_block_seconds: 30,
    next_block_seconds: 6,
    free_seconds: 0,
    disposition_id: dispositionId,
  }
  const row = { call_id: id, tenant_id: sol.tenantId }
  await inTransaction(db, async (trx) => {
    await trx.insertInto('calls').values(call).execute()
    const note = { note: 'Asked for a discount', revision: 1, changed_at: second(9), changed_by: sol.ana.userId }
    await trx
      .insertInto('call_notes')
      .values({ ...row, ...note })
      .execute()
    const recording = { state: 'ready' as const, path: `${id}.mp3`, created_at: second(0) }
    await trx
      .insertInto('recordings')
      .values({ ...row, ...recording })
      .execute()
    await recordEvent(trx, call, 'ended', second(9))
  })
  return call
}
