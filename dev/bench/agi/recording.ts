import { sql } from 'kysely'
import { openDatabase } from '../../../domain/database/pool.ts'
import { hourOf } from '../../../domain/policy/usage-counters.ts'
import { addTeam, type Caller } from './callers.ts'
import { domainCycle } from './domain-cycle.ts'

/** One statement of a call, and how to compute its parameters for another call of another caller. */
export interface Statement {
  text: string
  parameters: (caller: Caller, callId: string, now: Date) => unknown[]
}

/** The statements of one call of `caller`, as plain values that another process can receive. */
export interface Recording {
  caller: Caller
  startedAt: Date
  transactions: { text: string; parameters: readonly unknown[] }[][]
}

/** Ids so large that no other number of a call equals them. */
const firstTenantId = 400_000_001
const firstAgentId = 500_000_001
const firstContactId = 600_000_001

/** Runs one call and records the transactions that kysely sends, from begin to commit. */
export async function recordCycle(databaseUrl: string): Promise<Recording> {
  const executed: { text: string; parameters: readonly unknown[] }[] = []
  const db = openDatabase(databaseUrl, {
    connections: 1,
    log: ({ query }) => void executed.push({ text: query.sql, parameters: query.parameters }),
  })
  try {
    await sql`alter table tenants auto_increment = ${sql.lit(firstTenantId)}`.execute(db)
    await sql`alter table agents auto_increment = ${sql.lit(firstAgentId)}`.execute(db)
    await sql`alter table contacts auto_increment = ${sql.lit(firstContactId)}`.execute(db)
    const caller = (await addTeam(db, 1))[0]
    if (!caller) throw new Error('no caller to record')
    const cycle = domainCycle(db)
    // The first call also queries the company's trunks, which are then cached for some seconds.
    await cycle(caller)
    executed.length = 0
    const startedAt = new Date()
    await cycle(caller)
    const transactions: Recording['transactions'] = []
    for (const statement of executed) {
      if (statement.text === 'begin') transactions.push([])
      transactions.at(-1)?.push(statement)
    }
    return { caller, startedAt, transactions }
  } finally {
    await db.destroy()
  }
}

export function statementsOf({ caller, startedAt, transactions }: Recording): Statement[][] {
  return transactions.map((transaction) =>
    transaction.map(({ text, parameters }) => ({ text, parameters: replay(parameters, caller, startedAt) })),
  )
}

function replay(recorded: readonly unknown[], recordedCaller: Caller, startedAt: Date): Statement['parameters'] {
  const makers = recorded.map((value): ((caller: Caller, callId: string, now: Date) => unknown) => {
    if (value instanceof Date) {
      if (value.getTime() === hourOf(startedAt).getTime()) return (_caller, _callId, now) => hourOf(now)
      const since = value.getTime() - startedAt.getTime()
      return (_caller, _callId, now) => new Date(now.getTime() + since)
    }
    if (value === recordedCaller.tenantId) return (caller) => caller.tenantId
    if (value === recordedCaller.agentId) return (caller) => caller.agentId
    if (value === recordedCaller.contactId) return (caller) => caller.contactId
    if (typeof value === 'string' && /^[0-9a-f]{32}$/.test(value)) return (_caller, callId) => callId
    if (typeof value === 'string' && value.includes(recordedCaller.endpoint)) {
      return (caller) => value.replace(recordedCaller.endpoint, caller.endpoint)
    }
    return () => value
  })
  return (caller, callId, now) => makers.map((make) => make(caller, callId, now))
}
