import { expressionBuilder, type Expression, type Selectable, type SqlBool } from 'kysely'
import type { CompanyUser, User } from '../../accounts/users.ts'
import type { Database, Trx } from '../../database/pool.ts'
import type { CallsTable, Schema } from '../../database/schema.ts'
import type { CallEventsTable } from '../../database/schema/call-records.ts'

/**
 * Who may see a call, in every form the code needs. The rule:
 * - A manager sees all calls of the tenant.
 * - An agent sees their own calls, the calls they took over, and the incoming calls that rang their phone.
 * - An agent whose phone only rang sees the call, but not its note, its disposition or its recording, and does not find it by them.
 * - An operator has no tenant and sees no calls.
 */
export type Viewer =
  /** `agentId` is set if the manager has a phone. It widens nothing. */
  { kind: 'manager'; tenantId: number; agentId: number | null } | { kind: 'agent'; tenantId: number; agentId: number }

/** How a viewer reads a call: as the agent who has it (or had it last), as an observer, or as an agent whose phone rang. */
export type Perspective = 'own' | 'manager' | 'rung'

export function viewerOf(user: CompanyUser): Viewer
export function viewerOf(user: User): Viewer | null
export function viewerOf(user: User): Viewer | null {
  switch (user.role) {
    case 'manager':
      return { kind: 'manager', tenantId: user.tenantId, agentId: user.agentId }
    case 'agent':
      return { kind: 'agent', tenantId: user.tenantId, agentId: user.agentId }
    case 'operator':
      return null
  }
}

/** An agent's own view, also for a manager who has a phone. */
export function agentViewer(tenantId: number, agentId: number): Viewer {
  return { kind: 'agent', tenantId, agentId }
}

/** Sees all calls of a tenant, for callers that check each reader themselves. */
export function wholeTenant(tenantId: number): Viewer {
  return { kind: 'manager', tenantId, agentId: null }
}

/** The calls a viewer may see, to look up single calls. */
export function visibleCalls(db: Database, viewer: Viewer) {
  const calls = tenantCalls(db, viewer.tenantId)
  if (viewer.kind === 'manager') return calls
  const { tenantId, agentId } = viewer
  return calls.where((where) =>
    where.or([
      where('calls.agent_id', '=', agentId),
      where('calls.id', 'in', takenOverCalls(db, tenantId, agentId).select('calls.id')),
      where.exists(where.selectFrom('call_rings').select('agent_id').whereRef('call_id', '=', 'calls.id').where('agent_id', '=', agentId)),
    ]),
  )
}

/** The same calls in shares, for lists: each share has an index, while one condition with "or" would read all calls of the tenant. */
export function visibleShares(db: Database, viewer: Viewer) {
  const calls = tenantCalls(db, viewer.tenantId)
  if (viewer.kind === 'manager') return [calls] as const
  const { tenantId, agentId } = viewer
  const rung = db.selectFrom('call_rings').select('call_id').where('agent_id', '=', agentId)
  return [calls.where('calls.agent_id', '=', agentId), takenOverCalls(db, tenantId, agentId), calls.where('calls.id', 'in', rung)] as const
}

/** The calls whose note, disposition and recording a viewer may read and change. Calls that only rang the agent are not among them. */
export function workableCalls(db: Database | Trx, viewer: Viewer) {
  const calls = tenantCalls(db, viewer.tenantId)
  if (viewer.kind === 'manager') return calls
  const { tenantId, agentId } = viewer
  const takenOver = takenOverCalls(db, tenantId, agentId).select('calls.id')
  return calls.where((where) => where.or([where('calls.agent_id', '=', agentId), where('calls.id', 'in', takenOver)]))
}

/** Tells the workable calls from the visible ones. Cheaper than `workableCalls`, because transfers need not be read again. */
export function isWorkable(viewer: Viewer): Expression<SqlBool> {
  const where = expressionBuilder<Schema, 'calls'>()
  if (viewer.kind === 'manager') return where.lit(true)
  return where.or([where('calls.origin', '!=', 'incoming'), where('calls.agent_id', '=', viewer.agentId)])
}

/** The events of the feed about calls the viewer may see. A transferred call has an event for each of its two agents. */
export function isVisibleEvent(viewer: Viewer): Expression<SqlBool> {
  const where = expressionBuilder<Schema, 'call_events'>()
  const sameTenant = where('call_events.tenant_id', '=', viewer.tenantId)
  if (viewer.kind === 'manager') return sameTenant
  const rung = where.selectFrom('call_rings').select('call_rings.call_id').where('call_rings.agent_id', '=', viewer.agentId)
  return where.and([sameTenant, where.or([where('call_events.agent_id', '=', viewer.agentId), where('call_events.call_id', 'in', rung)])])
}

/** The same in memory. `rungAgents` are the agents whose phones the call rang. */
export function maySeeEvent(
  viewer: Viewer,
  event: Pick<Selectable<CallEventsTable>, 'tenant_id' | 'agent_id'>,
  rungAgents: { has(agentId: number): boolean },
): boolean {
  if (viewer.tenantId !== event.tenant_id) return false
  return viewer.kind === 'manager' || viewer.agentId === event.agent_id || rungAgents.has(viewer.agentId)
}

type ReadCall = Pick<Selectable<CallsTable>, 'agent_id' | 'transferred_to_agent_id' | 'origin'>

/** How a viewer reads a call they may see. An agent who transferred a call away reads it as an observer. */
export function perspectiveOf(viewer: Viewer, call: ReadCall): Perspective {
  if (viewer.agentId !== null && viewer.agentId === (call.transferred_to_agent_id ?? call.agent_id)) return 'own'
  return viewer.kind === 'manager' || call.origin !== 'incoming' ? 'manager' : 'rung'
}

/** How a viewer reads a call in the panel of their phone: there a manager whose phone rang reads it as an agent does. */
export function panelPerspectiveOf(viewer: Viewer, call: ReadCall): Perspective {
  const perspective = perspectiveOf(viewer, call)
  return perspective === 'manager' && call.origin === 'incoming' ? 'rung' : perspective
}

export function tenantCalls(db: Database | Trx, tenantId: number) {
  return db.selectFrom('calls').where('calls.tenant_id', '=', tenantId)
}

/** Calls of colleagues that an agent answered after a transfer. */
export function takenOverCalls(db: Database | Trx, tenantId: number, agentId: number) {
  return tenantCalls(db, tenantId)
    .where('calls.agent_id', '!=', agentId)
    .where('calls.id', 'in', (query) =>
      query
        .selectFrom('transfers')
        .select('transfers.call_id')
        .where('transfers.to_agent_id', '=', agentId)
        .where('transfers.state', '=', 'answered'),
    )
}
