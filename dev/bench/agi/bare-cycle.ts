import { createPool, type Connection } from 'mysql2/promise'
import { newCallId } from '../../../domain/call-id.ts'
import { sessionStatements } from '../../../domain/database/pool.ts'
import type { Caller } from './callers.ts'
import type { Cycle } from './measure.ts'
import type { Statement } from './recording.ts'

/** The recorded statements, sent by mysql2 alone: a connection for each caller, nothing read from the answers. */
export async function bareCycle(
  databaseUrl: string,
  connections: number,
): Promise<{ of: (recording: Statement[][]) => Cycle; end: () => Promise<void> }> {
  const pool = createPool({ uri: databaseUrl, connectionLimit: connections, timezone: 'Z', supportBigNumbers: true, decimalNumbers: true })
  const ofCaller = new Map<Caller, Connection>()
  const connect = async (caller: Caller): Promise<Connection> => {
    const known = ofCaller.get(caller)
    if (known) return known
    const connection = await pool.getConnection()
    for (const statement of sessionStatements) await connection.query(statement)
    ofCaller.set(caller, connection)
    return connection
  }
  return {
    of: (recording) => async (caller) => {
      const connection = await connect(caller)
      const callId = newCallId()
      const now = new Date()
      for (const transaction of recording) await run(connection, transaction, (statement) => statement.parameters(caller, callId, now))
    },
    end: () => pool.end(),
  }
}

/** Again from its start when the database chose it as the victim of a deadlock, as domain/database/transaction.ts does. */
async function run(connection: Connection, transaction: Statement[], parametersOf: (statement: Statement) => unknown[]): Promise<void> {
  try {
    for (const statement of transaction) await connection.query(statement.text, parametersOf(statement))
  } catch (error) {
    await connection.rollback()
    if ((error as { errno?: number }).errno !== 1213) throw error
    await run(connection, transaction, parametersOf)
  }
}
