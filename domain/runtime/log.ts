import { pino, stdSerializers, type Logger } from 'pino'

export type Log = Logger

/**
 * JSON lines on standard output, for journald. Lines of a call carry tenantId, callId and uniqueId.
 *
 * They go out together ten times a second, and when the process exits: a write for each was a twentieth of what fastagi does for
 * a call, and a journal that is slow would have made calls wait. Only a process that is killed loses the last of them.
 */
export function createLog(name: string, level: string): Log {
  return pino(
    {
      name,
      level,
      redact: ['password', 'token', '*.password', '*.token', 'req.headers.cookie'],
      serializers: { err: withoutStatement },
    },
    pino.destination({ dest: 1, sync: false, minLength: 4096, periodicFlush: 100 }),
  )
}

/** mysql2 hangs the whole statement on its errors, values and all: a digest, a session, a password hash. */
function withoutStatement(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const fields = Object.entries(stdSerializers.err(error))
  return Object.fromEntries(fields.filter(([name]) => name !== 'sql' && name !== 'sqlMessage'))
}
