import { pino, stdSerializers, type Logger } from 'pino'

export type Log = Logger

/** JSON lines on standard output, for journald. Lines of a call carry tenantId, callId and uniqueId. */
export function createLog(name: string, level: string): Log {
  return pino({
    name,
    level,
    redact: ['password', 'token', '*.password', '*.token', 'req.headers.cookie'],
    serializers: { err: withoutStatement },
  })
}

/** mysql2 hangs the whole statement on its errors, values and all: a digest, a session, a password hash. */
function withoutStatement(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const fields = Object.entries(stdSerializers.err(error))
  return Object.fromEntries(fields.filter(([name]) => name !== 'sql' && name !== 'sqlMessage'))
}
