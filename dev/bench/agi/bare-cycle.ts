import { createPool, type PoolConnection } from 'mysql2/promise'
import { newCallId } from '../../../domain/telephony/call-id.ts'
import { sessionStatements } from '../../../domain/database/pool.ts'
import type { Caller } from './callers.ts'
import type { Cycle } from './measure.ts'
import type { Statement } from './recording.ts'

/** Plain mysql2 connections that run a caller's recorded transactions, and ignore the results. */
export interface BareConnections {
  of: (caller: Caller) => Promise<PoolConnection>
  end: () => Promise<void>
}

/** Each caller keeps its first connection. */
export function bareConnections(databaseUrl: string, connectionLimit: number): BareConnections {
  const pool = createPool({ uri: databaseUrl, connectionLimit, timezone: 'Z', supportBigNumbers: true, decimalNumbers: true })
  const ofCaller = new Map<number, Promise<PoolConnection>>()
  const connect = async (): Promise<PoolConnection> => {
    const connection = await pool.getConnection()
    for (const statement of sessionStatements) await connection.query(statement)
    return connection
  }
  return {
    of: ({ agentId }) => {
      const connection = ofCaller.get(agentId) ?? connect()
      ofCaller.set(agentId, connection)
      return connection
    },
    end: () => pool.end(),
  }
}

/** The recorded transactions of a call, one after the other. */
export function bareCycle(connections: BareConnections, recording: Statement[][]): Cycle {
  return async (caller) => {
    const connection = await connections.of(caller)
    const callId = newCallId()
    for (const transaction of recording) await runBare(connection, transaction, caller, callId)
  }
}

/** Restarts the transaction after a deadlock or a lock time-out, like domain/database/transaction.ts. */
export async function runBare(connection: PoolConnection, transaction: Statement[], caller: Caller, callId: string): Promise<void> {
  const now = new Date()
  try {
    for (const statement of transaction) await connection.query(statement.text, statement.parameters(caller, callId, now))
  } catch (error) {
    await connection.rollback()
    const { errno } = error as { errno?: number }
    if (errno !== 1213 && errno !== 1205) throw error
    await runBare(connection, transaction, caller, callId)
  }
}
